using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Grokking.Host.Configuration;
using Grokking.Host.Output;
using Grokking.Host.Runs;
using Grokking.Networks;

namespace Grokking.Host.Benchmarks;

/// <summary>Shows what <c>bench</c> measured: tables for people, one JSON object for programs. Spreads are median, smallest and largest.</summary>
internal static class BenchReport
{
    private const double Mebi = 1024 * 1024;

    /// <summary>Writes the tables.</summary>
    /// <param name="result">What was measured.</param>
    /// <param name="terminal">Where to write.</param>
    /// <param name="asTalk">Whether standard output is kept for something else.</param>
    public static void Tables(BenchResult result, Terminal terminal, bool asTalk)
    {
        terminal.Table(
            ["machine", "threads", "median", "least", "largest", "unit"],
            [
                .. result.Arithmetic.Select(speed => Row($"multiply-adds, {speed.Name}", speed.Threads, speed.Speed, "GFLOP/s")),
                Row($"the same between the windows, {ArithmeticPeak.Widest.Name}", result.Threads, result.Bursts, "GFLOP/s"),
                .. result.Memory.Select(speed => Row($"memory, {speed.Name}", speed.Threads, speed.Speed, "GB/s")),
            ],
            asTalk);
        if (result.Workloads.Length == 0)
            return;
        terminal.Table(
            ["workload", "steps/s", "least", "largest", "GFLOP/s", "of w1's", "of peak", "least", "largest", "MFLOP/step", "loss", "what"],
            result.Workloads.Select(measurement => Row(measurement, Reference(result))),
            asTalk);
        terminal.Table(
            ["workload", "compiled in ms", $"first {WorkloadRun.FirstSteps}, steps/s", "of steady", "allocated B/step", "B/epoch", "resident MiB"],
            result.Workloads.Select(Beginning),
            asTalk);
    }

    /// <summary>The same as one line of JSON.</summary>
    /// <param name="result">What was measured.</param>
    public static string Json(BenchResult result) => JsonLine.Write(line =>
    {
        line.WriteString("version", RunEnvironment.ProgramVersion);
        line.WriteString("commit", RunEnvironment.ProgramCommit);
        line.WriteString("runtime", RuntimeInformation.FrameworkDescription);
        line.WriteString("operating_system", RuntimeInformation.OSDescription);
        line.WriteString("architecture", RuntimeInformation.ProcessArchitecture.ToString());
        line.WriteNumber("processors", Environment.ProcessorCount);
        line.WriteNumber("threads", result.Threads);
        line.WriteString("numerics_profile", result.NumericsProfile);
        Write(line, "peak_gflops", result.Arithmetic, "instructions");
        Write(line, "burst_gflops", result.Bursts);
        Write(line, "memory_gigabytes_per_second", result.Memory, "access");
        line.WriteStartArray("workloads");
        foreach (Measurement measurement in result.Workloads)
            Write(line, measurement);
        line.WriteEndArray();
    });

    private static void Write(Utf8JsonWriter line, Measurement of)
    {
        line.WriteStartObject();
        Write(line, of.Workload);
        if (of.Workload.Recipe.BatchSize is { } size)
            line.WriteNumber("batch", size);
        else
            line.WriteString("batch", "full");
        line.WriteBoolean("evaluates", of.Workload.Evaluates);
        line.WriteNumber("mflop_per_step", Math.Round(of.OperationsPerStep / 1e6, 1));
        Write(line, "steps_per_second", of.StepsPerSecond);
        Write(line, "gflops", of.Gigaflops);
        Write(line, "share_of_peak", of.ShareOfPeak);
        line.WriteNumber("compile_milliseconds", Math.Round(of.Beginning.CompileSeconds * 1e3, 1));
        line.WriteNumber("first_steps_per_second", Math.Round(of.Beginning.FirstStepsPerSecond, 2));
        line.WriteNumber("allocated_bytes_per_step", Math.Round(of.Beginning.AllocatedBytesPerStep, 1));
        line.WriteNumber("allocated_bytes_per_epoch", of.Beginning.AllocatedBytesPerEpoch);
        line.WriteNumber("resident_mebibytes", Math.Round(of.Beginning.ResidentBytes / Mebi, 1));
        line.WriteNumber("steps", of.StepsTaken);
        line.WriteStartObject("after_first_steps");
        Write(line, of.Beginning.Standing);
        line.WriteEndObject();
        line.WriteEndObject();
    }

    /// <summary>What is measured, as members of an object.</summary>
    public static void Write(Utf8JsonWriter line, Workload workload)
    {
        line.WriteString("name", workload.Name);
        line.WriteString("operation", workload.Operation);
        line.WriteNumber("modulus", workload.Modulus);
        line.WriteStartObject("network");
        Kinds<INetwork>.Write(line, workload.Recipe.Network);
        line.WriteEndObject();
    }

    /// <summary>How weights stand, as members of an object.</summary>
    public static void Write(Utf8JsonWriter line, Standing standing)
    {
        line.WriteNumber("steps", standing.Steps);
        Write(line, "train_loss", standing.Evaluation.TrainLoss);
        Write(line, "train_accuracy", standing.Evaluation.TrainAccuracy);
        Write(line, "test_loss", standing.Evaluation.TestLoss);
        Write(line, "test_accuracy", standing.Evaluation.TestAccuracy);
    }

    /// <summary>A number, or null: JSON has no word for one that is none.</summary>
    public static void Write(Utf8JsonWriter line, string name, double value)
    {
        if (double.IsFinite(value))
            line.WriteNumber(name, value);
        else
            line.WriteNull(name);
    }

    private static void Write(Utf8JsonWriter line, string name, IEnumerable<MachineSpeed> speeds, string what)
    {
        line.WriteStartArray(name);
        foreach (MachineSpeed speed in speeds)
        {
            line.WriteStartObject();
            line.WriteString(what, speed.Name);
            line.WriteNumber("threads", speed.Threads);
            Members(line, speed.Speed);
            line.WriteEndObject();
        }

        line.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter line, string name, Spread spread)
    {
        line.WriteStartObject(name);
        Members(line, spread);
        line.WriteEndObject();
    }

    /// <summary>A spread, as members of an object.</summary>
    public static void Members(Utf8JsonWriter line, Spread spread)
    {
        line.WriteNumber("median", Math.Round(spread.Median, 4));
        line.WriteNumber("least", Math.Round(spread.Least, 4));
        line.WriteNumber("largest", Math.Round(spread.Largest, 4));
        line.WriteNumber("count", spread.Count);
    }

    private static IReadOnlyList<string> Row(string what, int threads, Spread speed, string unit) =>
        [what, Number(threads), Number(speed.Median), Number(speed.Least), Number(speed.Largest), unit];

    // The speed that the others are held against: that of the flagship's sizes, where it was measured.
    private static double Reference(BenchResult result) => result.Workloads
        .FirstOrDefault(measurement => measurement.Workload with { Name = Workloads.Flagship.Name } == Workloads.Flagship)?.Gigaflops.Median ?? double.NaN;

    private static IReadOnlyList<string> Row(Measurement of, double reference) =>
    [
        of.Workload.Name,
        Number(of.StepsPerSecond.Median),
        Number(of.StepsPerSecond.Least),
        Number(of.StepsPerSecond.Largest),
        Number(of.Gigaflops.Median),
        double.IsNaN(reference) ? "" : Share(of.Gigaflops.Median / reference),
        Share(of.ShareOfPeak.Median),
        Share(of.ShareOfPeak.Least),
        Share(of.ShareOfPeak.Largest),
        Number(of.OperationsPerStep / 1e6),
        of.TrainLoss.ToString("g6", CultureInfo.InvariantCulture),
        of.Workload.Description,
    ];

    private static IReadOnlyList<string> Beginning(Measurement of) =>
    [
        of.Workload.Name,
        Number(of.Beginning.CompileSeconds * 1e3),
        Number(of.Beginning.FirstStepsPerSecond),
        Share(of.Beginning.FirstStepsPerSecond / of.StepsPerSecond.Median),
        Number(of.Beginning.AllocatedBytesPerStep),
        Number(of.Beginning.AllocatedBytesPerEpoch),
        Number(of.Beginning.ResidentBytes / Mebi),
    ];

    private static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    private static string Share(double value) => value.ToString("0 %", CultureInfo.InvariantCulture);
}
