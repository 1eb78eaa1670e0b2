using System.Collections.Immutable;
using Grokking.Host.Files;
using Grokking.Host.Metrics.Parquet;
using Grokking.Host.Runs;
using Grokking.Host.Training;

namespace Grokking.Host.Sweeps;

/// <summary>
/// <c>runs.parquet</c>: a row per run and series, finished or not. Times are left out: they differ whenever the same is done again, and every
/// run's own <c>summary.parquet</c> has them.
/// </summary>
internal static class RunsTable
{
    private const int PointsAtOnce = 500;

    /// <summary>Writes the table.</summary>
    /// <param name="path">Its place.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="standing">How its runs stand.</param>
    /// <param name="metadata">What the file says about itself.</param>
    public static void Write(string path, SweepPlan plan, SweepStanding standing, IEnumerable<KeyValuePair<string, string>> metadata)
    {
        (PointStanding At, RunStanding Run)[] rows = [.. standing.Points.SelectMany(point => point.Runs.Select(run => (point, run)))];
        SweepPoint[] points = [.. rows.Select(row => row.At.Point)];
        TableColumn[] leading =
        [
            TableColumn.Text("sweep", [.. rows.Select(_ => plan.Id)]),
            TableColumn.Text("run_id", [.. rows.Select(row => row.Run.Run.Run)]),
            TableColumn.Text("series", [.. points.Select(point => point.Series)]),
            .. new CoordinateColumns(plan).Of(points),
            TableColumn.Int64("seed", [.. rows.Select(row => row.Run.Run.Seed)]),
            .. Outcomes([.. rows.Select(row => row.Run)]),
        ];
        // A varied setting may have the name of a column of settings; it then says the same.
        var taken = leading.Select(column => column.Column.Name).ToHashSet();
        TableFile.Write(Disk.Real, path, [.. leading, .. Settings(standing).Where(column => taken.Add(column.Column.Name))], metadata);
    }

    private static IEnumerable<TableColumn> Outcomes(RunStanding[] runs)
    {
        RunGlance.Reached?[] outcomes = [.. runs.Select(run => run.Record?.Outcome)];
        RunGlance.Marks?[] milestones = [.. outcomes.Select(outcome => outcome?.Milestones)];
        return
        [
            TableColumn.Text("status", [.. runs.Select(run => run.Status.ToString().ToLowerInvariant())]),
            TableColumn.OptionalText("stop_reason", [.. runs.Select(run => run.Record?.StopReason)]),
            TableColumn.OptionalText("failure", [.. runs.Select(run => run.Failure)]),
            TableColumn.Int64("steps", [.. runs.Select(run => run.Record?.Step ?? 0)]),
            TableColumn.OptionalDouble("train_loss", [.. outcomes.Select(outcome => outcome?.TrainLoss)]),
            TableColumn.OptionalDouble("train_accuracy", [.. outcomes.Select(outcome => outcome?.TrainAccuracy)]),
            TableColumn.OptionalDouble("test_loss", [.. outcomes.Select(outcome => outcome?.TestLoss)]),
            TableColumn.OptionalDouble("test_accuracy", [.. outcomes.Select(outcome => outcome?.TestAccuracy)]),
            .. Crossings("memorised_step", milestones, each => each.Memorised),
            .. Crossings("memorised_step_99", milestones, each => each.MemorisedStrictly),
            .. Crossings("grokked_step", milestones, each => each.Grokked),
            .. Crossings("grokked_step_99", milestones, each => each.GrokkedStrictly),
            TableColumn.OptionalInt64("delay_steps", [.. milestones.Select(each => each?.Delay)]),
            TableColumn.OptionalDouble("delay_ratio", [.. milestones.Select(each => each?.DelayRatio)]),
            TableColumn.OptionalDouble("delay_ratio_99", [.. milestones.Select(each => each?.DelayRatioStrictly)]),
            TableColumn.OptionalInt64("spikes_after_memorising", [.. outcomes.Select(outcome => outcome?.Disturbances?.SpikesAfterMemorising)]),
            TableColumn.OptionalInt64("slingshots", [.. outcomes.Select(outcome => outcome?.Disturbances?.Slingshots)]),
            TableColumn.OptionalInt64("collapsed_step", [.. outcomes.Select(outcome => outcome?.Disturbances?.CollapsedStep)]),
            TableColumn.OptionalText("numerics_profile", [.. runs.Select(run => run.Record?.Environment.NumericsProfile)]),
            TableColumn.OptionalText("version", [.. runs.Select(run => run.Record?.Environment.Version)]),
            TableColumn.OptionalText("commit", [.. runs.Select(run => run.Record?.Environment.Commit)]),
        ];
    }

    private static IEnumerable<TableColumn> Crossings(string name, RunGlance.Marks?[] milestones, Func<RunGlance.Marks, RunGlance.Mark> which) =>
    [
        TableColumn.OptionalInt64(name, [.. milestones.Select(each => each is null ? null : which(each).First)]),
        TableColumn.OptionalInt64($"{name}_sustained", [.. milestones.Select(each => each is null ? null : which(each).Sustained)]),
    ];

    // The settings of a point are the same for all of its runs but for the seed, which has its column already. So many points at a time, for each of their cells is an object at first.
    private static IEnumerable<TableColumn> Settings(SweepStanding standing)
    {
        List<TableColumn[]> pieces = [.. standing.Points.Chunk(PointsAtOnce).Select(SettingsOf)];
        return pieces[0].Select((column, c) => column with { Cells = ColumnValues.Concatenate([.. pieces.Select(piece => piece[c].Cells)]) });
    }

    private static TableColumn[] SettingsOf(PointStanding[] some)
    {
        ImmutableArray<TableColumn>[] points =
        [
            .. OnAllProcessors.Map(some, point => new RunTables(point.Runs[0].Directory, point.Runs[0].Run.Run, point.Point.Settings()).Settings().ToImmutableArray()),
        ];
        return
        [
            .. points[0].Select((column, c) => column with
            {
                Cells = ColumnValues.Concatenate([.. points.Zip(some, (point, at) => Enumerable.Repeat(point[c].Cells, at.Runs.Length)).SelectMany(cells => cells)]),
            }),
        ];
    }
}
