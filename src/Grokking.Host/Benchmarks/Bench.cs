using System.Collections.Immutable;

namespace Grokking.Host.Benchmarks;

/// <summary>How <c>bench</c> measures.</summary>
/// <param name="Threads">Threads of the engine.</param>
/// <param name="Seconds">How long each workload is timed in all, greater than 0.</param>
/// <param name="WithArithmetic">Whether the peak of each vector width is measured, and not only that of the widest between the windows.</param>
/// <param name="WithMemory">Whether the memory's speed is measured.</param>
internal sealed record BenchPlan(int Threads, double Seconds, bool WithArithmetic, bool WithMemory);

/// <summary>
/// Measures workloads in turn, window by window, with a burst of the machine's own multiply-adds between any two windows: processors change
/// their speed from second to second, and a share of the peak means something only if both were taken at the same time.
/// </summary>
/// <param name="plan">How.</param>
/// <param name="say">Told what is being done.</param>
internal sealed class Bench(BenchPlan plan, Action<string> say)
{
    private const double WindowSeconds = 1;
    private const int FewestWindows = 3;
    private const double BurstsPerWindow = 0.05;
    private const int Repetitions = 5;

    private readonly List<double> bursts = [];

    private int Windows => Math.Max(FewestWindows, (int)Math.Round(plan.Seconds / WindowSeconds));

    private double Window => plan.Seconds / Windows;

    /// <summary>Measures.</summary>
    /// <param name="workloads">What; the first is the one that starts in a fresh process. None to measure the machine only.</param>
    /// <returns>What was measured.</returns>
    public BenchResult Measure(ImmutableArray<Workload> workloads)
    {
        WorkloadRun[] runs = new WorkloadRun[workloads.Length];
        try
        {
            // Before anything else has warmed up the runtime or taken memory.
            for (int i = 0; i < runs.Length; i++)
            {
                say($"compiling {workloads[i].Name}: {workloads[i].Description}");
                runs[i] = new(workloads[i], plan.Threads);
            }

            ImmutableArray<MachineSpeed> arithmetic = plan.WithArithmetic ? Arithmetic() : [];
            ImmutableArray<Measurement> measurements = InTurn(runs);
            return new(
                plan.Threads,
                runs.Length > 0 ? runs[0].NumericsProfile : "",
                arithmetic,
                Spread.Of(bursts),
                plan.WithMemory ? Memory() : [],
                measurements);
        }
        finally
        {
            foreach (WorkloadRun? run in runs)
                run?.Dispose();
        }
    }

    private ImmutableArray<Measurement> InTurn(WorkloadRun[] runs)
    {
        List<double>[] rates = [.. runs.Select(_ => new List<double>())];
        List<double>[] shares = [.. runs.Select(_ => new List<double>())];
        double before = Burst();
        for (int window = 0; window < Windows; window++)
        {
            if (runs.Length > 0)
                say($"window {window + 1} of {Windows}");
            for (int i = 0; i < runs.Length; i++)
            {
                double rate = runs[i].Window(Window);
                double after = Burst();
                rates[i].Add(rate);
                shares[i].Add(rate * runs[i].OperationsPerStep / 1e9 / ((before + after) / 2));
                before = after;
            }
        }

        return
        [
            .. runs.Select((run, i) => new Measurement(
                run.Workload, run.Beginning, run.OperationsPerStep, Spread.Of(rates[i]), Spread.Of(shares[i]), run.StepsTaken, run.Judge().TrainLoss)),
        ];
    }

    private double Burst()
    {
        double speed = ArithmeticPeak.Widest.Burst(plan.Threads, Window * BurstsPerWindow);
        bursts.Add(speed);
        return speed;
    }

    private ImmutableArray<MachineSpeed> Arithmetic()
    {
        say("measuring the peak of the arithmetic");
        return
        [
            .. ArithmeticPeak.Available.SelectMany(peak => ThreadCounts.Select(threads =>
                new MachineSpeed(peak.Name, threads, Repeated(() => peak.Burst(threads, Window / Repetitions))))),
        ];
    }

    private ImmutableArray<MachineSpeed> Memory()
    {
        say("measuring the memory");
        var memory = new MemoryBandwidth();
        return
        [
            .. ThreadCounts.SelectMany(threads => new MachineSpeed[]
            {
                new("read", threads, Repeated(() => memory.Read(threads))),
                new("triad", threads, Repeated(() => memory.Triad(threads))),
            }),
        ];
    }

    private IEnumerable<int> ThreadCounts => new[] { 1, plan.Threads }.Distinct();

    // The first is thrown away: it compiles, and touches pages for the first time.
    private static Spread Repeated(Func<double> measure) => Spread.Of(Enumerable.Range(0, Repetitions + 1).Select(_ => measure()).ToArray().Skip(1));
}
