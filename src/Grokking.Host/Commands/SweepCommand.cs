using System.CommandLine;
using Grokking.Host.Output;
using Grokking.Host.Runs;
using Grokking.Host.Sweeps;

namespace Grokking.Host.Commands;

/// <summary><c>sweep plan|run|submit|status|merge|compare</c>: many runs.</summary>
internal static class SweepCommand
{
    private const int UsuallyTogether = 256;
    private const int MostTogether = 4096;

    /// <summary>Makes the command.</summary>
    /// <param name="common">Options that it shares.</param>
    /// <param name="terminal">Where it writes.</param>
    /// <param name="word">The word after it.</param>
    public static Command Create(CommonOptions common, Terminal terminal, string? word)
    {
        var command = new Command("sweep", "Trains many runs: names them in a plan, trains those that are not done, several at once, and merges their results.");
        IReadOnlyList<Command> commands = NamedCommand.OrAll(
            word,
            [
                ("plan", () => CreatePlan(common, terminal)),
                ("run", () => CreateRun(common, terminal)),
                ("submit", () => CreateSubmit(common, terminal)),
                ("status", () => SweepStatusCommand.Create(common, terminal)),
                ("merge", () => SweepMergeCommand.Create(common, terminal)),
                ("compare", () => SweepCompareCommand.Create(common, terminal)),
            ]);
        foreach (Command part in commands)
            command.Subcommands.Add(part);
        return command;
    }

    private static Command CreateSubmit(CommonOptions common, Terminal terminal) =>
        new("submit", "Hands a planned sweep to a scheduler, in shards that any number of machines train; submitting it again trains what is left.")
        {
            SubmitSlurmCommand.Create(common, terminal),
            SubmitParallelCommand.Create(common, terminal),
            SubmitKubernetesCommand.Create(common, terminal),
        };

    private static Command CreatePlan(CommonOptions common, Terminal terminal)
    {
        var what = new Argument<string>("SWEEP")
        {
            Description = "A sweep preset, a sweep file, or an experiment that --vary and --seeds make a sweep of.",
        };
        var options = new SweepOptions();
        var command = new Command("plan", "Names every run of a sweep in an immutable plan.json, and says how long they will take at most.")
        {
            what, common.Threads, common.Json,
        };
        options.AddTo(command);
        command.SetAction(parsed =>
        {
            CommonSettings settings = common.Of(parsed);
            return options.Plan(parsed, parsed.GetRequiredValue(what), settings).Match(
                sweep => Planned(sweep, settings, !parsed.GetValue(options.Unmeasured), terminal),
                reason => Refusal.Of(terminal, reason));
        });
        return command;
    }

    private static Command CreateRun(CommonOptions common, Terminal terminal)
    {
        Argument<string> what = SweepArgument();
        what.Description += " Or whatever sweep plan takes, which is then planned first.";
        var options = new SweepOptions();
        var command = new Command("run", "Trains the runs of a sweep that are not done, several at once; goes on where it was interrupted.")
        {
            what, common.Threads, common.Json,
        };
        options.AddTo(command);
        var part = new ShardOptions();
        part.AddTo(command);
        foreach (Option option in common.Engine.ForMany)
            command.Add(option);
        Option<long?> together = NumberOption.Create(
            "--together", 1, MostTogether, $"How many runs a device trains at once (default: {UsuallyTogether}, fewer where its memory does not hold them); those that share their computation go through it together.");
        together.Validators.Add(result =>
        {
            if (!common.Engine.AsksForDevice(result))
                result.AddError("--together is a device's; it goes with --device cuda or --device auto (--threads says how many runs the processor trains at once).");
        });
        command.Add(together);
        command.SetAction(parsed =>
        {
            using var signals = new StopSignals();
            CommonSettings settings = common.Of(parsed);
            return common.Engine.Open(parsed, threads: 1)
                .Bind(device => part.Of(parsed).Bind(shard => Found(parsed, options, parsed.GetRequiredValue(what), settings).Map(sweep => new SweepSession(sweep, settings, terminal, shard)
                {
                    Device = device,
                    Together = (int)(parsed.GetValue(together) ?? UsuallyTogether),
                })))
                .Match(
                    session => session.Run(measured: !parsed.GetValue(options.Unmeasured), signals.Token),
                    reason => Refusal.Of(terminal, reason));
        });
        return command;
    }

    /// <summary>The argument SWEEP of commands that want a planned sweep.</summary>
    public static Argument<string> SweepArgument() => new("SWEEP")
    {
        Description = "A planned sweep's id, the beginning of one, or a sweep's folder.",
    };

    private static Result<PlannedSweep> Found(ParseResult parsed, SweepOptions options, string name, CommonSettings settings)
    {
        var catalogue = new SweepCatalogue(settings.Data);
        if (!catalogue.Knows(name))
            return options.Plan(parsed, name, settings);
        return options.AreGiven(parsed)
            ? Result.Failure<PlannedSweep>(
                $"'{name}' is planned already, and a plan is immutable; --vary, --set, --seeds and --quick make a new one from an experiment or a sweep preset.")
            : catalogue.Find(name);
    }

    private static int Planned(PlannedSweep sweep, CommonSettings settings, bool measured, Terminal terminal)
    {
        SweepPlan plan = sweep.Plan;
        SweepStanding standing = SweepStanding.Of(plan, new RunCatalogue(settings.Data));
        Estimate estimate = SweepSession.Estimate(plan, standing, settings.Threads, measured, CancellationToken.None);
        int completed = standing.Count(RunStatus.Completed);
        terminal.Table(
            ["sweep", plan.Id],
            [
                ["name", plan.Name],
                ["points", plan.HasSeries ? $"{plan.Points.Length} in {plan.Points.DistinctBy(point => point.Series).Count()} series" : $"{plan.Points.Length}"],
                ["runs", completed == 0 ? $"{plan.Runs.Length}" : $"{plan.Runs.Length}, of which {completed} are completed already"],
                ["to be trained", estimate.Sentence],
                ["plan", sweep.Folder.Plan],
            ],
            asTalk: settings.Json);
        SweepSession.Warn(plan, terminal);
        if (settings.Json)
        {
            terminal.Data(JsonLine.Write(json =>
            {
                json.WriteString("sweep", plan.Id);
                json.WriteString("plan", sweep.Folder.Plan);
                json.WriteNumber("points", plan.Points.Length);
                json.WriteNumber("runs", plan.Runs.Length);
                json.WriteNumber("completed", completed);
                json.WriteNumber("steps_at_most", estimate.Steps);
                if (estimate.Seconds is { } seconds)
                    json.WriteNumber("seconds_at_most", Math.Round(seconds, 1));
                else
                    json.WriteNull("seconds_at_most");
            }));
        }

        terminal.Say($"train with: {ProgramName.Current} sweep run {SweepSession.Reference(sweep, settings)}");
        return ExitCode.Done;
    }
}
