using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Grokking.Host.Benchmarks;
using Grokking.Host.Output;

namespace Grokking.Host.Commands;

/// <summary><c>bench</c>: this machine's own peak, and the training step's speed against it.</summary>
internal static class BenchCommand
{
    private const double LeastSeconds = 0.01;
    private const double MostSeconds = 600;
    private const double DefaultSeconds = 7;
    private const string MachineOnly = "peak";

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
        var command = new Command("bench", "Measures this machine's peak and how much of it a training step uses. Wants an otherwise idle machine.")
        {
            seconds, scaling, networks, only, start, common.Threads, common.Json,
        };
        command.Validators.Add(result =>
        {
            bool[] choices = [result.GetValue(scaling), result.GetValue(networks), result.GetValue(only) is not null || result.GetValue(start) is not null];
            if (choices.Count(chosen => chosen) > 1)
                result.AddError("--scaling and --networks exclude each other, --only and --write-start.");
            if (result.GetValue(start) is not null && result.GetValue(only) == MachineOnly)
                result.AddError($"--write-start needs a workload; {MachineOnly} is none.");
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
            bool whole = name is null && !sizes && !others;
            var plan = new BenchPlan(settings.Threads, parsed.GetValue(seconds), WithArithmetic: whole || name == MachineOnly, WithMemory: whole);
            return Measure(workloads, plan, settings.Json, terminal);
        });
        return command;
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
