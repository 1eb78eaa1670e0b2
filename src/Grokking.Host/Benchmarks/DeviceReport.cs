using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Grokking.Host.Output;
using Grokking.Host.Runs;

namespace Grokking.Host.Benchmarks;

/// <summary>Shows what <c>bench</c> measured on a device: a table for people, one JSON object for programs. Spreads are median, smallest and largest.</summary>
internal static class DeviceReport
{
    /// <summary>Writes the table.</summary>
    /// <param name="measurements">What was measured.</param>
    /// <param name="terminal">Where to write.</param>
    /// <param name="asTalk">Whether standard output is kept for something else.</param>
    public static void Table(IReadOnlyList<DeviceMeasurement> measurements, Terminal terminal, bool asTalk) => terminal.Table(
        ["workload", "runs", "run-steps/s", "least", "largest", "µs per run-step", "steps/s", "GFLOP/s", "compiled in ms", "from the processor's loss", "loss", "what"],
        measurements.Select(of => (IReadOnlyList<string>)
        [
            of.Workload.Name,
            Number(of.Runs),
            Number(of.RunStepsPerSecond.Median),
            Number(of.RunStepsPerSecond.Least),
            Number(of.RunStepsPerSecond.Largest),
            Number(1e6 / of.RunStepsPerSecond.Median),
            Number(of.StepsPerSecond.Median),
            Number(of.RunStepsPerSecond.Median * of.OperationsPerStep / 1e9),
            Number(of.CompileSeconds * 1e3),
            of.Deviation.ToString("0.0e0", CultureInfo.InvariantCulture),
            of.TrainLoss.ToString("g6", CultureInfo.InvariantCulture),
            of.Workload.Description,
        ]),
        asTalk);

    /// <summary>The same as one line of JSON.</summary>
    /// <param name="measurements">What was measured; at least one.</param>
    public static string Json(IReadOnlyList<DeviceMeasurement> measurements) => JsonLine.Write(line =>
    {
        line.WriteString("version", RunEnvironment.ProgramVersion);
        line.WriteString("commit", RunEnvironment.ProgramCommit);
        line.WriteString("runtime", RuntimeInformation.FrameworkDescription);
        line.WriteString("operating_system", RuntimeInformation.OSDescription);
        line.WriteString("numerics_profile", measurements[0].NumericsProfile);
        line.WriteStartArray("workloads");
        foreach (DeviceMeasurement measurement in measurements)
            Write(line, measurement);
        line.WriteEndArray();
    });

    private static void Write(Utf8JsonWriter line, DeviceMeasurement of)
    {
        line.WriteStartObject();
        BenchReport.Write(line, of.Workload);
        line.WriteNumber("runs", of.Runs);
        line.WriteNumber("mflop_per_step", Math.Round(of.OperationsPerStep / 1e6, 1));
        Write(line, "run_steps_per_second", of.RunStepsPerSecond);
        Write(line, "steps_per_second", of.StepsPerSecond);
        line.WriteNumber("compile_milliseconds", Math.Round(of.CompileSeconds * 1e3, 1));
        BenchReport.Write(line, "deviation", of.Deviation);
        line.WriteStartObject("after_first_steps");
        BenchReport.Write(line, of.Standing);
        line.WriteEndObject();
        line.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter line, string name, Spread spread)
    {
        line.WriteStartObject(name);
        BenchReport.Members(line, spread);
        line.WriteEndObject();
    }

    private static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}
