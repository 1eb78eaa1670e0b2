using System.Collections.Immutable;
using FsCheck.Xunit;
using Grokking.Measures;
using Grokking.Networks;
using Grokking.Properties.Arbitraries;
using Grokking.Randomness;
using Grokking.Tensors;
using Grokking.Training;
using Weights = Grokking.Properties.Analytic.Networks;

namespace Grokking.Properties.Measures;

[Properties(Arbitrary = [typeof(Moduli), typeof(Keys)])]
public sealed class LinearMappingNumberTests
{
    /// <summary>Correlations of numbers of size one are exact to some 1e-13; eigenvalues and their entropy lose a few digits.</summary>
    private const double Rounding = 1e-9;

    [Property(MaxTest = 50)]
    public void An_affine_map_is_one_linear_piece(byte points, byte inputs, byte outputs, AnyKey key)
    {
        var (n, d, m) = (1 + (points % 9), 1 + (inputs % 6), 1 + (outputs % 6));
        var (matrix, offset) = (Normal(key.Key.Split("matrix"), d, m), Normal(key.Key.Split("offset"), 1, m));
        Assert.Equal(1, LinearMappingNumber.OfFunction(Normal(key, n, d), x => Tensor.MatMul(x, matrix) + offset), Rounding);
    }

    [Property(MaxTest = 50)]
    public void Equal_clusters_that_are_perfectly_connected_are_as_many_pieces(byte clusters, byte members)
    {
        var (c, m) = (1 + (clusters % 8), 1 + (members % 8));
        Assert.Equal(c, LinearMappingNumber.Of(Dense.Build(Shape.Of(c * m, c * m), at => at[0] % c == at[1] % c ? 1 : 0)), Rounding);
    }

    [Property(MaxTest = 50)]
    public void It_lies_between_one_and_the_number_of_samples_and_does_not_know_their_order(byte points, AnyKey key)
    {
        var n = 2 + (points % 12);
        var order = key.Key.Split("order").Permutation(n);
        var matrix = Dense.Build(Shape.Of(n, n), at => at[0] == at[1] ? 1 : key.Key.Uniform((ulong)((Math.Min(at[0], at[1]) * n) + Math.Max(at[0], at[1]))));
        var number = LinearMappingNumber.Of(matrix);
        Assert.InRange(number, 1 - Rounding, n + Rounding);
        Assert.Equal(number, LinearMappingNumber.Of(Dense.Build(matrix.Shape, at => matrix[order[at[0]], order[at[1]]])), Rounding);
    }

    [Property(MaxTest = 30)]
    public void The_closed_form_of_the_quadratic_network_is_the_sampled_number(TinyModulus p, byte width, byte operands, byte samples, AnyKey key)
    {
        var network = new QuadraticNetwork(Math.Min(p, 13), 1 + (operands % 3), 1 + (width % 40));
        var weights = Weights.RandomWeights(network, key);
        var chosen = Random(network.Modulus, network.Operands, 2 + (samples % 16), key);
        var closed = LinearMappingNumber.ClosedForm(new(network, weights), chosen.ToBatch());
        Dense Function(Dense x) => Tensor.Scale(Tensor.MatMul(Functions.Power(Tensor.MatMul(x, Tensor.Transpose(weights["w1"])), 2), Tensor.Transpose(weights["w2"])), network.OutputScale);

        var inputs = Inputs(network, chosen);
        Assert.Equal(LinearMappingNumber.OfFunction(inputs, Function), LinearMappingNumber.Of(closed), Rounding);
        using var ways = new EmbeddedWays(network, chosen, threads: 1);
        Assert.Equal(0, Weights.LargestDifference(closed, ways.Connectivity(weights)), Rounding);
    }

    [Property(MaxTest = 20)]
    public void A_network_on_ways_between_embeddings_is_the_function_of_its_input(byte which, byte samples, AnyKey key)
    {
        var activation = new[] { Activation.Relu, Activation.Gelu, Activation.Absolute }[which % 3];
        var network = new QuadraticNetwork(7, 2, 12) { Activation = activation };
        var weights = Weights.RandomWeights(network, key);
        var chosen = Random(7, 2, 2 + (samples % 6), key);
        Dense Function(Dense x) => Tensor.MatMul(network.Activations(Tensor.MatMul(x, Tensor.Transpose(weights["w1"]))), Tensor.Transpose(weights["w2"]));
        using var ways = new EmbeddedWays(network, chosen, threads: 2);
        Assert.Equal(LinearMappingNumber.OfFunction(Inputs(network, chosen), Function), LinearMappingNumber.Of(ways.Connectivity(weights)), Rounding);
    }

    [Fact]
    public void Every_network_has_its_ways()
    {
        foreach (var subject in Enum.GetValues<Subject>())
        {
            var learner = Learners.Make(subject, crossEntropy: true, p: 5, k: 2, width: 4, samples: 1, seed: 3);
            using var ways = new EmbeddedWays(learner.Network, Random(5, 2, 6, RandomKey.FromSeed(1)), threads: 1);
            Assert.InRange(LinearMappingNumber.Of(ways.Connectivity(learner.Weights)), 1, 6);
        }
    }

    /// <summary>Also where a network works out once what the samples of a large batch have in common.</summary>
    [Theory]
    [InlineData(NormPlacement.Pre)]
    [InlineData(NormPlacement.None)]
    public void The_way_between_two_samples_does_not_know_of_the_others(NormPlacement placement)
    {
        const int p = 5, n = 6;
        var network = new Transformer(p, 2, 2, 8) { Heads = 2, NormPlacement = placement };
        var weights = Networks.NetworkLaws.Initial(network, 4);
        var samples = Random(p, 2, n, RandomKey.FromSeed(1));
        using var all = new EmbeddedWays(network, samples, threads: 1);
        var together = all.Connectivity(weights);
        for (var i = 1; i < n; i++)
        {
            using var two = new EmbeddedWays(network, samples.Choose([0, i]), threads: 1);
            Assert.Equal(two.Connectivity(weights)[0, 1], together[0, i], Rounding);
        }
    }

    [Fact]
    public void What_does_not_move_counts_as_connected() =>
        Assert.Equal(1, LinearMappingNumber.OfFunction(Normal(RandomKey.FromSeed(0), 5, 3), x => Tensor.Fill<Dense>(Shape.Of(x.Shape[0], 2), 0.1)), Rounding);

    [Fact]
    public void The_curvature_counts_as_on_the_grid()
    {
        Assert.Equal(0.0728333, LinearMappingNumber.CurvatureShare, 5e-8);
        // y = λ² has b = 0 and c = 1: r² = 1/(1 + ρ).
        var square = Dense.Build(Shape.Of(LinearMappingNumber.Places, 1), at => LinearMappingNumber.Place(at[0]) * LinearMappingNumber.Place(at[0]));
        Assert.Equal(1 / (1 + LinearMappingNumber.CurvatureShare), LinearMappingNumber.Connectivity(2, (_, _) => square)[0, 1], Rounding);
    }

    [Fact]
    public void What_is_no_number_gives_none() => Assert.Equal(double.NaN, LinearMappingNumber.Of(Dense.Of(Shape.Of(2, 2), 1, double.NaN, double.NaN, 1)));

    private static Dense Inputs(QuadraticNetwork network, Samples samples) => Dense.Build(
        Shape.Of(samples.Count, network.InputSize), at => samples.Operands[at[1] / network.Modulus][at[0]] == at[1] % network.Modulus ? 1 : 0);

    private static Samples Random(int p, int operands, int count, RandomKey key) => new(
        p,
        [.. Enumerable.Range(0, operands).Select(k => Enumerable.Range(0, count).Select(i => key.Split("samples").Below(p, (ulong)((i * operands) + k))).ToImmutableArray())],
        [.. Enumerable.Repeat(0, count)]);

    private static Dense Normal(RandomKey key, int rows, int columns) => Dense.Build(Shape.Of(rows, columns), at => key.Normal((ulong)((at[0] * columns) + at[1])));
}
