using System.Collections.Immutable;
using System.Diagnostics;
using Grokking.Arithmetic;
using Grokking.Host.Devices;
using Grokking.Randomness;
using Grokking.Training;

namespace Grokking.Host.Benchmarks;

/// <summary>What was measured of a workload on a device.</summary>
/// <param name="Workload">The workload.</param>
/// <param name="Runs">How many runs went through the device together.</param>
/// <param name="NumericsProfile">What the bits depend on.</param>
/// <param name="CompileSeconds">From samples and recipe to a step that can run.</param>
/// <param name="StepsPerSecond">Steps of all runs together, over the windows.</param>
/// <param name="OperationsPerStep">Floating-point operations of a step of one run, counted minimally.</param>
/// <param name="Standing">Where run 0 stands after the first steps, judged by the processor.</param>
/// <param name="Expected">The same of run 0 on the processor.</param>
/// <param name="TrainLoss">The loss of run 0 at the end.</param>
internal sealed record DeviceMeasurement(
    Workload Workload,
    int Runs,
    string NumericsProfile,
    double CompileSeconds,
    Spread StepsPerSecond,
    double OperationsPerStep,
    Standing Standing,
    Evaluation Expected,
    double TrainLoss)
{
    /// <summary>Steps of one run, summed over the runs.</summary>
    public Spread RunStepsPerSecond => StepsPerSecond.Times(Runs);

    /// <summary>How far the training loss after the first steps is from the processor's, relatively.</summary>
    public double Deviation => Math.Abs((Standing.Evaluation.TrainLoss / Expected.TrainLoss) - 1);
}

/// <summary>Trains runs of a workload on a device, and times them. Run r has the weights, samples and batches of seed r.</summary>
/// <param name="device">The device.</param>
/// <param name="threads">Threads of the processor, which judges.</param>
internal sealed class DeviceWorkload(DeviceEngine device, int threads)
{
    private const int FirstSteps = WorkloadRun.FirstSteps;

    /// <summary>Measures.</summary>
    /// <param name="workload">What.</param>
    /// <param name="runs">How many runs at once.</param>
    /// <param name="windows">In how many windows.</param>
    /// <param name="seconds">How long each of them is.</param>
    /// <returns>What was measured, or the sentence that says why it cannot be.</returns>
    public Result<DeviceMeasurement> Measure(Workload workload, int runs, int windows, double seconds)
    {
        (Samples Train, Samples Test)[] samples = [.. Enumerable.Range(0, runs).Select(seed => SamplesOf(workload, Key(seed)))];
        TrainState[] states = [.. Enumerable.Range(0, runs).Select(seed => InitialState.Of(workload.Recipe, Precision.Single, Key(seed)))];
        long start = Stopwatch.GetTimestamp();
        return device.Fleet(workload.Recipe, samples[0].Train, samples[0].Test, runs).Map(fleet =>
        {
            using (fleet)
            {
                for (int run = 0; run < runs; run++)
                    fleet.Load(run, workload.Recipe, states[run], samples[run].Train, samples[run].Test);
                double compiled = Stopwatch.GetElapsedTime(start).TotalSeconds;
                return Measured(workload, fleet, states[0], samples[0], compiled, windows, seconds);
            }
        });
    }

    private DeviceMeasurement Measured(Workload workload, IFleet fleet, TrainState first, (Samples Train, Samples Test) samples, double compiled, int windows, double seconds)
    {
        int[] places = [.. Enumerable.Range(0, fleet.Places)];
        Advance(workload, fleet, places, FirstSteps);
        Evaluation reached = Judged(workload, samples, fleet.StateOf(0));
        Evaluation expected = Expected(workload, samples, first);
        double rate = FirstSteps / Seconds(() => Advance(workload, fleet, places, FirstSteps));
        var rates = ImmutableArray.CreateBuilder<double>();
        for (int window = 0; window < windows; window++)
        {
            int steps = Math.Max(1, (int)Math.Round(rate * seconds));
            rate = steps / Seconds(() => Advance(workload, fleet, places, steps));
            rates.Add(rate);
        }

        double operations = workload.OperationsPerStep(samples.Train.Count, samples.Test.Count);
        return new(workload, places.Length, fleet.NumericsProfile, compiled, Spread.Of(rates), operations, new(FirstSteps, reached), expected, Judged(workload, samples, fleet.StateOf(0)).TrainLoss);
    }

    // Steps are only done when somebody has looked at their result.
    private static void Advance(Workload workload, IFleet fleet, int[] places, int steps)
    {
        for (int taken = 0; workload.Evaluates && taken < steps; taken++)
        {
            fleet.Advance(places, 1);
            fleet.Evaluate(places, gradients: false);
        }

        if (!workload.Evaluates)
            fleet.Advance(places, steps);
        _ = fleet.StateOf(places[^1]);
    }

    private static double Seconds(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private Evaluation Judged(Workload workload, (Samples Train, Samples Test) samples, TrainState state)
    {
        using var judge = new StepMachine(workload.Recipe, Workload.Judged(samples.Train), Workload.Judged(samples.Test), Precision.Single, threads);
        judge.Load(state);
        return judge.Evaluate(gradients: false);
    }

    private Evaluation Expected(Workload workload, (Samples Train, Samples Test) samples, TrainState state)
    {
        using var machine = new StepMachine(workload.Recipe, samples.Train, samples.Test, Precision.Single, threads);
        machine.Load(state);
        machine.Advance(FirstSteps);
        return Judged(workload, samples, machine.State);
    }

    private static (Samples Train, Samples Test) SamplesOf(Workload workload, RandomKey key)
    {
        DataSplit split = workload.Split(key);
        return (Samples.TrainOf(split), Samples.TestOf(split));
    }

    private static RandomKey Key(int seed) => RandomKey.FromSeed((ulong)seed);
}
