using Grokking.Host.Studies;

namespace Grokking.Service.Studies;

/// <summary>When a verdict holds, when it does not, and when it cannot be given.</summary>
public class VerdictTests
{
    [Fact]
    public void A_band_holds_where_every_value_lies_in_it_ends_included()
    {
        Assert.Equal(Finding.Holds, Verdict.Within("x", [1, 2], 1, 2).Finding);
        Assert.Equal(Finding.Fails, Verdict.Within("x", [1, 2.001], 1, 2).Finding);
        Assert.Equal(Finding.Fails, Verdict.Within("x", [0.999, 2], 1, 2).Finding);
    }

    [Fact]
    public void What_never_happened_fails_and_what_was_not_measured_is_undecided()
    {
        Assert.Equal((Finding.Fails, "3, never in 1 of 2 runs"), Both(Verdict.Within("x", [3, double.NaN], 1, 5)));
        Assert.Equal((Finding.Fails, "never"), Both(Verdict.Within("x", [double.NaN], 1, 5)));
        Assert.Equal((Finding.Undecided, "not measured"), Both(Verdict.Within("x", [], 1, 5)));
    }

    [Fact]
    public void A_verdict_says_its_band_and_its_values()
    {
        Verdict verdict = Verdict.Within("x", [1.23456, 1.5, 2.9], 1, double.PositiveInfinity);
        Assert.Equal(("at least 1", "1.235 … 2.9 (3 runs)", "holds"), (verdict.Asked, verdict.Measured, verdict.Words));
        Assert.Equal("at most 0.002", Verdict.Within("x", [1], double.NegativeInfinity, 2e-3).Asked);
        Assert.Equal("0.0098 … 0.011", Verdict.Within("x", [1], 0.0098, 0.011).Asked);
    }

    [Fact]
    public void A_median_counts_what_never_ended_as_the_longest()
    {
        Assert.Equal(3, Numeral.Median([1, 3, double.NaN]));
        Assert.Equal(2, Numeral.Median([1, 3]));
        Assert.True(double.IsNaN(Numeral.Median([])));
        Assert.False(double.IsFinite(Numeral.Median([1, double.NaN, double.NaN])));
    }

    private static (Finding Finding, string Measured) Both(Verdict verdict) => (verdict.Finding, verdict.Measured);
}
