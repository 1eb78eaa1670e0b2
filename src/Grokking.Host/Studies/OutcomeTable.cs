using Grokking.Host.Metrics.Parquet;

namespace Grokking.Host.Studies;

/// <summary>What several runs had reached in the end, in one table.</summary>
internal static class OutcomeTable
{
    /// <summary>A row for each run: <c>series</c>, <c>seed</c>, <c>modulus</c>, <c>steps</c>, the last accuracies and losses, and the times.</summary>
    /// <param name="runs">The runs, each with the name of the curve that it belongs to.</param>
    /// <param name="also">Further columns, a cell for each run.</param>
    public static StudyTable Of(IEnumerable<(string Series, StudyRun Run)> runs, params IEnumerable<TableColumn> also)
    {
        (string Series, StudyRun Run)[] all = [.. runs];
        TableColumn Number(string name, Func<StudyRun, double> of) => TableColumn.Double(name, [.. all.Select(each => of(each.Run))]);
        TableColumn Time(string name, Func<StudyRun, long?> of) => TableColumn.OptionalInt64(name, [.. all.Select(each => of(each.Run))]);
        return StudyTable.Of(
            "a row for each run, as it ended; times are steps of the first evaluation at 95 %",
            [
                TableColumn.Text("series", [.. all.Select(each => each.Series)]),
                TableColumn.Int64("seed", [.. all.Select(each => each.Run.Seed)]),
                TableColumn.Int32("modulus", [.. all.Select(each => each.Run.Modulus)]),
                TableColumn.Int64("steps", [.. all.Select(each => each.Run.Record.Step)]),
                Number("train_accuracy", run => run.Outcome.TrainAccuracy),
                Number("test_accuracy", run => run.Outcome.TestAccuracy),
                Number("train_loss", run => run.Outcome.TrainLoss),
                Number("test_loss", run => run.Outcome.TestLoss),
                Time("memorised_step", run => run.Outcome.Milestones.Memorised.First),
                Time("grokked_step", run => run.Outcome.Milestones.Grokked.First),
                .. also,
            ]);
    }
}
