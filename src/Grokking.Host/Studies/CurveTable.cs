using Grokking.Host.Metrics.Parquet;

namespace Grokking.Host.Studies;

/// <summary>The metrics of several runs in one table.</summary>
internal static class CurveTable
{
    /// <summary>A row for each run and evaluated step, with <c>series</c>, <c>seed</c> and <c>step</c> before the metrics.</summary>
    /// <param name="runs">The runs, each with the name of the curve that it belongs to.</param>
    /// <param name="columns">Which metrics.</param>
    public static StudyTable Of(IEnumerable<(string Series, StudyRun Run)> runs, params IReadOnlyCollection<string> columns)
    {
        (string Series, StudyRun Run, StudyTable Metrics)[] all = [.. runs.Select(run => (run.Series, run.Run, run.Run.Metrics))];
        return StudyTable.Of(
            "a row for each run and evaluated step",
            [
                TableColumn.Text("series", [.. all.SelectMany(each => Enumerable.Repeat(each.Series, each.Metrics.RowCount))]),
                TableColumn.Int64("seed", [.. all.SelectMany(each => Enumerable.Repeat(each.Run.Seed, each.Metrics.RowCount))]),
                TableColumn.Int64("step", [.. all.SelectMany(each => each.Metrics.Numbers("step")).Select(step => (long)step)]),
                .. columns.Select(name => TableColumn.Double(name, [.. all.SelectMany(each => each.Metrics.Numbers(name))])),
            ]);
    }
}
