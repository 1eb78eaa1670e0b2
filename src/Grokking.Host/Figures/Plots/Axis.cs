using System.Collections.Immutable;

namespace Grokking.Host.Figures.Plots;

/// <summary>A range of values and how it is spread along a line.</summary>
/// <param name="Label">What the values are, with their unit.</param>
/// <param name="From">The first value; positive on a logarithmic axis.</param>
/// <param name="To">The last value, larger than the first.</param>
/// <param name="Logarithmic">Whether equal ratios, rather than equal differences, are equally far apart.</param>
internal sealed record Axis(string Label, double From, double To, bool Logarithmic)
{
    // Values at the very ends stay on the axis in spite of rounding.
    private const double Slack = 1e-9;

    /// <summary>Names at equal distances in place of numbers; empty on an axis of numbers.</summary>
    public ImmutableArray<string> Names { get; init; } = [];

    /// <summary>An axis of names: the first stands at 0, the second at 1, …</summary>
    public static Axis Of(string label, ImmutableArray<string> names) => new(label, -0.5, names.Length - 0.5, false) { Names = names };

    /// <summary>An axis on which all values have room.</summary>
    /// <param name="label">What they are.</param>
    /// <param name="values">The values; what is not finite, or not positive where it should be, is not shown.</param>
    /// <param name="logarithmic">Whether the axis is.</param>
    /// <param name="margin">The room beyond the outermost ones, as a share of their distance.</param>
    public static Axis Around(string label, IEnumerable<double> values, bool logarithmic, double margin = 0.05)
    {
        double[] shown = [.. values.Where(value => double.IsFinite(value) && (!logarithmic || value > 0))];
        if (shown.Length == 0)
            return new(label, logarithmic ? 1 : 0, logarithmic ? 10 : 1, logarithmic);
        (double low, double high) = (shown.Min(), shown.Max());
        if (logarithmic)
        {
            double ratio = Math.Max(Math.Pow(high / low, margin), high > low ? 1.02 : 2);
            return new(label, low / ratio, high * ratio, true);
        }

        double distance = high > low ? (high - low) * margin : Math.Max(Math.Abs(high) * 0.1, 1e-12);
        // Quantities that cannot be negative get no room below zero.
        return new(label, low >= 0 ? Math.Max(0, low - distance) : low - distance, high + distance, false);
    }

    /// <summary>Where a value stands: 0 at the first, 1 at the last.</summary>
    public double Share(double value) => Logarithmic
        ? (Math.Log10(value) - Math.Log10(From)) / (Math.Log10(To) - Math.Log10(From))
        : (value - From) / (To - From);

    /// <summary>Whether a value stands on the axis at all.</summary>
    public bool Shows(double value) => double.IsFinite(value) && (!Logarithmic || value > 0) && Share(value) is >= -Slack and <= 1 + Slack;

    /// <summary>The nearest value that stands on the axis.</summary>
    public double Clamp(double value) => double.IsNaN(value) ? value : Math.Clamp(value, From, To);
}
