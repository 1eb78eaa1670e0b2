using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Grokking.Host.Output;
using Grokking.Host.Runs;
using Grokking.Host.Sweeps;

namespace Grokking.Host.Commands;

/// <summary><c>sweep status SWEEP</c>: how the runs of a sweep stand, from their files alone.</summary>
internal static class SweepStatusCommand
{
    private static readonly RunStatus[] States = Enum.GetValues<RunStatus>();

    /// <summary>Makes the command.</summary>
    public static Command Create(CommonOptions common, Terminal terminal)
    {
        Argument<string?> what = new("SWEEP")
        {
            Description = "A planned sweep's id, the beginning of one, or a sweep's folder; without it, all sweeps are listed.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command("status", "Shows how the runs of a sweep stand, point by point; or how all sweeps stand.") { what, common.Json };
        command.SetAction(parsed =>
        {
            var sweeps = new SweepCatalogue(parsed.GetValue(common.Data)!);
            var runs = new RunCatalogue(parsed.GetValue(common.Data)!);
            bool json = parsed.GetValue(common.Json);
            if (parsed.GetValue(what) is not { } name)
            {
                List([.. sweeps.List().Select(sweep => (sweep, SweepStanding.Of(sweep.Plan, runs)))], json, terminal);
                return ExitCode.Done;
            }

            return sweeps.Find(name).Match(
                sweep =>
                {
                    SweepStanding standing = SweepStanding.Of(sweep.Plan, runs);
                    if (json)
                        terminal.Data(Json(sweep, standing));
                    else
                        Show(sweep, standing, terminal);
                    return ExitCode.Done;
                },
                reason => Refusal.Of(terminal, reason));
        });
        return command;
    }

    private static void List((PlannedSweep Sweep, SweepStanding Standing)[] sweeps, bool json, Terminal terminal)
    {
        if (!json)
        {
            terminal.Table(["sweep", "runs", "completed", "running", "failed", "name"], sweeps.Select(each => (IReadOnlyList<string>)
            [
                each.Sweep.Plan.Id,
                Number(each.Standing.Runs.Length),
                .. new[] { RunStatus.Completed, RunStatus.Running, RunStatus.Failed }.Select(status => Number(each.Standing.Count(status))),
                each.Sweep.Plan.Name,
            ]));
            return;
        }

        terminal.Data(JsonLine.Write(line =>
        {
            line.WriteStartArray("sweeps");
            foreach ((PlannedSweep sweep, SweepStanding standing) in sweeps)
            {
                line.WriteStartObject();
                line.WriteString("sweep", sweep.Plan.Id);
                line.WriteString("name", sweep.Plan.Name);
                line.WriteString("directory", sweep.Folder.Path);
                line.WriteNumber("runs", standing.Runs.Length);
                WriteStates(line, standing.Runs);
                line.WriteEndObject();
            }

            line.WriteEndArray();
        }));
    }

    private static void Show(PlannedSweep sweep, SweepStanding standing, Terminal terminal)
    {
        SweepPlan plan = sweep.Plan;
        bool hasSeries = plan.HasSeries;
        RunStatus[] states = [.. States.Where(status => status == RunStatus.Completed || standing.Count(status) > 0)];
        terminal.Table(
            [.. hasSeries ? ["series"] : Array.Empty<string>(), .. plan.Paths, "runs", .. states.Select(RunLife.Name), "grokked", "grokked at (median)"],
            standing.Points.Select(point => (IReadOnlyList<string>)
            [
                .. hasSeries ? [point.Point.Series] : Array.Empty<string>(),
                .. plan.Paths.Select(path => point.Point.Coordinates.FirstOrDefault(each => each.Path == path)?.Shown ?? "–"),
                Number(point.Runs.Length),
                .. states.Select(status => Number(point.Runs.Count(run => run.Status == status))),
                Number(Grokked(point).Length),
                Median(Grokked(point)) is { } step ? step.ToString("0.#", CultureInfo.InvariantCulture) : "–",
            ]));
        string counts = string.Join(", ", states.Select(status => $"{standing.Count(status)} {status.Name()}"));
        terminal.Say($"{plan.Id}: {counts} of {standing.Runs.Length} runs");
        terminal.Say(Progress(SweepProgress.Of(plan, standing)));
        foreach (FailureGroup group in Failures(standing))
            terminal.Say($"failed: {group.Sentence}");
    }

    private static string Progress(SweepProgress progress)
    {
        string share = string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(1000 * progress.Share) / 10:0.0} % of the work is done");
        return progress switch
        {
            { Share: 1 } => share,
            { Running: 0 } => $"{share}; nothing is being trained now",
            { StepsPerSecond: { } rate, SecondsLeft: { } seconds } => string.Create(
                CultureInfo.InvariantCulture, $"{share}; {progress.Running} running, {rate:N0} steps/s; at most about {Estimate.Words(seconds)} left at this pace"),
            _ => $"{share}; {progress.Running} running, too early to say how fast",
        };
    }

    private static ImmutableArray<FailureGroup> Failures(SweepStanding standing) =>
        FailureGroup.Of(standing.Runs.Where(run => run.Failure is not null).Select(run => (run.Run.Run, run.Failure!)));

    private static string Json(PlannedSweep sweep, SweepStanding standing) => JsonLine.Write(json =>
    {
        json.WriteString("sweep", sweep.Plan.Id);
        json.WriteString("name", sweep.Plan.Name);
        json.WriteString("directory", sweep.Folder.Path);
        json.WriteNumber("runs", standing.Runs.Length);
        WriteStates(json, standing.Runs);
        SweepProgress progress = SweepProgress.Of(sweep.Plan, standing);
        json.WriteNumber("progress", Math.Round(progress.Share, 6));
        WriteOptional(json, "steps_per_second", progress.StepsPerSecond);
        WriteOptional(json, "seconds_left_at_most", progress.SecondsLeft);
        json.WriteStartArray("failures");
        foreach (FailureGroup group in Failures(standing))
        {
            json.WriteStartObject();
            json.WriteString("reason", group.Reason);
            json.WriteNumber("count", group.Runs.Length);
            json.WriteString("run", group.Runs[0]);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("points");
        foreach (PointStanding point in standing.Points)
        {
            json.WriteStartObject();
            json.WriteString("series", point.Point.Series);
            json.WriteStartObject("coordinates");
            foreach (Coordinate coordinate in point.Point.Coordinates)
            {
                json.WritePropertyName(coordinate.Path);
                json.WriteRawValue(coordinate.Json);
            }

            json.WriteEndObject();
            WriteStates(json, point.Runs);
            json.WriteNumber("grokked", Grokked(point).Length);
            json.WriteStartArray("runs");
            foreach (RunStanding run in point.Runs)
            {
                json.WriteStartObject();
                json.WriteString("run", run.Run.Run);
                json.WriteNumber("seed", run.Run.Seed);
                json.WriteString("status", run.Status.Name());
                json.WriteNumber("steps", run.Record?.Step ?? 0);
                json.WriteString("failure", run.Failure);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static void WriteOptional(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } known && double.IsFinite(known))
            json.WriteNumber(name, Math.Round(known, 3));
        else
            json.WriteNull(name);
    }

    private static void WriteStates(Utf8JsonWriter json, IReadOnlyCollection<RunStanding> runs)
    {
        Span<int> counts = stackalloc int[States.Length];
        foreach (RunStanding run in runs)
            counts[Array.IndexOf(States, run.Status)]++;
        json.WriteStartObject("states");
        for (int state = 0; state < counts.Length; state++)
            json.WriteNumber(States[state].Name(), counts[state]);
        json.WriteEndObject();
    }

    private static long[] Grokked(PointStanding point) =>
        [.. point.Runs.Select(run => run.Record?.Outcome?.Milestones.Grokked.First).OfType<long>().Order()];

    // Of those that grokked: a run that did not has no step, and the column beside says how many did.
    private static double? Median(long[] sorted) => sorted.Length == 0 ? null : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2.0;

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
