using System.Collections.Immutable;
using Grokking.Host.Figures.Plots;

namespace Grokking.Host.Studies;

/// <summary>
/// A study of several series of runs, each with metrics along training, the table <c>curves</c>, and numbers at its end, the table <c>outcomes</c>.
/// </summary>
internal abstract class SeriesStudy : Study
{
    /// <summary>Training accuracy, and what else is of the training set.</summary>
    protected static readonly Look Train = Palette.At(0);

    /// <summary>Test accuracy, and what else is of the test set.</summary>
    protected static readonly Look Test = Palette.At(1);

    /// <summary>An axis of accuracies.</summary>
    protected static readonly Axis Share = new("", 0, 1.04, false);

    /// <summary>The numbers of the runs of a series in a column of their outcomes.</summary>
    protected static ImmutableArray<double> Values(StudyTables tables, string series, string column) =>
        [.. tables["outcomes"].Rows.Where(row => row.Text("series") == series).Select(row => row.Number(column))];

    /// <summary>The series, in the order of the runs.</summary>
    protected static ImmutableArray<string> SeriesIn(StudyTables tables) => [.. tables["outcomes"].Texts("series").Distinct()];

    /// <summary>The evaluated steps of some series, from the first update on: an axis of the logarithm has no 0.</summary>
    protected static ImmutableArray<StudyRow> Curves(StudyTables tables, params ImmutableArray<string> series) => Evaluated(tables, series, from: 1);

    /// <summary>A metric of the runs of a series along training, from the first update on.</summary>
    protected static ImmutableArray<Mark> Along(StudyTables tables, string series, string column, Look look) => Along(tables, series, column, look, from: 1);

    /// <summary>The same with the start, for an axis of equal differences.</summary>
    protected static ImmutableArray<Mark> FromStart(StudyTables tables, string series, string column, Look look) => Along(tables, series, column, look, from: 0);

    /// <summary>Names beside the looks of the series that are drawn in this order.</summary>
    protected static ImmutableArray<LegendEntry> Legend(IEnumerable<string> names) => [.. names.Select((name, i) => new LegendEntry(name, Palette.At(i)))];

    /// <summary>The median, with all values beside it.</summary>
    protected static string MedianWords(ImmutableArray<double> values) => values.Length > 1
        ? $"{Numeral.Of(Numeral.Median(values))}; all: {Numeral.Range(values)}"
        : Numeral.Of(Numeral.Median(values));

    private static ImmutableArray<Mark> Along(StudyTables tables, string series, string column, Look look, long from) => Seeds.Marks(
        Evaluated(tables, [series], from).Select(row => new Point(row.Number("step"), row.Number(column))), look);

    private static ImmutableArray<StudyRow> Evaluated(StudyTables tables, ImmutableArray<string> series, long from) =>
        [.. tables["curves"].Rows.Where(row => row.Number("step") >= from && series.Contains(row.Text("series")))];
}
