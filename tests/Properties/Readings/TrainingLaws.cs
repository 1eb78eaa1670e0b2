using Grokking.Networks;
using Grokking.Optimisers;
using Grokking.Properties.Arbitraries;
using Grokking.Properties.Engine;
using Grokking.Randomness;
using Grokking.Tensors;
using Grokking.Training;

namespace Grokking.Properties.Readings;

/// <summary>The training step as written, carried out in a reading, against our engine, which compiles it.</summary>
public abstract partial class ReadingLaws<T>
{
    private const int Steps = 200;

    /// <summary>The first steps: rounding, and Adam's quotients of small numbers.</summary>
    private const double OfSteps = 1e-10;

    /// <summary>Two hundred steps: each may make a difference somewhat larger. (Seen: 1e-11 at p = 23.)</summary>
    private const double OfTrajectories = 1e-9;

    /// <summary>Modulus and hidden width of the quadratic network that is trained.</summary>
    protected virtual (int Modulus, int Width) Quadratic => (23, 40);

    /// <summary>Modulus and model width of the attention block that is trained.</summary>
    protected virtual (int Modulus, int Width) Attention => (7, 8);

    /// <summary>The rules that experiments can ask for.</summary>
    public static TheoryData<string> Rules => [.. Declared.Kinds<Optimiser>().Select(Declared.NameOf)];

    [Theory]
    [MemberData(nameof(Rules))]
    public void The_step_of_every_rule_is_the_engines_and_pure(string rule)
    {
        var kind = Declared.Kinds<Optimiser>().Single(kind => Declared.NameOf(kind) == rule);
        Follows(new(new SmallAttention(3, 2, 2), new Loss.CrossEntropy(), Declared.Draw<Optimiser>(kind, new Random(1)), new(2), null), steps: 3);
    }

    [Fact]
    public void Training_the_quadratic_network_stays_with_the_engine()
    {
        var (p, width) = Quadratic;
        var rule = new AdamW { LearningRate = 0.1, WeightDecay = 0.1, Beta1 = 0.9, Beta2 = 0.98, Epsilon = 1e-10 };
        Trains(new(new QuadraticNetwork(p, 2, width), new Loss.MeanSquaredError(), rule, Schedule.Constant, null));
    }

    [Fact]
    public void Training_a_block_of_attention_stays_with_the_engine()
    {
        var (p, width) = Attention;
        var rule = new AdamW { LearningRate = 0.01, WeightDecay = 0.1, Beta1 = 0.9, Beta2 = 0.98, Epsilon = 1e-8 };
        Trains(new(new SmallAttention(p, 2, width), new Loss.CrossEntropy(), rule, new(5), null));
    }

    /// <summary>Some steps at once and in two parts: the same bits, near the engine's, and the beginning is left alone.</summary>
    protected void Follows(Recipe recipe, int steps)
    {
        var start = InitialState.Of(recipe, Precision.Double, RandomKey.FromSeed(1));
        var before = Bits(start);
        using var machine = Machine(recipe);
        machine.Load(start);
        machine.Advance(steps);
        var once = machine.State;
        machine.Load(start);
        machine.Advance(1);
        machine.Load(machine.State);
        machine.Advance(steps - 1);

        Assert.Equal((steps, steps), (once.Step, machine.Step));
        Assert.Equal(Bits(once), Bits(machine.State));
        Assert.Equal(before, Bits(start));
        AssertFollows(recipe, once, steps, OfSteps);
    }

    /// <summary>A machine of this reading for sums modulo the recipe's modulus; two thirds of the pairs are trained on.</summary>
    private EagerMachine<T> Machine(Recipe recipe)
    {
        var (train, test) = Sums(recipe);
        return new(recipe, train, test, Reading(new Objective.LossOf(recipe.Network, recipe.Loss, train.ToBatch())));
    }

    private void Trains(Recipe recipe)
    {
        var start = InitialState.Of(recipe, Precision.Double, RandomKey.FromSeed(2));
        using var machine = Machine(recipe);
        machine.Load(start);
        var first = machine.Evaluate(gradients: false);
        for (var step = 0; step < Steps; step++)
        {
            machine.Advance(1);
            machine.Load(machine.State);
        }

        var last = machine.Evaluate(gradients: true);
        Assert.True(last.TrainLoss < first.TrainLoss / 2, $"{last.TrainLoss} after {first.TrainLoss}: too little happened for a trajectory.");
        AssertFollows(recipe, machine.State, Steps, OfTrajectories);

        var (train, test) = Sums(recipe);
        using var engine = new Trainer(recipe, train, test, Precision.Double, threads: 1);
        var expected = engine.Evaluate(engine.Run(start, Steps), gradients: true);
        double[] Figures(Evaluation seen) => [seen.TrainLoss, seen.TrainAccuracy, seen.TestLoss, seen.TestAccuracy, .. seen.GradientNorms];
        Assert.All(Figures(expected).Zip(Figures(last)), pair => AssertNear(pair.First, pair.Second, OfTrajectories * (1 + pair.First)));
    }

    private static void AssertFollows(Recipe recipe, TrainState state, int steps, double bound)
    {
        var (train, test) = Sums(recipe);
        using var engine = new Trainer(recipe, train, test, Precision.Double, threads: 1);
        var expected = engine.Run(InitialState.Of(recipe, Precision.Double, state.Key), steps);
        foreach (var (ours, theirs) in All(expected).Zip(All(state)))
        {
            AssertNear(ours, theirs, bound);
        }
    }

    private static (Samples Train, Samples Test) Sums(Recipe recipe)
    {
        var p = recipe.Network is QuadraticNetwork quadratic ? quadratic.Modulus : ((SmallAttention)recipe.Network).Modulus;
        var order = RandomKey.FromSeed(7).Permutation(p * p);
        Samples Of(IReadOnlyCollection<int> pairs) => new(p, [[.. pairs.Select(i => i / p)], [.. pairs.Select(i => i % p)]], [.. pairs.Select(i => ((i / p) + (i % p)) % p)]);
        return (Of(order[..(p * p * 2 / 3)]), Of(order[(p * p * 2 / 3)..]));
    }

    private static IEnumerable<Dense> All(TrainState state) => state.Slots.Prepend(state.Weights).SelectMany(set => set.Values);

    private static long[] Bits(TrainState state) => [.. All(state).SelectMany(value => value.Span.ToArray()).Select(BitConverter.DoubleToInt64Bits)];
}
