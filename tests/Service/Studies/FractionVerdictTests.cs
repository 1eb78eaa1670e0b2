using System.Collections.Immutable;
using Grokking.Host.Metrics.Parquet;
using Grokking.Host.Studies;

namespace Grokking.Service.Studies;

/// <summary>Fig. 4a: each of its criteria can hold and can fail.</summary>
public class FractionVerdictTests
{
    private const string Descent = "gradientDescent";
    private const string SameEffective = "momentumSameEffectiveRate";
    private const string Same = "momentumSameRate";
    private const string AdamW = "adamW";

    private static readonly Study Figure = StudyCatalogue.Named("gromov/fig4a-fraction")!;

    // Series, fraction, times of two seeds (0: none), steps.
    private static readonly ImmutableArray<(string Series, double Fraction, long First, long Second, long Steps)> Good =
    [
        (Descent, 0.2, 0, 0, 80000), (Descent, 0.3, 5500, 5600, 80000), (Descent, 0.5, 3900, 3800, 80000), (Descent, 0.6, 2500, 2600, 80000),
        (SameEffective, 0.2, 0, 0, 80000), (SameEffective, 0.3, 5400, 5700, 80000), (SameEffective, 0.5, 3700, 3800, 80000), (SameEffective, 0.6, 2600, 2600, 80000),
        (Same, 0.3, 600, 700, 10000), (Same, 0.5, 400, 410, 10000), (Same, 0.6, 300, 310, 10000),
        (AdamW, 0.2, 200, 220, 2000), (AdamW, 0.3, 60, 61, 2000), (AdamW, 0.5, 31, 31, 2000), (AdamW, 0.6, 28, 29, 2000),
    ];

    [Fact]
    public void Everything_holds_where_the_times_are_as_the_paper_has_them() =>
        Assert.All(Judge(Good), verdict => Assert.True(verdict.Finding == Finding.Holds, $"{verdict}"));

    [Theory]
    [InlineData(0, Descent, 0.5, 6200)]
    [InlineData(1, SameEffective, 0.6, 4300)]
    [InlineData(2, Same, 0.6, 500)]
    [InlineData(3, AdamW, 0.6, 40)]
    [InlineData(4, Descent, 0.3, 4000)]
    [InlineData(5, Descent, 0.2, 70000)]
    [InlineData(6, Descent, 0.3, 0)]
    [InlineData(8, AdamW, 0.2, 0)]
    [InlineData(9, SameEffective, 0.5, 2800)]
    [InlineData(10, Same, 0.3, 5700)]
    public void Each_criterion_fails_where_a_time_is_another(int criterion, string series, double fraction, long time)
    {
        var changed = Good.Select(each => each.Series == series && each.Fraction == fraction ? each with { First = time, Second = time } : each);

        Assert.Equal(Finding.Fails, Judge([.. changed])[criterion].Finding);
    }

    [Fact]
    public void An_adaptive_optimiser_that_needs_more_data_than_descent_fails_the_comparison() =>
        Assert.Equal(Finding.Fails, Judge([.. Good.Where(each => each.Series != AdamW || each.Fraction > 0.3)])[7].Finding);

    [Fact]
    public void That_it_never_groks_is_undecided_where_nobody_waited_long_enough()
    {
        var changed = Good.Select(each => each is { Series: Descent, Fraction: 0.2 } ? each with { Steps = 12000 } : each);
        Assert.Equal(Finding.Undecided, Judge([.. changed])[5].Finding);
    }

    [Fact]
    public void A_picture_marks_what_did_not_grok_at_the_budget_and_joins_only_what_did()
    {
        string svg = Figure.Draw(Tables(Good)).Draw(whole: true);

        Assert.Equal(2, svg.Split("fill=\"#fff\"/>\n<path").Length - 1);
        Assert.Contains("AdamW groks from a fraction of 0.2 on.", svg, StringComparison.Ordinal);
    }

    private static Verdict[] Judge(ImmutableArray<(string Series, double Fraction, long First, long Second, long Steps)> points) => [.. Figure.Judge(Tables(points))];

    private static StudyTables Tables(ImmutableArray<(string Series, double Fraction, long First, long Second, long Steps)> points)
    {
        (string Series, double Fraction, long Seed, long Time, long Steps)[] runs =
            [.. points.SelectMany(point => new[] { (point.Series, point.Fraction, 0L, point.First, point.Steps), (point.Series, point.Fraction, 1L, point.Second, point.Steps) })];
        return StudyTables.Of(("times", StudyTable.Of(
            "runs",
            TableColumn.Text("series", [.. runs.Select(run => run.Series)]),
            TableColumn.Double("fraction", [.. runs.Select(run => run.Fraction)]),
            TableColumn.Int64("seed", [.. runs.Select(run => run.Seed)]),
            TableColumn.OptionalInt64("grokked_step", [.. runs.Select(run => run.Time == 0 ? (long?)null : run.Time)]),
            TableColumn.Int64("steps", [.. runs.Select(run => run.Steps)]))));
    }
}
