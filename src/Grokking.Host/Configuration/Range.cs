using System.Globalization;

namespace Grokking.Host.Configuration;

/// <summary>The finite numbers that a setting may have.</summary>
/// <param name="Low">The lower bound.</param>
/// <param name="High">The upper bound; infinity means any finite number.</param>
/// <param name="WithLow">Whether the lower bound itself is allowed.</param>
/// <param name="WithHigh">Whether the upper bound itself is allowed.</param>
internal sealed record Range(double Low, double High, bool WithLow, bool WithHigh)
{
    /// <summary>(0, ∞).</summary>
    public static Range Positive { get; } = new(0, double.PositiveInfinity, false, false);

    /// <summary>[0, ∞).</summary>
    public static Range NotNegative { get; } = new(0, double.PositiveInfinity, true, false);

    /// <summary>(0, 1).</summary>
    public static Range ProperFraction { get; } = new(0, 1, false, false);

    /// <summary>[0, 1).</summary>
    public static Range Memory { get; } = new(0, 1, true, false);

    /// <summary>[0, 1].</summary>
    public static Range Share { get; } = new(0, 1, true, true);

    /// <summary>(0, 1].</summary>
    public static Range PositiveShare { get; } = new(0, 1, false, true);

    /// <summary>Whether a number is in the range; NaN and infinity never are.</summary>
    public bool Contains(double value) =>
        double.IsFinite(value) && (WithLow ? value >= Low : value > Low) && (WithHigh ? value <= High : value < High);

    /// <summary>The range in words, as in "it must be …".</summary>
    public string Words
    {
        get
        {
            string low = WithLow ? $"at least {Number(Low)}" : $"greater than {Number(Low)}";
            return double.IsFinite(High)
                ? $"a number {low} and {(WithHigh ? $"at most {Number(High)}" : $"less than {Number(High)}")}"
                : $"a finite number {low}";
        }
    }

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);
}
