using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Grokking.Host.Output;
using Grokking.Host.Runs;
using Grokking.Host.Studies;
using Grokking.Host.Sweeps;

namespace Grokking.Host.Commands;

/// <summary>Reproduces figures in the foreground, one after the other: says what that costs, trains, gathers, draws, judges.</summary>
/// <param name="plans">What each figure needs.</param>
/// <param name="root">The folder below which the figures go.</param>
/// <param name="settings">The common options.</param>
/// <param name="terminal">Where to write.</param>
internal sealed class ReproduceSession(ImmutableArray<StudyPlan> plans, string root, CommonSettings settings, Terminal terminal)
{
    private readonly RunCatalogue catalogue = new(settings.Data);
    private readonly List<(SavedStudy Study, StudyFolder Folder)> done = [];

    /// <summary>Reproduces.</summary>
    /// <param name="measured">Whether to measure first how long it will take.</param>
    /// <returns>The exit code; a verdict that does not hold is a result, not a failure.</returns>
    public int Run(bool measured)
    {
        using var signals = new StopSignals();
        Announce(measured, signals.Token);
        int code = ExitCode.Done;
        foreach (StudyPlan plan in plans)
        {
            int trained = Train(plan, signals.Token);
            if (trained == ExitCode.Done)
                Finish(plan);
            code = Math.Max(code, trained);
            if (signals.Token.IsCancellationRequested)
                break;
        }

        Report(code);
        return code;
    }

    private void Announce(bool measured, CancellationToken stop)
    {
        var left = plans.Select(Left).ToArray();
        (SweepPoint Point, PlannedRun Run, long Step)[] all = [.. left.SelectMany(each => each).DistinctBy(each => each.Run.Run)];
        var costs = new RunCosts();
        double Operations(IEnumerable<(SweepPoint Point, PlannedRun Run, long Step)> runs) =>
            runs.Sum(each => costs.Of(each.Point).After(each.Step));
        Estimate estimate = Estimate.Of(all, costs, settings.Threads, measured, stop);
        double whole = Operations(all);
        terminal.Table(
            ["figure", "sweeps", "runs", "completed", "at most"],
            plans.Zip(left, (plan, open) => new[]
            {
                plan.Study.Name,
                plan.Sweeps.IsEmpty ? "none: computed" : string.Join(", ", plan.Sweeps.Select(sweep => sweep.Sweep.Plan.Name)),
                Count(plan.Runs.Length),
                Count(plan.Runs.Length - open.Length),
                open.Length == 0 ? "–"
                    : estimate.Seconds is { } seconds && whole > 0 ? $"about {Estimate.Words(seconds * Operations(open) / whole)}"
                    : "not measured",
            }),
            asTalk: true);
        terminal.Say($"to be trained: {estimate.Sentence}");
        foreach (PlannedSweep sweep in plans.SelectMany(plan => plan.Sweeps).Select(each => each.Sweep).DistinctBy(sweep => sweep.Plan.Id))
            SweepSession.Warn(sweep.Plan, terminal);
    }

    // All sweeps of a figure at once, so that no thread waits for the end of one of them.
    private int Train(StudyPlan plan, CancellationToken stop)
    {
        (SweepPoint Point, PlannedRun Run, long Step)[] left = Left(plan);
        if (left.Length == 0)
            return ExitCode.Done;
        terminal.Say($"{plan.Study.Name}: {left.Length} of {plan.Runs.Length} runs to be trained");
        HashSet<string> known = [.. plan.Sweeps.SelectMany(sweep => sweep.Sweep.Plan.Points).SelectMany(point => Experiments.PhysicsGuards.Warnings(point.Settings()))];
        var progress = new SweepProgressLine(left, plan.Runs.Length, known, terminal, TimeProvider.System);
        ImmutableArray<RunEnd> ends = new SweepRunner(catalogue, settings.Threads, TimeProvider.System, progress)
            .Run([.. left.Select(each => (each.Point, each.Run))], stop);
        progress.Close();
        foreach (string sentence in SweepSession.Reasons(ends))
            terminal.Say($"error: {sentence}");
        int open = Left(plan).Length;
        if (open == 0)
            return ExitCode.Done;
        terminal.Say($"{plan.Study.Name}: {open} of {plan.Runs.Length} runs are not completed; the same command goes on where it stopped");
        return ends.Any(end => end.Failed) ? ExitCode.Failed : ExitCode.Interrupted;
    }

    private void Finish(StudyPlan plan)
    {
        StudyFolder folder = StudyFolder.Of(root, plan.Study);
        plan.Gather(folder, catalogue);
        // From here on only what was saved counts.
        SavedStudy saved = folder.Open().OrThrow();
        saved.WriteTo(folder);
        done.Add((saved, folder));
        terminal.Table(
            [plan.Study.Name, "asked", "measured", "finding"],
            saved.Verdicts.Select(verdict => new[] { verdict.Criterion, verdict.Asked, verdict.Measured, verdict.Words }),
            asTalk: settings.Json);
        if (!settings.Json)
            terminal.Data(folder.Picture);
    }

    private void Report(int code)
    {
        if (done.Count > 0)
            terminal.Say($"report of all figures: {ProgramName.Current} figures {root}");
        if (!settings.Json)
            return;
        terminal.Data(JsonLine.Write(json =>
        {
            json.WriteString("status", code == ExitCode.Done ? "completed" : code == ExitCode.Failed ? "failed" : "interrupted");
            json.WriteStartArray("figures");
            foreach ((SavedStudy study, StudyFolder folder) in done)
                Write(json, study, folder);
            json.WriteEndArray();
        }));
    }

    private static void Write(Utf8JsonWriter json, SavedStudy study, StudyFolder folder)
    {
        int Count(Finding finding) => study.Verdicts.Count(verdict => verdict.Finding == finding);
        json.WriteStartObject();
        json.WriteString("study", study.Study.Name);
        json.WriteNumber("holds", Count(Finding.Holds));
        json.WriteNumber("fails", Count(Finding.Fails));
        json.WriteNumber("undecided", Count(Finding.Undecided));
        json.WriteNumber("reported", Count(Finding.Reported));
        json.WriteString("figure", folder.Picture);
        json.WriteString("verdict", folder.Verdicts);
        json.WriteEndObject();
    }

    private (SweepPoint Point, PlannedRun Run, long Step)[] Left(StudyPlan plan) =>
    [
        .. plan.Sweeps
            .SelectMany(each => SweepSession.Left(each.Sweep.Plan, SweepStanding.Of(each.Sweep.Plan, catalogue)))
            .DistinctBy(each => each.Run.Run),
    ];

    private static string Count(int count) => count.ToString(CultureInfo.InvariantCulture);
}
