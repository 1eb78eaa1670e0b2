using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Grokking.Host.Benchmarks;
using Grokking.Host.Devices;
using Grokking.Host.Output;

namespace Grokking.Host.Commands;

/// <summary><c>bench</c>: this machine's own peak, and the training step's speed against it.</summary>
internal static class BenchCommand
{
    private const double LeastSeconds = 0.01;
    private const double MostSeconds = 600;
    private const double DefaultSeconds = 7;
    private const string MachineOnly = "peak";
    private const int MostRuns = 4096;
    private const int ManyRuns = 256;
    private const int ManyNetworks = 64;

    // Products rounded to TF32 (relative 5e-4 each), over twenty steps.
    private const double Tolerance = 2e-3;

    /// <summary>Makes the command.</summary>
    public static Command Create(CommonOptions common, Terminal terminal)
    {
        Option<double> seconds = Seconds();
        var scaling = new Option<bool>("--scaling") { Description = "Measures p = 47 to 211 and N = 128 to 2048 instead: does the cost grow as the arithmetic does?" };
        var networks = new Option<bool>("--networks") { Description = "Measures transformers, recurrent networks and perceptrons on batches instead." };
        var only = new Option<string?>("--only")
        {
            Description = $"One workload alone, or {MachineOnly} for the multiply-adds alone: {string.Join(", ", Names)}.",
            HelpName = "NAME",
        };
        only.AcceptWords([.. Names]);
        var start = new Option<string?>("--write-start")
        {
            Description = "Measures nothing; writes samples, first weights and settings of the workload of --only (default: w1) as safetensors, for other programs.",
            HelpName = "FILE",
        };
        Option<long?> runs = NumberOption.Create(
            "--runs", 1, MostRuns, $"How many runs go through the device together, with --device cuda (default: one, and {ManyRuns} of the quadratic network or {ManyNetworks} of another).");
        var command = new Command("bench", "Measures this machine's peak and how much of it a training step uses. Wants an otherwise idle machine.")
        {
            seconds, scaling, networks, only, start, runs, common.Threads, common.Json,
        };
        foreach (Option option in common.Engine.ForMany)
            command.Add(option);
        command.Validators.Add(result =>
        {
            bool[] choices = [result.GetValue(scaling), result.GetValue(networks), result.GetValue(only) is not null || result.GetValue(start) is not null];
            if (choices.Count(chosen => chosen) > 1)
                result.AddError("--scaling and --networks exclude each other, --only and --write-start.");
            if (result.GetValue(start) is not null && result.GetValue(only) == MachineOnly)
                result.AddError($"--write-start needs a workload; {MachineOnly} is none.");
            bool device = common.Engine.AsksForDevice(result);
            if (result.GetValue(runs) is not null && !device)
                result.AddError("--runs is a device's; it goes with --device cuda or --device auto.");
            if (device && (result.GetValue(only) == MachineOnly || result.GetValue(start) is not null))
                result.AddError($"--only {MachineOnly} and --write-start are the processor's; they do not go with --device.");
        });
        command.SetAction(parsed =>
        {
            string? name = parsed.GetValue(only);
            bool sizes = parsed.GetValue(scaling), others = parsed.GetValue(networks);
            ImmutableArray<Workload> workloads = sizes ? Workloads.Scaling
                : others ? Workloads.Networks
                : name is null ? Workloads.Quadratic
                : [.. Workloads.Named.Where(workload => workload.Name == name)];
            if (parsed.GetValue(start) is { } path)
            {
                StartingPoint.Write(name is null ? Workloads.Flagship : workloads[0], Path.GetFullPath(path));
                return ExitCode.Done;
            }

            CommonSettings settings = common.Of(parsed);
            Result<DeviceEngine?> opened = common.Engine.Open(parsed, settings.Threads);
            if (opened is Result<DeviceEngine?>.Failure refused)
                return Refusal.Of(terminal, refused.Reason);
            if (opened is Result<DeviceEngine?>.Success { Value: { } device })
                return OnDevice(workloads, device, (int?)parsed.GetValue(runs), parsed.GetValue(seconds), settings, terminal);
            bool whole = name is null && !sizes && !others;
            var plan = new BenchPlan(settings.Threads, parsed.GetValue(seconds), WithArithmetic: whole || name == MachineOnly, WithMemory: whole);
            return Measure(workloads, plan, settings.Json, terminal);
        });
        return command;
    }

    // A speed is worth something only if what was computed is right: as near to the processor as rounding to TF32 allows.
    private static int OnDevice(ImmutableArray<Workload> workloads, DeviceEngine device, int? runs, double seconds, CommonSettings settings, Terminal terminal)
    {
        int windows = Math.Max(1, (int)Math.Round(seconds));
        var measurements = new List<DeviceMeasurement>();
        foreach (Workload workload in workloads)
        {
            foreach (int together in runs is { } given ? new[] { given } : [1, workload.Recipe.BatchSize is null ? ManyRuns : ManyNetworks])
            {
                terminal.Say($"{together} x {workload.Name}: {workload.Description}");
                switch (new DeviceWorkload(device, settings.Threads).Measure(workload, together, windows, seconds / windows))
                {
                    case Result<DeviceMeasurement>.Success { Value: var measured }:
                        measurements.Add(measured);
                        break;
                    case Result<DeviceMeasurement>.Failure { Reason: var reason }:
                        return Refusal.Of(terminal, reason);
                    default:
                        break;
                }
            }
        }

        DeviceReport.Table(measurements, terminal, asTalk: settings.Json);
        if (settings.Json)
            terminal.Data(DeviceReport.Json(measurements));
        if (measurements.Find(measured => !(measured.Deviation <= Tolerance)) is not { } wrong)
            return ExitCode.Done;
        terminal.Say($"error: after {wrong.Standing.Steps} steps the loss of {wrong.Workload.Name} is {wrong.Standing.Evaluation.TrainLoss}, on the processor {wrong.Expected.TrainLoss}; its speed means nothing.");
        return ExitCode.Failed;
    }

    private static IEnumerable<string> Names => [MachineOnly, .. Workloads.Named.Select(workload => workload.Name)];

    private static int Measure(ImmutableArray<Workload> workloads, BenchPlan plan, bool json, Terminal terminal)
    {
        BenchResult result = new Bench(plan, terminal.Say).Measure(workloads);
        BenchReport.Tables(result, terminal, asTalk: json);
        if (json)
            terminal.Data(BenchReport.Json(result));
        if (result.Workloads.FirstOrDefault(measurement => !double.IsFinite(measurement.TrainLoss)) is { } diverged)
        {
            terminal.Say($"error: the loss of {diverged.Workload.Name} is {diverged.TrainLoss}; its speed means nothing.");
            return ExitCode.Failed;
        }

        return ExitCode.Done;
    }

    private static Option<double> Seconds() => new("--seconds")
    {
        Description = $"How long each workload is timed, in windows of about a second (default: {DefaultSeconds}).",
        HelpName = "S",
        DefaultValueFactory = _ => DefaultSeconds,
        CustomParser = result =>
        {
            string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value is >= LeastSeconds and <= MostSeconds)
                return value;
            result.AddError(FormattableString.Invariant($"--seconds is {text}; it must be a number from {LeastSeconds} to {MostSeconds}."));
            return DefaultSeconds;
        },
    };
}
