using System.Collections.Immutable;
using Grokking.Host.Figures.Plots;

namespace Grokking.Host.Studies.Explanations;

// D number of training samples, λ weight decay

/// <summary>Runs by the size of their training set, for each decay.</summary>
internal static class BySize
{
    /// <summary>A decay in words.</summary>
    public static string Words(double decay) => $"λ = {Numeral.Of(decay)}";

    /// <summary>The decays, ascending.</summary>
    public static double[] Decays(IEnumerable<StudyRow> rows) => [.. rows.Select(row => row.Number("weight_decay")).Distinct().Order()];

    /// <summary>The runs of a series and a decay.</summary>
    public static StudyRow[] Of(IEnumerable<StudyRow> rows, string series, double decay) =>
        [.. rows.Where(row => row.Text("series") == series && row.Number("weight_decay") == decay)];

    /// <summary>A column of some runs against D.</summary>
    public static IEnumerable<Point> Points(IEnumerable<StudyRow> rows, string column) => rows.Select(row => new Point(row.Number("samples"), row.Number(column)));

    /// <summary>Its medians over the seeds.</summary>
    public static ImmutableArray<Point> Medians(IEnumerable<StudyRow> rows, string column) => Seeds.Medians(Points(rows, column));

    /// <summary>The D at which medians reach a level; straight in its logarithm between the measured sizes. NaN where they are there from the first or never.</summary>
    public static double Reached(ImmutableArray<Point> medians, double level)
    {
        int after = medians.ToList().FindIndex(point => point.Y >= level);
        if (after <= 0)
            return double.NaN;
        (Point from, Point to) = (medians[after - 1], medians[after]);
        return from.X * Math.Pow(to.X / from.X, (level - from.Y) / (to.Y - from.Y));
    }
}
