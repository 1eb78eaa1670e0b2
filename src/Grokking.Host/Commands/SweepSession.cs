using System.Collections.Immutable;
using System.Globalization;
using Grokking.Host.Devices;
using Grokking.Host.Experiments;
using Grokking.Host.Output;
using Grokking.Host.Runs;
using Grokking.Host.Sweeps;

namespace Grokking.Host.Commands;

/// <summary>One sitting of a sweep in the foreground: says what it will cost, trains, and reports.</summary>
/// <param name="planned">The sweep.</param>
/// <param name="settings">The common options.</param>
/// <param name="terminal">Where to write.</param>
/// <param name="shard">Which part of it; null for the whole.</param>
internal sealed class SweepSession(PlannedSweep planned, CommonSettings settings, Terminal terminal, Shard? shard = null)
{
    private const int MostReasons = 10;
    private readonly PlannedSweep sweep = shard is { } part ? planned with { Plan = planned.Plan.Only(part) } : planned;
    private readonly RunCatalogue catalogue = new(settings.Data);

    /// <summary>The device that trains; null for the processor.</summary>
    public DeviceEngine? Device { get; init; }

    /// <summary>How many runs a device trains at once.</summary>
    public int Together { get; init; }

    /// <summary>Trains what is not done.</summary>
    /// <param name="measured">Whether to measure first how long it will take.</param>
    /// <param name="stop">Cancelled when somebody wants the process to stop.</param>
    /// <returns>The exit code.</returns>
    public int Run(bool measured, CancellationToken stop)
    {
        SweepStanding before = SweepStanding.Of(sweep.Plan, catalogue);
        var left = Left(sweep.Plan, before);
        string scope = shard is { } part ? $", shard {part}" : "";
        terminal.Say($"sweep {sweep.Plan.Id}{scope}: {sweep.Plan.Runs.Length} runs, {before.Count(RunStatus.Completed)} completed already");
        ImmutableArray<RunEnd> ends = [];
        if (left.Length > 0)
        {
            IReadOnlySet<string> known = Warn(sweep.Plan, terminal);
            // What is measured is the processor's speed; and a shard was sized when it was submitted: two seconds of measuring would be more than a hundredth of its work.
            terminal.Say($"to be trained: {Estimate(sweep.Plan, before, settings.Threads, measured && Device is null && shard is null, stop).Sentence}");
            var progress = new SweepProgressLine(left, sweep.Plan.Runs.Length, known, terminal, TimeProvider.System);
            ends = Runner(left, progress, stop).Run([.. left.Select(each => (each.Point, each.Run))], stop);
            progress.Close();
        }

        return Report(ends);
    }

    private SweepRunner Runner((SweepPoint Point, PlannedRun Run, long Step)[] left, SweepProgressLine progress, CancellationToken stop)
    {
        if (Device is not { } device)
            return new SweepRunner(catalogue, settings.Threads, TimeProvider.System, progress);
        foreach (IGrouping<SweepPoint, (SweepPoint Point, PlannedRun Run, long Step)> point in left.GroupBy(each => each.Point))
            device.Expect(point.Key.Settings(), point.Count());
        return new SweepRunner(catalogue, settings.Threads, TimeProvider.System, progress)
        {
            Engine = (experiment, _) => device.Together(experiment, Together, stop),
            Together = Together,
        };
    }

    /// <summary>What there is to train still, the longest first, and the steps that are behind it already.</summary>
    public static (SweepPoint Point, PlannedRun Run, long Step)[] Left(SweepPlan plan, SweepStanding standing)
    {
        Dictionary<string, RunStanding> runs = standing.Runs.ToDictionary(run => run.Run.Run);
        // The longest first, so that no thread is left alone with it in the end.
        return
        [
            .. plan.Runs
                .OrderByDescending(pair => plan.Costs.Of(pair.Point).Whole)
                .Where(pair => runs[pair.Run.Run].Status != RunStatus.Completed)
                .Select(pair => (pair.Point, pair.Run, runs[pair.Run.Run].Record?.Step ?? 0)),
        ];
    }

    /// <summary>How long that will take at most.</summary>
    public static Estimate Estimate(SweepPlan plan, SweepStanding standing, int threads, bool measured, CancellationToken stop) =>
        Sweeps.Estimate.Of(Left(plan, standing), plan.Costs, threads, measured, stop);

    /// <summary>How a command names the sweep: by its id where it lies below the data directory.</summary>
    public static string Reference(PlannedSweep sweep, CommonSettings settings) =>
        new SweepCatalogue(settings.Data).FolderOf(sweep.Plan.Id).Path == sweep.Folder.Path ? sweep.Plan.Id : sweep.Folder.Path;

    /// <summary>Warns of settings that are known to lead nowhere; the first of them speaks for the others.</summary>
    /// <returns>All warnings.</returns>
    public static IReadOnlySet<string> Warn(SweepPlan plan, Terminal terminal)
    {
        (SweepPoint Point, string Warning)[] warnings =
        [
            .. OnAllProcessors.Map(plan.Points, point => PhysicsGuards.Warnings(point.Settings()).Select(warning => (point, warning)).ToArray()).SelectMany(each => each),
        ];
        if (warnings is [var first, .. var others])
        {
            string more = others.Length == 0 ? "" : $" (There are {others.Length} more warnings; each run's log has its own.)";
            terminal.Say($"warning: {(first.Point.Words.Length > 0 ? $"{first.Point.Words}: " : "")}{first.Warning}{more}");
        }

        return warnings.Select(each => each.Warning).ToHashSet();
    }

    private int Report(ImmutableArray<RunEnd> ends)
    {
        SweepStanding after = SweepStanding.Of(sweep.Plan, catalogue);
        int completed = after.Count(RunStatus.Completed);
        int failed = ends.Count(end => end.Failed);
        int grokked = after.Runs.Count(run => run.Record?.Outcome?.Milestones.Grokked.First is not null);
        string status = failed > 0 ? "failed" : completed == after.Runs.Length ? "completed" : "interrupted";
        terminal.Table(
            ["sweep", sweep.Plan.Id],
            [
                ["status", status],
                ["completed", $"{completed} of {after.Runs.Length}"],
                ["grokked", grokked.ToString(CultureInfo.InvariantCulture)],
                .. failed > 0 ? [["failed", failed.ToString(CultureInfo.InvariantCulture)]] : Array.Empty<string[]>(),
                ["files", sweep.Folder.Path],
            ],
            asTalk: settings.Json);
        foreach (string sentence in Reasons(ends))
            terminal.Say($"error: {sentence}");
        string reference = Reference(sweep, settings);
        int open = after.Runs.Length - completed;
        string again = shard is { } part ? $"{reference} --shard {part}" : reference;
        if (open > 0)
            terminal.Say($"{open} {(open == 1 ? "run is" : "runs are")} not completed; go on with: {ProgramName.Current} sweep run {again}");
        else if (shard is null)
            terminal.Say($"merge with: {ProgramName.Current} sweep merge {reference}");
        if (settings.Json)
        {
            terminal.Data(JsonLine.Write(json =>
            {
                json.WriteString("sweep", sweep.Plan.Id);
                if (shard is { } mine)
                    json.WriteString("shard", mine.ToString());
                json.WriteString("status", status);
                json.WriteNumber("runs", after.Runs.Length);
                json.WriteNumber("completed", completed);
                json.WriteNumber("failed", failed);
                json.WriteNumber("grokked", grokked);
                json.WriteString("directory", sweep.Folder.Path);
            }));
        }

        return status switch
        {
            "failed" => ExitCode.Failed,
            "completed" => ExitCode.Done,
            _ => ExitCode.Interrupted,
        };
    }

    /// <summary>Why runs failed, grouped by reason: ten thousand runs that found the same full disk are one sentence.</summary>
    public static IEnumerable<string> Reasons(IEnumerable<RunEnd> ends)
    {
        ImmutableArray<FailureGroup> groups = FailureGroup.Of(ends.Where(end => end.Failed)
            .Select(end => (end.Run, end.Reason ?? (end.Record?.Status == RunStatus.Cancelled ? "it was cancelled" : "it failed; see its log"))));
        foreach (FailureGroup group in groups.Take(MostReasons))
            yield return group.Sentence;
        if (groups.Length > MostReasons)
            yield return $"There are {groups.Length - MostReasons} more reasons; sweep status lists all of them.";
    }
}
