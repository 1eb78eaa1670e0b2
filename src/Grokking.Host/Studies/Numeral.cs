using System.Collections.Immutable;
using Grokking.Host.Figures.Plots;

namespace Grokking.Host.Studies;

/// <summary>Numbers as people read them: four digits.</summary>
internal static class Numeral
{
    private const int Digits = 4;

    /// <summary>A number with four digits; "never" where there is none.</summary>
    public static string Of(double value)
    {
        if (!double.IsFinite(value))
            return double.IsNaN(value) ? "never" : value > 0 ? "∞" : "−∞";
        if (value == 0 || Math.Abs(value) >= Math.Pow(10, Digits))
            return Ticks.Text(Math.Round(value));
        double unit = Math.Pow(10, Math.Floor(Math.Log10(Math.Abs(value))) - Digits + 1);
        return Ticks.Text(Math.Round(value / unit) * unit);
    }

    /// <summary>Values of several runs: the smallest, the largest, and how many; one value stands alone.</summary>
    public static string Range(ImmutableArray<double> values)
    {
        double[] reached = [.. values.Where(value => !double.IsNaN(value)).Order()];
        int never = values.Length - reached.Length;
        string some = reached.Length == 0 ? "never"
            : reached[0] == reached[^1] ? Of(reached[0])
            : $"{Of(reached[0])} … {Of(reached[^1])}";
        string seeds = values.Length > 1 ? $" ({values.Length} runs)" : "";
        return reached.Length > 0 && never > 0 ? $"{some}, never in {never} of {values.Length} runs" : some + seeds;
    }

    /// <summary>The median; NaN counts as larger than every number, so that a median of times is never better than the runs that ended.</summary>
    /// <returns>The middle value, or the mean of the middle two; NaN where one of them is.</returns>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.OrderBy(value => double.IsNaN(value) ? double.PositiveInfinity : value)];
        return sorted.Length == 0 ? double.NaN : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
