using Grokking.Host.Figures.Plots;
using Grokking.Host.Studies.Reports;

namespace Grokking.Service.Studies;

/// <summary>The report, and the checker that it must pass.</summary>
public class ReportTests
{
    private static readonly RunCurves Curves = new(
        "a-run",
        "x + y < 5 & \"more\"",
        new Figure("a-run-curves", "x + y < 5 & \"more\"", "", "A line that rises from 0 to 1.", [new("", new("step", 0, 1, false), new("", 0, 1, false), [new Curve([new(0, 0), new(1, 1)], Palette.At(0))], [])]),
        [["status", "completed"], ["a<b", "1 & 2"]]);

    private static readonly string Whole = Report.Of([], [Curves]);

    [Fact]
    public void A_report_is_accessible_and_needs_nothing_else() => Assert.Empty(AccessibilityChecker.Faults(Whole));

    [Theory]
    [InlineData(" lang=\"en\"", "", "language")]
    [InlineData("<main>", "<div>", "well-formed")]
    [InlineData("<h2", "<h3", "well-formed")]
    [InlineData("<h1>Figures, numbers and verdicts</h1>", "<h3>Figures</h3>", "first level")]
    [InlineData("<desc id=\"a-run-curves-desc\">A line that rises from 0 to 1.</desc>", "", "stands for it")]
    [InlineData("role=\"img\"", "", "does not say")]
    [InlineData("<caption>Outcome of the run</caption>", "", "caption")]
    [InlineData("scope=\"row\"", "", "scope")]
    [InlineData("#a-run\"", "#another\"", "leads nowhere")]
    [InlineData("fill=\"#1a1a1a\"", "fill=\"#9a9a9a\"", "contrast")]
    [InlineData("color: #1a1a1a", "color: #9a9a9a", "contrast")]
    [InlineData("</body>", "<script>1</script></body>", "scripts")]
    [InlineData("<p>", "<img src=\"http://somewhere/a.png\" /><p>", "other files")]
    [InlineData("aria-label=\"Figures\"", "", "no label")]
    public void The_checker_sees_what_is_missing(string part, string instead, string fault)
    {
        Assert.Contains(part, Whole, StringComparison.Ordinal);
        Assert.Contains(AccessibilityChecker.Faults(Whole.Replace(part, instead, StringComparison.Ordinal)), found => found.Contains(fault, StringComparison.Ordinal));
    }
}
