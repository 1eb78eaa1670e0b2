using System.Collections.Immutable;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Grokking.Differentiation;
using Grokking.Networks;
using Grokking.Optimisers;
using Grokking.Properties.Arbitraries;
using Grokking.Randomness;
using Grokking.Tensors;
using Grokking.Training;

namespace Grokking.Properties.Networks;

/// <summary>What holds for every network that experiments can ask for.</summary>
public class NetworkLaws
{
    private const int P = 7;

    /// <summary>Every network that is connected to its operands, at a width where no neuron is decisive.</summary>
    public static TheoryData<INetwork> Connected =>
    [
        new QuadraticNetwork(P, 3, 24),
        .. Transformers(3),
        new LongShortTermMemory(P, 3, 1, 16),
        new LongShortTermMemory(P, 3, 2, 16) { Notation = Notation.AsCoded },
        .. Enum.GetValues<PerceptronInput>().Where(input => input != PerceptronInput.LastToken)
            .Select(input => new MultilayerPerceptron(P, 3, 2, 16) { Input = input }),
    ];

    internal static IEnumerable<Transformer> Transformers(int operands) =>
        from placement in Enum.GetValues<NormPlacement>()
        from notation in Enum.GetValues<Notation>()
        from readOut in Enum.GetValues<ReadOut>()
        select new Transformer(P, operands, 2, 16) { NormPlacement = placement, Notation = notation, ReadOut = readOut };

    /// <summary>The law that the PKU project's perceptron and LSTM break.</summary>
    [Theory]
    [MemberData(nameof(Connected))]
    public void Changing_any_operand_changes_the_logits(INetwork network)
    {
        var weights = Initial(network, 5);
        var before = network.Logits(weights, Sample(1, 2, 3));
        foreach (var changed in new[] { Sample(4, 2, 3), Sample(1, 4, 3), Sample(1, 2, 4) })
        {
            Assert.NotEqual(before.Span.ToArray(), network.Logits(weights, changed).Span.ToArray());
        }
    }

    public static TheoryData<INetwork, int> AllNetworks
    {
        get
        {
            var all = new TheoryData<INetwork, int>();
            foreach (var operands in new[] { 2, 3 })
            {
                INetwork[] networks =
                [
                    .. Transformers(operands), .. Enum.GetValues<Notation>().Select(notation => new LongShortTermMemory(P, operands, 2, 16) { Notation = notation }), new MultilayerPerceptron(P, operands, 2, 16),
                ];
                foreach (var network in networks)
                {
                    all.Add(network, operands);
                }
            }

            return all;
        }
    }

    /// <summary>What samples of a large batch have in common is worked out once for all of them; their answers and the gradients are those of small batches.</summary>
    [Theory]
    [MemberData(nameof(AllNetworks))]
    public void A_large_batch_answers_like_small_ones(INetwork network, int operandCount)
    {
        ArgumentNullException.ThrowIfNull(network);
        const int size = (4 * (P + 2)) + 3, piece = 13;
        var random = new Random(size);
        ImmutableArray<ImmutableArray<int>> operands = [.. Enumerable.Range(0, operandCount).Select(_ => Enumerable.Range(0, size).Select(_ => random.Next(P)).ToImmutableArray())];
        var weights = Initial(network, 5).Map(weight => Dense.Build(weight.Shape, at => weight[at] + (0.1 * Math.Sin(1 + at.Sum(place => 3.7 * place)))));
        var direction = Dense.Build(Shape.Of(size, P + 2), _ => random.NextDouble() - 0.5);

        (Dense Logits, ImmutableArray<Dense> Gradients) Of(int from, int count)
        {
            var variables = new Parameters<Expression>(weights.Names, [.. weights.Names.Select(name => Expression.Variable(name, weights[name].Shape))]);
            var batch = new Batch([.. operands.Select(operand => Indices.Of([.. operand.AsSpan().Slice(from, count)], P))], Indices.Of([.. new int[count]], P));
            Assert.Equal(count == size, new TokenSequence(P, operandCount, Notation.Infix).Shares(batch));
            var logits = network.Logits(variables, batch);
            var values = Interpreter.Evaluate(
                [logits, .. Reverse.Gradient(Tensor.Total(logits * Tensor.Literal<Expression>(Tensor.Slice(direction, 0, from, count))), variables.Values)],
                weights.Names.ToDictionary(name => name, name => weights[name]),
                new Dictionary<string, ImmutableArray<int>>());
            return (values[0], values[1..]);
        }

        var whole = Of(0, size);
        ImmutableArray<(Dense Logits, ImmutableArray<Dense> Gradients)> pieces = [.. Enumerable.Range(0, size / piece).Select(i => Of(piece * i, piece))];
        AssertClose(Dense.Of(whole.Logits.Shape, [.. pieces.SelectMany(each => each.Logits.Span.ToArray())]), whole.Logits, 1e-10);
        foreach (var (place, gradient) in whole.Gradients.Index())
        {
            AssertClose(pieces.Select(each => each.Gradients[place]).Aggregate((sum, next) => sum + next), gradient, 1e-9);
        }
    }

    [Fact]
    public void The_perceptron_as_coded_answers_all_samples_alike()
    {
        var network = new MultilayerPerceptron(P, 3, 2, 16) { Input = PerceptronInput.LastToken };
        var weights = Initial(network, 5);
        Assert.Equal(network.Logits(weights, Sample(1, 2, 3)).Span.ToArray(), network.Logits(weights, Sample(4, 0, 6)).Span.ToArray());
    }

    [Fact]
    public void A_summed_embedding_cannot_tell_the_order_of_its_operands()
    {
        var network = new MultilayerPerceptron(P, 3, 2, 16) { Input = PerceptronInput.Summed };
        var weights = Initial(network, 5);
        AssertClose(network.Logits(weights, Sample(1, 2, 3)), network.Logits(weights, Sample(3, 1, 2)));
    }

    /// <summary>Tensor names are parts of column names, which any query can write without quotes.</summary>
    [Property(MaxTest = 50)]
    public void Tensors_are_named_once_and_plainly(int seed)
    {
        var (network, _) = Declared.Network(seed & int.MaxValue, P, 2);
        ImmutableArray<string> names = [.. network.Parameters.Concat(network.Statistics).Select(parameter => parameter.Name)];
        Assert.Equal(names.Length, names.Distinct().Count());
        Assert.All(names, name => Assert.Matches(new Regex("^[a-z][a-z0-9_]*$"), name));
    }

    [Property(MaxTest = 50)]
    public void Logits_have_a_row_for_each_sample_and_a_column_for_each_residue_or_sign(int seed, byte more)
    {
        var (network, operands) = Declared.Network(seed & int.MaxValue, P, 2);
        var size = 1 + (more % 5);
        var batch = new Batch([.. Enumerable.Repeat(Indices.Of([.. Enumerable.Repeat(1, size)], P), operands)], Indices.Of([.. Enumerable.Repeat(1, size)], P));
        var logits = network.Logits(Followed(network, 1), batch);
        Assert.Equal(size, logits.Shape[0]);
        Assert.InRange(logits.Shape[1], P, P + 2);
    }

    /// <summary>Uniform entries lie within their bound and normal ones do not; means and deviations are those that the network states, within five standard errors.</summary>
    [Property(MaxTest = 30)]
    public void Weights_start_as_the_network_says(int seed)
    {
        var network = new Transformer(P, 2, 1, 64);
        foreach (var (parameter, weight) in network.Parameters.Zip(Initial(network, seed).Values))
        {
            var (count, deviation) = (weight.Shape.Count, parameter.InitialDeviation);
            var values = weight.Span.ToArray();
            var error = 5 * Math.Max(deviation, 1e-12) / Math.Sqrt(count);
            Assert.InRange(values.Average(), parameter.InitialMean - error, parameter.InitialMean + error);
            Assert.InRange(Math.Sqrt(values.Average(x => Math.Pow(x - parameter.InitialMean, 2))), deviation - error, deviation + error);
            Assert.Equal(parameter.IsUniform || deviation == 0, values.All(x => Math.Abs(x - parameter.InitialMean) <= Math.Sqrt(3) * deviation));
        }
    }

    internal static Parameters<Dense> Initial(INetwork network, long seed) =>
        InitialState.Of(new(network, new Loss.CrossEntropy(), new GradientDescent { LearningRate = 1 }, Schedule.Constant, null), Precision.Double, RandomKey.FromSeed((ulong)seed)).Weights;

    internal static Batch Sample(params int[] operands) => new([.. operands.Select(x => Indices.Of([x], P))], Indices.Of([0], P));

    internal static void AssertClose(Dense expected, Dense actual, double bound = 1e-12)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        for (var i = 0; i < expected.Shape.Count; i++)
        {
            Assert.InRange(actual.Span[i] - expected.Span[i], -bound * (1 + Math.Abs(expected.Span[i])), bound * (1 + Math.Abs(expected.Span[i])));
        }
    }

    private static Parameters<Dense> Followed(INetwork network, long seed) => Initial(network, seed).And(new(
        [.. network.Statistics.Select(statistic => statistic.Name)],
        [.. network.Statistics.Select(statistic => Tensor.Fill<Dense>(statistic.Shape, statistic.InitialMean))]));
}
