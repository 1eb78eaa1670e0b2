using System.Collections.Immutable;
using Grokking.Host.Figures.Plots;

namespace Grokking.Host.Studies;

/// <summary>The same curve of several seeds, as one: the median in the band from the smallest to the largest.</summary>
internal static class Seeds
{
    /// <summary>The median at each place where there are points.</summary>
    public static ImmutableArray<Point> Medians(IEnumerable<Point> points) =>
        [.. points.GroupBy(point => point.X).OrderBy(group => group.Key).Select(group => new Point(group.Key, Numeral.Median(group.Select(point => point.Y))))];

    /// <summary>Band and median of points that the seeds have at the same places.</summary>
    /// <param name="points">The points of all seeds; values that are no numbers are left out.</param>
    /// <param name="look">The look of both.</param>
    public static ImmutableArray<Mark> Marks(IEnumerable<Point> points, Look look)
    {
        (double X, double[] Values)[] places =
        [
            .. points.Where(point => !double.IsNaN(point.Y)).GroupBy(point => point.X).OrderBy(group => group.Key)
                .Select(group => (group.Key, group.Select(point => point.Y).ToArray())),
        ];
        var band = new Band([.. places.Select(place => (place.X, place.Values.Min(), place.Values.Max()))], look);
        var median = new Curve([.. places.Select(place => new Point(place.X, Numeral.Median(place.Values)))], look);
        return places.Any(place => place.Values.Length > 1) ? [band, median] : [median];
    }

    /// <summary>How many seeds a curve stands for: one, as many in each series, or from so many to so many.</summary>
    /// <param name="rows">The outcomes of all runs.</param>
    public static string Words(IEnumerable<StudyRow> rows)
    {
        int[] seeds = [.. rows.GroupBy(row => row.Text("series")).Select(series => series.Select(row => row.Number("seed")).Distinct().Count())];
        (int least, int most) = (seeds.Min(), seeds.Max());
        string count = least == most ? $"{most}" : $"{least} to {most}";
        return most > 1 ? $"Lines are medians of {count} seeds, bands reach from the smallest to the largest." : "One seed.";
    }
}
