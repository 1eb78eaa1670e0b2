using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Grokking.Networks;
using Grokking.Optimisers;
using Grokking.Properties.Arbitraries;
using Grokking.Randomness;
using Grokking.Tensors;
using Grokking.Training;

namespace Grokking.Properties.Training;

/// <summary>A small training run of any kind.</summary>
public sealed record AnyRun(Recipe Recipe, Samples Train, Samples Test, Precision Precision, ulong Seed)
{
    public Trainer Trainer(int threads = 1) => new(Recipe, Train, Test, Precision, threads);

    public RandomKey Key => RandomKey.FromSeed(Seed);

    public override string ToString() => $"{Recipe} on {Train.Count} of {Train.Modulus}², {Precision}, seed {Seed}";
}

public static class Runs
{
    public static Arbitrary<AnyRun> AnyRuns() => Arb.From(
        from p in Gen.Elements(2, 3, 5, 6, 7, 11)
        from network in Gen.Elements(Declared.Kinds<INetwork>().AsEnumerable())
        from optimiser in Gen.Elements(Declared.Kinds<Optimiser>().AsEnumerable())
        from settings in Gen.Choose(0, int.MaxValue)
        from loss in Gen.Elements(Learners.Losses.AsEnumerable())
        from schedule in Gen.Elements(
            Schedule.Constant, new Schedule(3), new Schedule(3) { WarmupFrom = 0 }, new Schedule(2) { Annealing = Annealing.Linear, Steps = 10 }, new Schedule(0) { Annealing = Annealing.Cosine, Steps = 15 })
        from norm in Gen.Elements<double?>(null, null, null, 3)
        from scale in Gen.Elements(1, 1, 2.5)
        from batch in Gen.Elements<int?>(null, 1, 3)
        from ends in Gen.Elements(false, true)
        from precision in Gen.Elements(Precision.Single, Precision.Double)
        from seed in Gen.Choose(0, 1000)
        let train = (p * p * 2) / 3
        let random = new Random(settings)
        select new AnyRun(
            new(
                Declared.Draw<INetwork>(network, random, ("Modulus", p), ("Operands", 2)),
                loss,
                Declared.Draw<Optimiser>(optimiser, random),
                schedule,
                batch is > 0 && batch > train ? train : batch)
            {
                EndsEpochs = ends,
                Filters = Filters.Draw(random),
                WeightNorm = norm,
                InitialScale = scale,
            },
            Sum(p, 0, train),
            Sum(p, train, p * p),
            precision,
            (ulong)seed));

    private static Samples Sum(int p, int from, int to)
    {
        var order = RandomKey.FromSeed(7).Permutation(p * p)[from..to];
        return new(p, [[.. order.Select(i => i / p)], [.. order.Select(i => i % p)]], [.. order.Select(i => ((i / p) + (i % p)) % p)]);
    }
}

[Properties(Arbitrary = [typeof(Runs)])]
public class TrainerLaws
{
    /// <summary>A step amplifies a rounding of 1e-16 by far less than this allows.</summary>
    private const double DoubleBound = 1e-9;

    /// <summary>
    /// Where a recipe explodes, what it computes depends on every rounding. A tensor that moves by more than the bound when the weights are moved by some roundings is compared with that
    /// movement instead: the several hundred roundings on the way weigh no more than so many times it.
    /// </summary>
    private const double Roundings = 1000;

    [Property(MaxTest = 40)]
    public void Running_in_pieces_equals_running_at_once(AnyRun any, byte first, byte second)
    {
        var (a, b) = (first % 9, second % 9);
        using var trainer = any.Trainer();
        using var other = any.Trainer();
        var start = trainer.Start(any.Key);
        AssertSame(trainer.Run(start, a + b), other.Run(other.Run(start, a), b));
    }

    [Property(MaxTest = 30)]
    public void A_step_is_pure(AnyRun any)
    {
        using var trainer = any.Trainer();
        var state = trainer.Run(trainer.Start(any.Key), 2);
        var before = Copy(state);
        var once = trainer.Run(state, 3);
        trainer.Evaluate(once, gradients: true);
        AssertSame(once, trainer.Run(state, 3));
        Assert.Equal(before, Copy(state));
    }

    [Property(MaxTest = 20)]
    public void One_two_three_and_five_threads_train_alike(AnyRun any)
    {
        using var single = any.Trainer();
        var expected = single.Run(single.Start(any.Key), 5);
        foreach (var threads in new[] { 2, 3, 5 })
        {
            using var several = any.Trainer(threads);
            AssertSame(expected, several.Run(several.Start(any.Key), 5));
        }
    }

    [Property(MaxTest = 40)]
    public void The_compiled_step_is_the_step_as_written(AnyRun any)
    {
        var exact = any with { Precision = Precision.Double };
        using var trainer = exact.Trainer();
        var state = trainer.Start(exact.Key);
        var moving = Moving(exact, trainer, state);
        for (var step = 0; step < 12; step++)
        {
            // From the same state each time: an unlucky recipe explodes, and then a rounding grows a hundredfold in each step.
            var (before, expected) = (state, DefinedStep.Next(exact.Recipe, exact.Train, state));
            state = trainer.Run(before, 1);
            var nearby = DefinedStep.Next(exact.Recipe, exact.Train, before with { Weights = before.Weights.Map(weight => Dense.Build(weight.Shape, at => weight[at] * (1 + (at.Sum() % 2 == 0 ? 4e-16 : -4e-16)))) });
            AssertClose(nearby.Weights.And(nearby.Statistics), expected.Weights.And(expected.Statistics), state.Weights.And(state.Statistics), moving);
        }
    }

    private static void AssertClose(Parameters<Dense> nearby, Parameters<Dense> expected, Parameters<Dense> actual, Func<string, bool> compared)
    {
        foreach (var (name, (a, b)) in expected.Names.Zip(expected.Values.Zip(actual.Values)).Where(tensor => compared(tensor.First)))
        {
            var sensitivity = nearby[name].Span.ToArray().Zip(a.Span.ToArray(), (moved, there) => Math.Abs(moved - there)).Max();
            for (var i = 0; i < a.Shape.Count; i++)
            {
                // A run that diverges may leave the finite numbers; then both must.
                var both = !double.IsFinite(a.Span[i]) && !double.IsFinite(b.Span[i]);
                Assert.True(both || Math.Abs(a.Span[i] - b.Span[i]) <= Math.Max(DoubleBound * (1 + Math.Abs(a.Span[i])), Roundings * sensitivity), $"{name}: {a.Span[i]} against {b.Span[i]}");
            }
        }
    }

    /// <summary>
    /// Which tensors the loss depends on. The bias of a transformer's keys shifts all scores of a query alike, and softmax forgets it: its gradient is rounding,
    /// which an adaptive rule blows up to steps of full size.
    /// </summary>
    private static Func<string, bool> Moving(AnyRun any, Trainer trainer, TrainState state)
    {
        if (any.Recipe.Network is not Transformer)
        {
            return _ => true;
        }

        var norms = trainer.Evaluate(state, gradients: true).GradientNorms;
        return name => norms[state.Weights.Names.IndexOf(name)] > 1e-12 * norms.Max();
    }

    [Property(MaxTest = 30)]
    public void Looking_at_a_run_does_not_change_it(AnyRun any)
    {
        using var watched = any.Trainer();
        using var alone = any.Trainer();
        var (seen, start) = (new List<Evaluation>(), watched.Start(any.Key));
        var state = start;
        for (var i = 0; i < 5; i++)
        {
            seen.Add(watched.Evaluate(state, gradients: true));
            Assert.Equal(seen[^1].TestLoss, watched.Evaluate(state, gradients: false).TestLoss);
            state = watched.Run(state, 1);
        }

        AssertSame(alone.Run(start, 5), state);

        // Out of order, and from scratch each time, the same is seen.
        foreach (var step in new[] { 3, 0, 4 })
        {
            var again = alone.Evaluate(alone.Run(start, step), gradients: true);
            Assert.Equal(seen[step].GradientNorms.ToArray(), again.GradientNorms.ToArray());
            Assert.Equal(seen[step] with { GradientNorms = [] }, again with { GradientNorms = [] });
        }
    }

    [Property(MaxTest = 20)]
    public void An_evaluation_does_not_depend_on_what_was_run_before(AnyRun any)
    {
        using var trainer = any.Trainer();
        using var other = any.Trainer(2);
        var start = trainer.Start(any.Key);
        var later = trainer.Run(start, 4);
        var evaluation = trainer.Evaluate(start, gradients: true);
        var again = other.Evaluate(start, gradients: true);
        Assert.Equal(evaluation.GradientNorms.ToArray(), again.GradientNorms.ToArray());
        Assert.Equal(evaluation with { GradientNorms = [] }, again with { GradientNorms = [] });
        Assert.Equal(4, later.Step);
    }

    [Property(MaxTest = 40)]
    public void A_machine_moves_as_the_pure_functions_do_however_it_is_looked_at(AnyRun any, byte[] moves)
    {
        using var machine = new StepMachine(any.Recipe, any.Train, any.Test, any.Precision, threads: 2);
        using var trainer = any.Trainer();
        var state = trainer.Start(any.Key);
        machine.Load(state);
        foreach (var move in moves.Take(8))
        {
            if (move % 4 == 0)
            {
                machine.Advance(move % 3);
                state = trainer.Run(state, move % 3);
            }
            else if (move % 4 == 1)
            {
                var (expected, actual) = (trainer.Evaluate(state, gradients: true), machine.Evaluate(gradients: true));
                Assert.Equal(expected.GradientNorms.ToArray(), actual.GradientNorms.ToArray());
                Assert.Equal(expected with { GradientNorms = [] }, actual with { GradientNorms = [] });
            }
            else if (move % 4 == 2)
            {
                AssertSame(state, machine.State);
            }
            else
            {
                machine.Load(machine.State);
            }

            Assert.Equal(state.Step, machine.Step);
        }

        AssertSame(state, machine.State);
    }

    [Fact]
    public void Steps_and_evaluations_allocate_nothing()
    {
        using var machine = new StepMachine(GoldenRun.Paths[^1].Recipe, GoldenRun.Train, GoldenRun.Test, Precision.Single, threads: 1);
        machine.Load(InitialState.Of(GoldenRun.Paths[^1].Recipe, Precision.Single, RandomKey.FromSeed(0)));
        long Allocated(int steps)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < steps; i++)
            {
                machine.Advance(1);
                machine.Evaluate(gradients: false);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Allocated(100);
        Assert.Equal(0, Allocated(100));
    }

    [Fact]
    public void A_machine_without_a_state_says_so()
    {
        using var machine = new StepMachine(GoldenRun.Paths[0].Recipe, GoldenRun.Train, GoldenRun.Test, Precision.Single, threads: 1);
        Assert.Throws<InvalidOperationException>(() => machine.State);
        Assert.Throws<InvalidOperationException>(() => machine.Evaluate(gradients: false));
        Assert.Throws<InvalidOperationException>(() => machine.Advance(1));
    }

    /// <summary>The update of a large weight is cut into parts, which threads share.</summary>
    [Theory]
    [InlineData(700)]
    [InlineData(701)]
    public void Large_weights_have_the_same_bits_on_any_number_of_threads(int width)
    {
        const int p = 31;
        var order = RandomKey.FromSeed(7).Permutation(p * p);
        Samples Of(Range range) => new(p, [[.. order[range].Select(i => i / p)], [.. order[range].Select(i => i % p)]], [.. order[range].Select(i => ((i / p) + (i % p)) % p)]);
        var recipe = new Recipe(
            new QuadraticNetwork(p, 2, width),
            new Loss.MeanSquaredError(),
            new AdamW { LearningRate = 0.01, WeightDecay = 0.1, Beta1 = 0.9, Beta2 = 0.98, Epsilon = 1e-10 },
            new(2),
            null);
        using var one = new Trainer(recipe, Of(..500), Of(500..), Precision.Single, 1);
        using var three = new Trainer(recipe, Of(..500), Of(500..), Precision.Single, 3);
        var start = one.Start(RandomKey.FromSeed(5));
        AssertSame(one.Run(start, 5), three.Run(start, 5));
        var expected = Enumerable.Range(0, 2).Aggregate(start, (state, _) => DefinedStep.Next(recipe, Of(..500), state));
        foreach (var (a, b) in expected.Weights.Values.Zip(three.Run(start, 2).Weights.Values))
        {
            Assert.True(a.Span.ToArray().Zip(b.Span.ToArray()).All(pair => Math.Abs(pair.First - pair.Second) <= 1e-4));
        }
    }

    [Theory]
    [InlineData(false, new[] { 4, 4, 4, 4, 4 })]
    [InlineData(true, new[] { 4, 4, 2, 4, 4 })]
    public void Every_sample_is_used_once_in_an_epoch(bool endsEpochs, int[] sizes)
    {
        var order = new DataOrder(RandomKey.FromSeed(3), 10, 4, endsEpochs);
        Assert.Equal(sizes, Enumerable.Range(0, 5).Select(step => order.SizeAt(step)));
        var seen = new List<int>();
        for (var step = 0; step < 15; step++)
        {
            var batch = new int[order.SizeAt(step)];
            order.Write(step, batch);
            seen.AddRange(batch);
        }

        Assert.All(seen.Chunk(10).Where(epoch => epoch.Length == 10), epoch => Assert.Equal(Enumerable.Range(0, 10), epoch.Order()));
        Assert.NotEqual(seen.Take(10), seen.Skip(10).Take(10));
    }

    [Fact]
    public void The_learning_rate_rises_linearly_over_the_warm_up()
    {
        var schedule = new Schedule(4);
        Assert.Equal([0.25, 0.5, 0.75, 1, 1], Enumerable.Range(0, 5).Select(step => schedule.FactorAt(step)));
        Assert.Equal(1, Schedule.Constant.FactorAt(0));
    }

    private static long[] Copy(TrainState state) =>
        [state.Step, .. state.Slots.Prepend(state.Weights).Append(state.Statistics).SelectMany(set => set.Values).SelectMany(value => value.Span.ToArray()).Select(BitConverter.DoubleToInt64Bits)];

    private static void AssertSame(TrainState expected, TrainState actual) => Assert.Equal(Copy(expected), Copy(actual));
}
