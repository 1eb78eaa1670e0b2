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
    protected static ImmutableArray<StudyRow> Curves(StudyTables tables, params ImmutableArray<string> series) =>
        [.. tables["curves"].Rows.Where(row => row.Number("step") > 0 && series.Contains(row.Text("series")))];

    /// <summary>A metric of the runs of a series along training.</summary>
    protected static ImmutableArray<Mark> Along(StudyTables tables, string series, string column, Look look) => Seeds.Marks(
        Curves(tables, series).Select(row => new Point(row.Number("step"), row.Number(column))), look);

    /// <summary>Names beside the looks of the series that are drawn in this order.</summary>
    protected static ImmutableArray<LegendEntry> Legend(IEnumerable<string> names) => [.. names.Select((name, i) => new LegendEntry(name, Palette.At(i)))];

    /// <summary>The median, with all values beside it.</summary>
    protected static string MedianWords(ImmutableArray<double> values) => values.Length > 1
        ? $"{Numeral.Of(Numeral.Median(values))}; all: {Numeral.Range(values)}"
        : Numeral.Of(Numeral.Median(values));
}
