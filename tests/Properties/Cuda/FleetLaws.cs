using FsCheck.Xunit;
using Grokking.Cuda;
using Grokking.Cuda.Training;
using Grokking.Optimisers;
using Grokking.Properties.Training;
using Grokking.Randomness;
using Grokking.Tensors;
using Grokking.Training;

namespace Grokking.Properties.Cuda;

/// <summary>Training on the device is a pure function of states, alone or among others, and follows the processor.</summary>
[Collection(SimulatedDriver.Turns)]
[Properties(Arbitrary = [typeof(Runs)])]
public sealed class FleetLaws(SimulatedDevice simulated) : IClassFixture<SimulatedDevice>
{
    [SimulatedProperty(MaxTest = 12)]
    public void Running_in_pieces_equals_running_at_once(AnyRun any, byte first, byte second)
    {
        var (a, b) = (first % 4, second % 4);
        using var machine = Alone(any);
        var start = Start(any, any.Seed);
        machine.Load(start);
        machine.Advance(a + b);
        var once = machine.State;
        machine.Load(start);
        machine.Advance(a);
        machine.Load(Copied(machine.State));
        machine.Advance(b);
        AssertSame(once, machine.State);
    }

    [SimulatedProperty(MaxTest = 12)]
    public void Evaluating_changes_nothing_and_repeats_itself(AnyRun any)
    {
        using var machine = Alone(any);
        machine.Load(Start(any, any.Seed));
        machine.Advance(3);
        var quiet = machine.State;
        machine.Load(Start(any, any.Seed));
        machine.Advance(2);
        var seen = machine.Evaluate(gradients: true);
        Assert.Equal(Figures(seen), Figures(machine.Evaluate(gradients: true)));
        machine.Advance(1);
        AssertSame(quiet, machine.State);
    }

    [SimulatedProperty(MaxTest = 12)]
    public void A_run_among_others_has_the_bits_that_it_has_alone(AnyRun any)
    {
        if (any.Recipe.EndsEpochs && any.Recipe.BatchSize is { } size && any.Train.Count % size != 0)
        {
            return;
        }

        using var alone = Alone(any);
        using var fleet = Fleet(any, places: 3);
        Assert.Equal(alone.NumericsProfile, fleet.NumericsProfile);

        // Others come, move by themselves, are evaluated and leave; the run in the middle does not notice.
        fleet.Load(0, any.Recipe, Start(any, any.Seed + 1), any.Train, any.Test);
        fleet.Advance([0], 1);
        fleet.Load(1, any.Recipe, Start(any, any.Seed), any.Train, any.Test);
        fleet.Advance([0, 1], 1);
        fleet.Load(2, any.Recipe, Start(any, any.Seed + 2), any.Train, any.Test);
        var evaluated = fleet.Evaluate([1, 2], gradients: true)[0];
        fleet.Advance([0, 2], 1);
        fleet.Leave(0);
        fleet.Advance([1, 2], 2);

        alone.Load(Start(any, any.Seed));
        alone.Advance(1);
        Assert.Equal(Figures(alone.Evaluate(gradients: true)), Figures(evaluated));
        alone.Advance(2);
        AssertSame(alone.State, fleet.StateOf(1));
        Assert.Equal((3, 3), (fleet.StepOf(1), fleet.StepOf(2)));

        alone.Load(Start(any, any.Seed + 2));
        alone.Advance(3);
        AssertSame(alone.State, fleet.StateOf(2));
    }

    [SimulatedTheory]
    [InlineData(CudaPrecision.Single, PlanLaws.SingleBound)]
    [InlineData(CudaPrecision.Tf32, PlanLaws.Tf32Bound)]
    public void The_golden_runs_follow_the_processor(CudaPrecision precision, double bound)
    {
        foreach (var path in GoldenRun.Paths)
        {
            var start = InitialState.Of(path.Recipe, Precision.Single, RandomKey.FromSeed(5)) with { Weights = GoldenRun.Weights };
            using var device = new CudaStepMachine(simulated.Device, path.Recipe, GoldenRun.Train, GoldenRun.Test, precision);
            using var processor = new StepMachine(path.Recipe, GoldenRun.Train, GoldenRun.Test, Precision.Single, threads: 1);
            foreach (var machine in new IStepMachine[] { device, processor })
            {
                machine.Load(start);
                machine.Advance(5);
            }

            foreach (var (expected, actual) in All(processor.State).Zip(All(device.State)))
            {
                Nearness.Assert(expected, actual, 10 * bound, 0, path.Name);
            }
        }
    }

    [SimulatedTheory]
    [InlineData(false, 0.0)]
    [InlineData(true, 0.0)]
    [InlineData(true, 0.5)]
    [InlineData(false, 0.5)]
    public void Batches_and_dropout_are_those_of_the_processor(bool endsEpochs, double dropout)
    {
        var rule = new AdamW { LearningRate = 0.01, WeightDecay = 0.1, Beta1 = 0.9, Beta2 = 0.98, Epsilon = 1e-8 };
        var recipe = new Recipe(GoldenRun.Network with { Dropout = dropout }, new Loss.CrossEntropy(), rule, new(3), BatchSize: 5) { EndsEpochs = endsEpochs };
        var start = InitialState.Of(recipe, Precision.Single, RandomKey.FromSeed(9));
        using var device = new CudaStepMachine(simulated.Device, recipe, GoldenRun.Train, GoldenRun.Test, CudaPrecision.Single);
        using var processor = new StepMachine(recipe, GoldenRun.Train, GoldenRun.Test, Precision.Single, threads: 1);
        foreach (var machine in new IStepMachine[] { device, processor })
        {
            machine.Load(start);
            machine.Advance(6);
        }

        foreach (var (expected, actual) in All(processor.State).Zip(All(device.State)))
        {
            Nearness.Assert(expected, actual, 1e-4, 0, "a state");
        }

        foreach (var (expected, actual) in Figures(processor.Evaluate(gradients: true)).Zip(Figures(device.Evaluate(gradients: true))))
        {
            Assert.Equal(expected, actual, 1e-4 * (1 + Math.Abs(expected)));
        }
    }

    [SimulatedFact]
    public void Runs_of_a_fleet_may_differ_in_rates_and_samples()
    {
        var (slow, fast) = (GoldenRun.Paths[0].Recipe, GoldenRun.Paths[0].Recipe with { Schedule = new(10) });
        using var fleet = CudaFleet.Create(simulated.Device, slow, GoldenRun.Train, GoldenRun.Test, CudaPrecision.Single, 2).Match(made => made, reason => throw new InvalidOperationException(reason));
        var start = InitialState.Of(slow, Precision.Single, RandomKey.FromSeed(5));
        fleet.Load(0, slow, start, GoldenRun.Train, GoldenRun.Test);
        fleet.Load(1, fast, start, GoldenRun.Train, GoldenRun.Test);
        fleet.Advance([0, 1], 2);
        Assert.NotEqual(Bits(fleet.StateOf(0)), Bits(fleet.StateOf(1)));
        Assert.Throws<ArgumentException>(() => fleet.Load(0, slow, start, GoldenRun.Test, GoldenRun.Train));
        fleet.Leave(0);
        Assert.Throws<InvalidOperationException>(() => fleet.StateOf(0));
        Assert.Throws<InvalidOperationException>(() => fleet.Advance([0, 1], 1));
        Assert.InRange(CudaFleet.PlacesThatFit(simulated.Device, slow, GoldenRun.Train, GoldenRun.Test, 5), 5, 5);
        Assert.InRange(CudaFleet.PlacesThatFit(simulated.Device, slow, GoldenRun.Train, GoldenRun.Test, int.MaxValue), 1000, 65535);
    }

    private static TrainState Start(AnyRun any, ulong seed) => InitialState.Of(any.Recipe, Precision.Single, RandomKey.FromSeed(seed));

    private static TrainState Copied(TrainState state) => state with { Weights = state.Weights.Map(value => Dense.Of(value.Shape, value.Span.ToArray())) };

    private CudaStepMachine Alone(AnyRun any) => new(simulated.Device, any.Recipe, any.Train, any.Test, CudaPrecision.Tf32);

    private IFleet Fleet(AnyRun any, int places) =>
        CudaFleet.Create(simulated.Device, any.Recipe, any.Train, any.Test, CudaPrecision.Tf32, places).Match(fleet => fleet, reason => throw new InvalidOperationException(reason));

    private static double[] Figures(Evaluation seen) => [seen.TrainLoss, seen.TrainAccuracy, seen.TestLoss, seen.TestAccuracy, .. seen.GradientNorms];

    private static IEnumerable<Dense> All(TrainState state) => state.Slots.Prepend(state.Weights).Append(state.Statistics).SelectMany(set => set.Values);

    private static long[] Bits(TrainState state) => [.. All(state).SelectMany(value => value.Span.ToArray()).Select(BitConverter.DoubleToInt64Bits)];

    private static void AssertSame(TrainState expected, TrainState actual)
    {
        Assert.Equal(expected.Step, actual.Step);
        Assert.Equal(Bits(expected), Bits(actual));
    }
}
