using System.Collections.Immutable;

namespace Grokking.Host.Benchmarks;

/// <summary>What was measured of one workload.</summary>
/// <param name="Workload">The workload.</param>
/// <param name="Beginning">What was timed once.</param>
/// <param name="OperationsPerStep">Floating-point operations, counted minimally.</param>
/// <param name="StepsPerSecond">Over the windows.</param>
/// <param name="ShareOfPeak">GFLOP/s over those of the bursts just before and just after each window.</param>
/// <param name="StepsTaken">Steps from the start.</param>
/// <param name="TrainLoss">The loss at the end.</param>
internal sealed record Measurement(
    Workload Workload,
    Beginning Beginning,
    double OperationsPerStep,
    Spread StepsPerSecond,
    Spread ShareOfPeak,
    long StepsTaken,
    double TrainLoss)
{
    /// <summary>GFLOP/s, counted minimally.</summary>
    public Spread Gigaflops => StepsPerSecond.Times(OperationsPerStep / 1e9);
}

/// <summary>A speed of the machine itself.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Threads">On how many threads.</param>
/// <param name="Speed">In the unit of its table.</param>
internal sealed record MachineSpeed(string Name, int Threads, Spread Speed);

/// <summary>All that <c>bench</c> measured.</summary>
/// <param name="Threads">Threads of the engine.</param>
/// <param name="NumericsProfile">What the engine's bits depend on.</param>
/// <param name="Arithmetic">GFLOP/s of multiply-adds in registers; empty where it was not asked for.</param>
/// <param name="Bursts">GFLOP/s of the widest instructions on <paramref name="Threads"/> threads, between the windows.</param>
/// <param name="Memory">GB/s; empty where it was not asked for.</param>
/// <param name="Workloads">The workloads, in the order of the table.</param>
internal sealed record BenchResult(
    int Threads,
    string NumericsProfile,
    ImmutableArray<MachineSpeed> Arithmetic,
    Spread Bursts,
    ImmutableArray<MachineSpeed> Memory,
    ImmutableArray<Measurement> Workloads);
