using System.Diagnostics;
using Grokking.Arithmetic;
using Grokking.Training;

namespace Grokking.Host.Benchmarks;

/// <summary>How weights stand after so many steps from the start, for comparing implementations.</summary>
/// <param name="Steps">The steps.</param>
/// <param name="Evaluation">Losses and accuracies there.</param>
internal sealed record Standing(long Steps, Evaluation Evaluation);

/// <summary>What is timed once, before a workload has warmed up.</summary>
/// <param name="CompileSeconds">From samples and recipe to a step that can run; in a fresh process with the just-in-time compilation of the engine itself.</param>
/// <param name="FirstStepsPerSecond">Steps per second over the first <see cref="WorkloadRun.FirstSteps"/>, the very first included.</param>
/// <param name="AllocatedBytesPerStep">What one more step allocates on the managed heap, all threads together, but for the orders of epochs that begin.</param>
/// <param name="AllocatedBytesPerEpoch">What the order of an epoch's samples allocates; 0 for full batches.</param>
/// <param name="ResidentBytes">Memory of the process that lies in RAM, with this workload warm.</param>
/// <param name="Standing">Where the first steps have led.</param>
internal sealed record Beginning(
    double CompileSeconds, double FirstStepsPerSecond, double AllocatedBytesPerStep, long AllocatedBytesPerEpoch, long ResidentBytes, Standing Standing);

/// <summary>A workload that is being trained and timed.</summary>
internal sealed class WorkloadRun : IDisposable
{
    /// <summary>The steps that are timed from cold, and after which implementations are compared.</summary>
    public const int FirstSteps = 20;

    private const int Attempts = 3;
    private const int MostAttempts = 25;

    private readonly int threads;
    private readonly Samples train;
    private readonly Samples test;
    private readonly StepMachine machine;
    private double rate;

    /// <summary>Compiles the workload and takes its first steps.</summary>
    /// <param name="workload">The workload.</param>
    /// <param name="threads">Threads of the engine.</param>
    public WorkloadRun(Workload workload, int threads)
    {
        Workload = workload;
        this.threads = threads;
        DataSplit split = workload.Split();
        (train, test) = (Samples.TrainOf(split), Samples.TestOf(split));
        OperationsPerStep = workload.OperationsPerStep(train.Count, test.Count);
        long start = Stopwatch.GetTimestamp();
        machine = new StepMachine(workload.Recipe, train, test, Precision.Single, threads);
        double compiled = Seconds(start);
        machine.Load(InitialState.Of(workload.Recipe, Precision.Single, Workload.Key));
        rate = FirstSteps / Steps(FirstSteps);
        double first = rate;
        TrainState reached = machine.State;
        long order = workload.Recipe.BatchSize is null ? 0 : LeastAllocatedBy(() => Workload.Key.Permutation(train.Count));
        double allocated = Allocated(order);
        rate = FirstSteps / Steps(FirstSteps);
        using Process process = Process.GetCurrentProcess();
        long resident = process.WorkingSet64;
        Beginning = new(compiled, first, allocated, order, resident, new(FirstSteps, Judged(reached)));
    }

    /// <summary>What is trained.</summary>
    public Workload Workload { get; }

    /// <summary>What was timed once.</summary>
    public Beginning Beginning { get; }

    /// <summary>See <see cref="Benchmarks.Workload.OperationsPerStep"/>.</summary>
    public double OperationsPerStep { get; }

    /// <summary>What the engine's bits depend on.</summary>
    public string NumericsProfile => machine.NumericsProfile;

    /// <summary>Steps taken so far.</summary>
    public long StepsTaken => machine.Step;

    /// <summary>Trains for about so long; the clock is looked at twice.</summary>
    /// <param name="seconds">How long.</param>
    /// <returns>Steps per second.</returns>
    public double Window(double seconds)
    {
        int steps = Math.Max(1, (int)Math.Round(rate * seconds));
        rate = steps / Steps(steps);
        return rate;
    }

    /// <summary>How the present weights do: a loss that is not finite has been trained to no purpose, and perhaps at another speed.</summary>
    public Evaluation Judge() => Judged(machine.State);

    /// <inheritdoc/>
    public void Dispose() => machine.Dispose();

    private static double Seconds(long start) => Stopwatch.GetElapsedTime(start).TotalSeconds;

    private double Steps(int steps)
    {
        long start = Stopwatch.GetTimestamp();
        Advance(steps);
        return Seconds(start);
    }

    private void Advance(int steps)
    {
        if (!Workload.Evaluates)
        {
            machine.Advance(steps);
            return;
        }

        for (int i = 0; i < steps; i++)
        {
            machine.Advance(1);
            machine.Evaluate(gradients: false);
        }
    }

    // In a machine of its own, which is gone before anything is timed, on no more samples than both sides can afford at each block.
    private Evaluation Judged(TrainState state)
    {
        using var judge = new StepMachine(Workload.Recipe, Workload.Judged(train), Workload.Judged(test), Precision.Single, threads);
        judge.Load(state);
        return judge.Evaluate(gradients: false);
    }

    // A call may allocate for its caller, as for the state that it returns; what a step allocates is how this grows with the steps. Other threads of the runtime allocate now
    // and then, on a busy machine more often; a step that allocates does it at every attempt.
    private double Allocated(long order)
    {
        long one = long.MaxValue, many = long.MaxValue;
        for (int attempt = 0; attempt < MostAttempts && (attempt < Attempts || many > one); attempt++)
        {
            one = Math.Min(one, AllocatedBy(1, order));
            many = Math.Min(many, AllocatedBy(FirstSteps, order));
        }

        return (many - one) / (double)(FirstSteps - 1);
    }

    private long AllocatedBy(int steps, long order)
    {
        long orders = order * EpochsBegunBy(machine.Step, steps);
        return AllocatedBy(() => Advance(steps)) - orders;
    }

    // The least of several attempts: other threads of the runtime allocate now and then, but a step that allocates always does.
    private static long LeastAllocatedBy(Action action) => Enumerable.Range(0, Attempts).Min(_ => AllocatedBy(action));

    private static long AllocatedBy(Action action)
    {
        long before = GC.GetTotalAllocatedBytes(precise: true);
        action();
        return GC.GetTotalAllocatedBytes(precise: true) - before;
    }

    // Epochs whose first sample some step after the first `from` is the first to see.
    private long EpochsBegunBy(long from, int steps) => Workload.Recipe.BatchSize is { } size ? Epoch(((from + steps) * size) - 1) - Epoch((from * size) - 1) : 0;

    private long Epoch(long sample) => sample / train.Count;
}
