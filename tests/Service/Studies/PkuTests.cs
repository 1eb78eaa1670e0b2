using Grokking.Host.Metrics.Parquet;
using Grokking.Host.Studies;
using Grokking.Host.Studies.Pku;

namespace Grokking.Service.Studies;

/// <summary>What is read off the course of a run, and what it comes to.</summary>
public class PkuTests
{
    private static readonly Course Known = new(
        StudyTable.Of(
            "",
            TableColumn.Int64("step", [0, 10, 20, 30, 40]),
            TableColumn.Double("test_accuracy", [0.01, 0.4, 0.5, 0.99, 0.2]),
            TableColumn.Double("test_loss", [3.7, 5, 4, double.NaN, 9])),
        [5, 30, 35]);

    [Fact]
    public void A_course_knows_what_was_first_largest_and_least()
    {
        Assert.Equal(20, Known.First("test_accuracy", 0.5));
        Assert.Equal(30, Known.First("test_accuracy", 0.985));
        Assert.Equal(double.NaN, Known.First("test_accuracy", 0.995));
        Assert.Equal(0.99, Known.Largest("test_accuracy"));
        Assert.Equal(3.7, Known.Least("test_loss"));
        Assert.Equal(5, Known.PeakBefore("test_loss", 20));
        Assert.Equal(9, Known.PeakBefore("test_loss", double.NaN));
        Assert.Equal(3.7, Known.At("test_loss", 0));
        Assert.Equal([3, 1, 0], new[] { 0, 30, double.NaN }.Select(Known.Spikes));
    }

    [Fact]
    public void Too_little_data_must_be_memorised_and_never_learnt()
    {
        Finding[] Of(double memorised, double best, double loss) => [.. new LittleData().Judge(Outcomes("as coded", memorised, best, loss)).Take(3).Select(verdict => verdict.Finding)];

        Assert.Equal([Finding.Holds, Finding.Holds, Finding.Holds], Of(150, 0.02, 7));
        Assert.Equal([Finding.Fails, Finding.Holds, Finding.Holds], Of(double.NaN, 0.02, 7));
        Assert.Equal([Finding.Holds, Finding.Fails, Finding.Holds], Of(150, 0.04, 7));
        Assert.Equal([Finding.Holds, Finding.Holds, Finding.Fails], Of(150, 0.02, 5));
    }

    [Fact]
    public void A_median_names_all_values_and_takes_what_was_not_reached_for_the_latest()
    {
        StudyTables tables = StudyTables.Of(("outcomes", StudyTable.Of(
            "",
            TableColumn.Text("series", ["as coded", "as coded", "as coded"]),
            TableColumn.Double("train_reached", [100, double.NaN, 200]),
            TableColumn.Double("best_test_accuracy", [0, 0, 0]),
            TableColumn.Double("test_loss", [6, 6, 6]))));

        Verdict verdict = new LittleData().Judge(tables)[0];

        Assert.Equal(Finding.Holds, verdict.Finding);
        Assert.StartsWith("200; all: 100 … 200, never in 1 of 3 runs", verdict.Measured, StringComparison.Ordinal);
    }

    private static StudyTables Outcomes(string series, double memorised, double best, double loss) => StudyTables.Of(("outcomes", StudyTable.Of(
        "",
        TableColumn.Text("series", [series]),
        TableColumn.Double("train_reached", [memorised]),
        TableColumn.Double("best_test_accuracy", [best]),
        TableColumn.Double("test_loss", [loss]))));
}
