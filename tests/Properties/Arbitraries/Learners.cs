using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Grokking.Differentiation;
using Grokking.Networks;
using Grokking.Properties.Engine;
using Grokking.Tensors;
using Grokking.Training;

namespace Grokking.Properties.Arbitraries;

/// <summary>A small network of some kind with a loss, random weights and random samples.</summary>
public sealed record AnyLearner(INetwork Network, Loss Loss, int Modulus, int Operands, int Samples, int Seed)
{
    public override string ToString() => $"{Network.GetType().Name} p={Modulus} K={Operands} samples={Samples} {Loss} seed={Seed}, weights {string.Join(" ", Network.Parameters.Select(s => s.Shape))}";

    public Parameters<Dense> Weights
    {
        get
        {
            var random = new Random(Seed);
            var specifications = Network.Parameters;
            return new([.. specifications.Select(s => s.Name)], [.. specifications.Select(s => Applications.Uniform(random, s.Shape, -s.InitialDeviation, s.InitialDeviation))]);
        }
    }

    public Batch Named => Batch.Named("", Samples, Operands, Modulus);

    public ImmutableDictionary<string, ImmutableArray<int>> Values
    {
        get
        {
            var random = new Random(Seed + 1);
            ImmutableArray<int> Draw() => [.. Enumerable.Range(0, Samples).Select(_ => random.Next(Modulus))];
            return Enumerable.Range(1, Operands).Select(k => $"x{k}").Append("label").ToImmutableDictionary(name => name, _ => Draw());
        }
    }

    public Batch Known => new([.. Enumerable.Range(1, Operands).Select(k => Indices.Of(Values[$"x{k}"], Modulus))], Indices.Of(Values["label"], Modulus));

    public (Parameters<Expression> Variables, Expression Loss, Expression Logits) Trace()
    {
        var variables = new Parameters<Expression>(Weights.Names, [.. Network.Parameters.Select(s => Expression.Variable(s.Name, s.Shape))]);
        var logits = Network.Logits(variables, Named);
        return (variables, Loss.Of(logits, Named.Labels), logits);
    }

    public ImmutableDictionary<string, T> Given<T>(Func<Dense, T> lift) => Weights.Names.Zip(Weights.Values).ToImmutableDictionary(pair => pair.First, pair => lift(pair.Second));
}

/// <summary>The networks of the tests.</summary>
public enum Subject
{
    /// <summary>The two-layer network with its square.</summary>
    Quadratic,

    /// <summary><see cref="SmallPerceptron"/>.</summary>
    Perceptron,

    /// <summary><see cref="SmallRecurrent"/>.</summary>
    Recurrent,

    /// <summary><see cref="SmallAttention"/>.</summary>
    Attention,

    /// <summary><see cref="SmallNormalised"/>.</summary>
    Normalised,

    /// <summary><see cref="SmallTransformer"/>.</summary>
    Transformer,
}

/// <summary>Learners with batches from one sample to several shards: one half networks of the tests, the other those of the Model as declared.</summary>
public static class Learners
{
    public static Arbitrary<AnyLearner> AnyLearners() => Arb.From(
        from declared in Gen.Elements(false, true)
        from subject in Gen.Elements(Enum.GetValues<Subject>())
        from loss in Gen.Elements(Losses.AsEnumerable())
        from p in Gen.Elements(2, 3, 5, 7, 8)
        from k in Gen.Choose(1, 3)
        from width in Gen.Elements(2, 4, 6, 16, 18)
        from samples in Gen.Elements(1, 2, 7, 8, 31, 33, 64, 65, 130, 290)
        from seed in Gen.Choose(0, 1_000_000)
        select (declared ? OfTheModel(p, k, samples, seed) : Make(subject, true, p, k, width, samples, seed)) with { Loss = loss });

    /// <summary>Every loss.</summary>
    public static ImmutableArray<Loss> Losses => [new Loss.MeanSquaredError(), new Loss.CrossEntropy(), new Loss.StableMaxCrossEntropy()];

    public static AnyLearner Make(Subject subject, bool crossEntropy, int p, int k, int width, int samples, int seed) =>
        Of(
            subject switch
            {
                Subject.Quadratic => new QuadraticNetwork(p, k, width),
                Subject.Perceptron => new SmallPerceptron(p, k, width),
                Subject.Recurrent => new SmallRecurrent(p, k, width),
                Subject.Attention => new SmallAttention(p, k, width),
                Subject.Normalised => new SmallNormalised(p, k, width),
                _ => new SmallTransformer(p, k, width),
            },
            crossEntropy,
            p,
            k,
            samples,
            seed);

    public static AnyLearner Of(INetwork network, bool crossEntropy, int p, int k, int samples, int seed) =>
        new(network, crossEntropy ? new Loss.CrossEntropy() : new Loss.MeanSquaredError(), p, k, samples, seed);

    /// <summary>A network that experiments can ask for; as it is in training, where it is another there.</summary>
    private static AnyLearner OfTheModel(int p, int k, int samples, int seed)
    {
        var (network, operands) = Declared.Network(seed, p, k);
        return Of(network.DiffersInTraining ? new InTraining(network) : network, true, p, operands, samples, seed);
    }
}
