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

/// <summary>Learners with batches from one sample to several shards.</summary>
public static class Learners
{
    public static Arbitrary<AnyLearner> AnyLearners() => Arb.From(
        from kind in Gen.Choose(0, 11)
        from crossEntropy in Gen.Elements(false, true)
        from p in Gen.Elements(2, 3, 5, 7, 8)
        from k in Gen.Choose(1, 3)
        from width in Gen.Elements(2, 4, 6, 16, 18)
        from samples in Gen.Elements(1, 2, 7, 8, 31, 33, 64, 65, 130, 290)
        from seed in Gen.Choose(0, 1_000_000)
        select Make(kind, crossEntropy, p, k, width, samples, seed));

    public static AnyLearner Make(int kind, bool crossEntropy, int p, int k, int width, int samples, int seed)
    {
        INetwork network = kind switch
        {
            0 => new QuadraticNetwork(p, k, width),
            1 => new SmallPerceptron(p, k, width),
            2 => new SmallRecurrent(p, k, width),
            3 => new SmallAttention(p, k, width),
            4 => new SmallNormalised(p, k, width),
            6 => new QuadraticNetwork(p, k, width) { Degree = 3 },
            7 => new QuadraticNetwork(p, k, width) { Activation = Activation.Absolute },
            8 => new QuadraticNetwork(p, k, width) { Activation = Activation.Relu },
            9 => new QuadraticNetwork(p, k, width) { Activation = Activation.Gelu },
            10 => new InTraining(new(p, k, width) { Normalisation = Normalisation.Batch }),
            11 => new InTraining(new(p, k, width) { Dropout = 0.4 }),
            _ => new SmallTransformer(p, k, width),
        };
        return new(network, crossEntropy ? new Loss.CrossEntropy() : new Loss.MeanSquaredError(), p, k, samples, seed);
    }
}
