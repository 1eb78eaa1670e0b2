using System.Collections.Immutable;

namespace Grokking.Host.Studies.Gromov;

/// <summary>The runs of one optimiser at one fraction.</summary>
/// <param name="Series">The optimiser.</param>
/// <param name="Fraction">α.</param>
/// <param name="Times">The times of grokking of those seeds that did.</param>
/// <param name="Missing">How many seeds did not.</param>
/// <param name="Longest">The steps of the longest of these; NaN where all grokked.</param>
internal sealed record GrokkingPoint(string Series, double Fraction, ImmutableArray<double> Times, int Missing, double Longest)
{
    /// <summary>How many seeds there are.</summary>
    public int Seeds => Times.Length + Missing;

    /// <summary>The share that grokked.</summary>
    public double Share => (double)Times.Length / Seeds;

    /// <summary>The median time; infinite where half of the seeds did not grok.</summary>
    public double Median => Numeral.Median([.. Times, .. Enumerable.Repeat(double.NaN, Missing)]);

    /// <summary>Whether three of five seeds grokked, or as large a share of others.</summary>
    public bool Grokked => Share >= 0.6;

    /// <summary>The points of a table, by series and fraction.</summary>
    public static ImmutableArray<GrokkingPoint> Of(StudyTable times) =>
    [
        .. times.Rows
            .GroupBy(row => (Series: row.Text("series"), Fraction: row.Number("fraction")))
            .OrderBy(group => group.Key.Series, StringComparer.Ordinal).ThenBy(group => group.Key.Fraction)
            .Select(group =>
            {
                StudyRow[] missing = [.. group.Where(row => double.IsNaN(row.Number("grokked_step")))];
                return new GrokkingPoint(
                    group.Key.Series,
                    group.Key.Fraction,
                    [.. group.Select(row => row.Number("grokked_step")).Where(double.IsFinite)],
                    missing.Length,
                    missing.Length == 0 ? double.NaN : missing.Max(row => row.Number("steps")));
            }),
    ];
}

/// <summary>What is asked of the times of grokking.</summary>
internal static class FractionVerdicts
{
    private const double Slack = 0.1;

    // The most that is waited for: this many times the time at half of the data.
    private const double Patience = 20;

    /// <summary>The smallest fraction at which it groks; infinite where it never does.</summary>
    public static double Threshold(ImmutableArray<GrokkingPoint> points, string series) =>
        points.Where(point => point.Series == series && point.Grokked).Select(point => point.Fraction).DefaultIfEmpty(double.PositiveInfinity).Min();

    /// <summary>Judges.</summary>
    /// <param name="points">All points.</param>
    /// <param name="series">Key and words of the series: gradient descent, momentum at the same effective rate, momentum at the same rate, AdamW.</param>
    public static ImmutableArray<Verdict> Of(ImmutableArray<GrokkingPoint> points, ImmutableArray<(string Key, string Words)> series)
    {
        string descent = series[0].Key;
        (double ofDescent, double ofAdam) = (Threshold(points, descent), Threshold(points, series[3].Key));
        return
        [
            .. series.Select(each => Falling(points, each.Key, each.Words)),
            Divergence(points, descent),
            Least(points, descent),
            Verdict.Within("smallest fraction at which gradient descent groks", [double.IsFinite(ofDescent) ? ofDescent : double.NaN], 0.2, 0.4),
            Verdict.Of("smallest fractions of AdamW and of gradient descent", "AdamW's is not larger", $"{Numeral.Of(ofAdam)} and {Numeral.Of(ofDescent)}", ofAdam <= ofDescent),
            Verdict.Of("AdamW groks at a fraction where gradient descent does not", "a smaller fraction", $"{Numeral.Of(ofAdam)} and {Numeral.Of(ofDescent)}", ofAdam < ofDescent),
            Equal(points, descent, series[1].Key),
            Shorter(points, descent, series[2].Key),
        ];
    }

    private static Verdict Falling(ImmutableArray<GrokkingPoint> points, string key, string words)
    {
        string criterion = $"median time of the next larger fraction / of a fraction, {words}";
        double[] medians = [.. points.Where(point => point.Series == key && double.IsFinite(point.Median)).Select(point => point.Median)];
        return medians.Length < 2
            ? Verdict.Undecided(criterion, $"at most {1 + Slack}", "it grokked at fewer than two fractions")
            : Verdict.Within(criterion, [medians.Zip(medians.Skip(1), (smaller, larger) => larger / smaller).Max()], double.NegativeInfinity, 1 + Slack);
    }

    private static Verdict Divergence(ImmutableArray<GrokkingPoint> points, string key)
    {
        const string criterion = "median time at 0.3 / at 0.6, gradient descent";
        const string asked = "at least 2, or never at 0.3";
        (GrokkingPoint? little, GrokkingPoint? much) = (At(points, key, 0.3), At(points, key, 0.6));
        if (little is null || much is null || !double.IsFinite(much.Median))
            return Verdict.Undecided(criterion, asked, "not measured");
        double ratio = little.Median / much.Median;
        return Verdict.Of(criterion, asked, double.IsFinite(ratio) ? Numeral.Of(ratio) : "never at 0.3", !(ratio < 2));
    }

    // That something never happens is only as good as the wait for it.
    private static Verdict Least(ImmutableArray<GrokkingPoint> points, string key)
    {
        const string criterion = "gradient descent at a fraction of 0.2";
        string asked = $"does not grok within {Patience} times the time at 0.5";
        if (At(points, key, 0.2) is not { } least)
            return Verdict.Undecided(criterion, asked, "not measured");
        double usual = At(points, key, 0.5) is { } half && double.IsFinite(half.Median) ? half.Median : double.NaN;
        int early = least.Times.Count(time => !(time > Patience * usual));
        if (early > 0)
            return Verdict.Of(criterion, asked, $"{early} of {least.Seeds} seeds grokked, the first at step {Numeral.Of(least.Times.Min())}", holds: false);
        string waited = least.Missing > 0 ? $"none of {least.Missing} within {Numeral.Of(least.Longest)} steps" : "later than that";
        return least.Missing > 0 && !(least.Longest >= Patience * usual)
            ? Verdict.Undecided(criterion, asked, waited)
            : Verdict.Of(criterion, asked, waited, holds: true);
    }

    private static Verdict Equal(ImmutableArray<GrokkingPoint> points, string descent, string momentum)
    {
        const string criterion = "median time of momentum at equal rate/(1 − β) / of gradient descent, at each fraction";
        double[] ratios = Ratios(points, momentum, descent);
        Verdict verdict = Verdict.Within(criterion, ratios, 0.75, 1.25);
        return ratios.Length < 2 ? verdict : verdict with { Measured = $"{Numeral.Of(ratios.Min())} … {Numeral.Of(ratios.Max())} ({ratios.Length} fractions)" };
    }

    private static Verdict Shorter(ImmutableArray<GrokkingPoint> points, string descent, string momentum)
    {
        double[] ratios = Ratios(points, momentum, descent);
        return Verdict.Within("median time of momentum at equal rate / of gradient descent, the largest", ratios.Length == 0 ? [] : [ratios.Max()], double.NegativeInfinity, 1);
    }

    private static double[] Ratios(ImmutableArray<GrokkingPoint> points, string over, string under) =>
    [
        .. points.Where(point => point.Series == over && double.IsFinite(point.Median))
            .Select(point => point.Median / (At(points, under, point.Fraction)?.Median ?? double.NaN))
            .Where(double.IsFinite),
    ];

    private static GrokkingPoint? At(ImmutableArray<GrokkingPoint> points, string series, double fraction) =>
        points.FirstOrDefault(point => point.Series == series && Math.Abs(point.Fraction - fraction) < 1e-9);
}
