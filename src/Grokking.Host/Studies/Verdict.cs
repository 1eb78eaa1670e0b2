using System.Collections.Immutable;

namespace Grokking.Host.Studies;

/// <summary>What a criterion came to.</summary>
internal enum Finding
{
    /// <summary>The measured value is what was asked for.</summary>
    Holds,

    /// <summary>It is not.</summary>
    Fails,

    /// <summary>What was measured does not tell.</summary>
    Undecided,

    /// <summary>Nothing was asked for: nobody had measured it before.</summary>
    Reported,
}

/// <summary>One criterion of a figure: what is asked, what was measured, and whether that is the same.</summary>
/// <param name="Criterion">The quantity, such as "largest test loss before grokking / loss at the start".</param>
/// <param name="Asked">The band, fixed before anything was measured, such as "1.005 … 1.1".</param>
/// <param name="Measured">What was found, such as "1.03 … 1.04 (5 runs)".</param>
/// <param name="Finding">What it came to.</param>
internal sealed record Verdict(string Criterion, string Asked, string Measured, Finding Finding)
{
    /// <summary>A verdict by a condition.</summary>
    public static Verdict Of(string criterion, string asked, string measured, bool holds) =>
        new(criterion, asked, measured, holds ? Finding.Holds : Finding.Fails);

    /// <summary>A verdict that cannot be given.</summary>
    /// <param name="criterion">The quantity.</param>
    /// <param name="asked">The band.</param>
    /// <param name="why">Why not.</param>
    public static Verdict Undecided(string criterion, string asked, string why) => new(criterion, asked, why, Finding.Undecided);

    /// <summary>A quantity of which nobody said before what it should be.</summary>
    /// <param name="criterion">The quantity.</param>
    /// <param name="measured">What was found.</param>
    public static Verdict Reported(string criterion, string measured) => new(criterion, "no band", measured, Finding.Reported);

    /// <summary>All values must lie in a band, its ends included. No values leave it undecided; NaN is a value that was never reached, and fails.</summary>
    /// <param name="criterion">The quantity.</param>
    /// <param name="values">One for each run, or only one.</param>
    /// <param name="low">The lower end; -∞ where there is none.</param>
    /// <param name="high">The upper end; +∞ where there is none.</param>
    public static Verdict Within(string criterion, IEnumerable<double> values, double low, double high)
    {
        ImmutableArray<double> all = [.. values];
        string asked = double.IsNegativeInfinity(low) ? $"at most {Numeral.Of(high)}"
            : double.IsPositiveInfinity(high) ? $"at least {Numeral.Of(low)}"
            : $"{Numeral.Of(low)} … {Numeral.Of(high)}";
        return all.IsEmpty
            ? Undecided(criterion, asked, "not measured")
            : Of(criterion, asked, Numeral.Range(all), all.All(value => value >= low && value <= high));
    }

    /// <summary>The finding in words.</summary>
    public string Words => Finding switch
    {
        Finding.Holds => "holds",
        Finding.Fails => "does not hold",
        Finding.Reported => "reported",
        _ => "undecided",
    };
}
