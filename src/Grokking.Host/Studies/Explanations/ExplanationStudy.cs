using System.Collections.Immutable;
using Grokking.Host.Figures.Plots;

namespace Grokking.Host.Studies.Explanations;

/// <summary>An explanation of grokking, measured: several series of runs, each with metrics along training and numbers at its end.</summary>
internal abstract class ExplanationStudy : SeriesStudy
{
    /// <summary>Whether each number is larger than the one before; what never was is later than all that were, and is never followed.</summary>
    protected static bool Rises(IEnumerable<double> values)
    {
        double[] all = [.. values.Select(value => double.IsNaN(value) ? double.PositiveInfinity : value)];
        return all.Length > 1 && all.Zip(all.Skip(1)).All(pair => pair.Second > pair.First);
    }

    /// <summary>One metric of several series along training.</summary>
    protected static Panel Several(StudyTables tables, string title, string column, Axis? vertical, ImmutableArray<(string Series, string Name)> series)
    {
        ImmutableArray<(string Series, string Name)> present = [.. series.Where(each => SeriesIn(tables).Contains(each.Series))];
        return new(
            title,
            Steps(tables),
            vertical ?? Axis.Around("", Shown(tables, column), Shown(tables, column).All(value => value > 0)),
            [.. present.SelectMany((each, i) => Along(tables, each.Series, column, Palette.At(i)))],
            Legend(present.Select(each => each.Name)));
    }

    /// <summary>The axis of steps, logarithmic.</summary>
    protected static Axis Steps(StudyTables tables) => new("step", 1, Math.Max(10, tables["curves"].Numbers("step").Max()), true);

    /// <summary>The finite numbers of a metric after the start.</summary>
    protected static ImmutableArray<double> Shown(StudyTables tables, params string[] columns) =>
        [.. tables["curves"].Rows.Where(row => row.Number("step") > 0).SelectMany(row => columns.Select(row.Number)).Where(double.IsFinite)];

    /// <summary>Medians with strokes from the smallest to the largest, joined by a line.</summary>
    protected static ImmutableArray<Mark> Summary(IEnumerable<Point> points, Look look)
    {
        Point[] all = [.. points.Where(point => double.IsFinite(point.Y))];
        ImmutableArray<Point> medians = Seeds.Medians(all);
        return
        [
            new Whiskers([.. all.GroupBy(point => point.X).OrderBy(group => group.Key).Select(group => (group.Key, group.Min(point => point.Y), group.Max(point => point.Y)))], look),
            new Curve(medians, look),
            new Dots(medians, look),
        ];
    }

    /// <summary>The step of the first evaluation at which a metric has fallen to a share of what it was at the start; NaN where it never does.</summary>
    protected static double Fallen(StudyTable metrics, string column, double share)
    {
        double[] values = metrics.Numbers(column);
        int row = Array.FindIndex(values, value => value <= share * values[0]);
        return row < 0 ? double.NaN : metrics.Numbers("step")[row];
    }
}
