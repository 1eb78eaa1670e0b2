using Grokking.Host.Benchmarks;
using Grokking.Host.Devices;
using Grokking.Training;

namespace Grokking.Service.Devices;

/// <summary>What <c>bench --device</c> and <c>selftest</c> measure, on a fleet that computes what the processor computes.</summary>
public class DeviceBenchTests
{
    [Theory]
    [InlineData("w1", 3)]
    [InlineData("w1b-evaluation", 1)]
    [InlineData("transformer-p41-b64", 2)]
    public void Runs_are_counted_together_and_their_losses_are_the_processors(string name, int runs)
    {
        Workload workload = Small(name) with { Evaluates = runs == 1 };
        DeviceMeasurement measured = new DeviceWorkload(Device(), threads: 1).Measure(workload, runs, windows: 3, seconds: 0.01).OrThrow();

        Assert.Equal((runs, 3, 0.0), (measured.Runs, measured.StepsPerSecond.Count, measured.Deviation));
        Assert.Equal(measured.StepsPerSecond.Median * runs, measured.RunStepsPerSecond.Median);
        Assert.True(measured.StepsPerSecond.Least > 0);
        Assert.Equal(WorkloadRun.FirstSteps, measured.Standing.Steps);
        Assert.True(double.IsFinite(measured.TrainLoss));
    }

    [Fact]
    public void A_device_that_computes_something_else_is_found_out()
    {
        Workload other = Small("w1") with { Operation = "x - y" };
        var device = new DeviceEngine((_, _, _) => throw new NotSupportedException(), (_, _, _, places) => Result.Success<IFleet>(new Deaf(places, other)), () => { }, null);

        DeviceMeasurement measured = new DeviceWorkload(device, threads: 1).Measure(Small("w1"), 1, windows: 1, seconds: 0.01).OrThrow();

        Assert.InRange(measured.Deviation, 1e-6, 1);
    }

    [Fact]
    public void Too_small_a_device_is_one_sentence()
    {
        var device = new DeviceEngine((_, _, _) => throw new NotSupportedException(), (_, _, _, _) => Result.Success<IFleet>(new ListedFleet(2)), () => { }, null);
        Result<DeviceMeasurement> result = new DeviceWorkload(device, threads: 1).Measure(Small("w1"), 5, windows: 1, seconds: 0.01);
        Assert.Equal("The memory of the device holds 2 of 5 runs.", Assert.IsType<Result<DeviceMeasurement>.Failure>(result).Reason);
    }

    [Fact]
    public void The_selftests_steps_hold_where_the_processor_is_the_device()
    {
        Assert.Equal(5, StepCheck.Subjects.Length);
        foreach (Workload subject in StepCheck.Subjects)
            Assert.All(new StepCheck(Device(), 0).Of(subject).OrThrow(), check => Assert.True(check.Holds, check.What));
    }

    [Fact]
    public void The_selftests_steps_fail_where_the_device_computes_something_else()
    {
        var device = new DeviceEngine(
            (recipe, train, test) => Result.Success<IStepMachine>(new StepMachine(recipe with { InitialScale = 1, WeightNorm = 3 }, train, test, Precision.Single, 1)),
            (_, _, _, places) => Result.Success<IFleet>(new ListedFleet(places)),
            () => { },
            null);
        Check[] checks = [.. new StepCheck(device, 2e-3).Of(StepCheck.Subjects[0]).OrThrow()];
        Assert.Equal([false, true, true, false], checks.Select(check => check.Holds));
    }

    private static Workload Small(string name) => Workloads.Small(7, 8, 8).Single(workload => workload.Name == name);

    private static DeviceEngine Device() => new(
        (recipe, train, test) => Result.Success<IStepMachine>(new StepMachine(recipe, train, test, Precision.Single, 1)),
        (_, _, _, places) => Result.Success<IFleet>(new ListedFleet(places)),
        () => { },
        null);

    /// <summary>A fleet that trains something else than it is asked to.</summary>
    private sealed class Deaf(int places, Workload other) : IFleet
    {
        private readonly ListedFleet inner = new(places);

        public string NumericsProfile => inner.NumericsProfile;

        public int Places => inner.Places;

        public void Load(int place, Recipe recipe, TrainState state, Samples train, Samples test) =>
            inner.Load(place, recipe, state, Samples.TrainOf(other.Split()), Samples.TestOf(other.Split()));

        public void Leave(int place) => inner.Leave(place);

        public long StepOf(int place) => inner.StepOf(place);

        public TrainState StateOf(int place) => inner.StateOf(place);

        public void Advance(IReadOnlyList<int> asked, long steps) => inner.Advance(asked, steps);

        public System.Collections.Immutable.ImmutableArray<Evaluation> Evaluate(IReadOnlyList<int> asked, bool gradients) => inner.Evaluate(asked, gradients);

        public void Dispose() => inner.Dispose();
    }
}
