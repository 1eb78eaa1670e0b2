using Grokking.Host.Metrics.Parquet;
using Grokking.Host.Studies;
using Grokking.Host.Studies.Gromov;

namespace Grokking.Service.Studies;

/// <summary>Fig. 1: its numbers come out of the metrics as they should, and each of its criteria can hold and can fail.</summary>
public class DynamicsVerdictTests
{
    private static readonly Dictionary<string, double> Fast = new()
    {
        ["memorised_step"] = 2990,
        ["grokked_step"] = 3880,
        ["first_test_loss"] = 0.0103,
        ["peak_test_loss"] = 0.0107,
        ["peak_step"] = 3080,
        ["final_test_loss"] = 6e-4,
        ["final_train_accuracy"] = 1,
        ["final_test_accuracy"] = 1,
        ["lowest_test_accuracy_over_chance"] = 0.1,
        ["final_rms_over_first"] = 5.2,
        ["largest_fall_of_rms"] = 1e-4,
        ["gradient_peak_step"] = 3100,
    };

    private static readonly Dictionary<string, double> Slow = new(Fast) { ["memorised_step"] = 8970, ["grokked_step"] = 11640 };

    [Fact]
    public void Everything_holds_for_the_numbers_that_the_paper_leads_to_expect() =>
        Assert.All(Judge(Fast, Slow), verdict => Assert.True(verdict.Finding == Finding.Holds, $"{verdict}"));

    [Theory]
    [InlineData(0, "first_test_loss", 0.0097)]
    [InlineData(1, "peak_test_loss", 0.0103)]
    [InlineData(2, "peak_step", 3700)]
    [InlineData(3, "final_test_loss", 0.0021)]
    [InlineData(4, "largest_fall_of_rms", 0.011)]
    [InlineData(5, "final_rms_over_first", 3.4)]
    [InlineData(6, "memorised_step", 1990)]
    [InlineData(7, "grokked_step", 6010)]
    [InlineData(8, "final_train_accuracy", 0.998)]
    [InlineData(9, "final_test_accuracy", 0.998)]
    [InlineData(10, "grokked_step", 3100)]
    [InlineData(11, "lowest_test_accuracy_over_chance", 1)]
    [InlineData(12, "gradient_peak_step", 4000)]
    [InlineData(13, "memorised_step", 5990, true)]
    [InlineData(14, "grokked_step", 18010, true)]
    public void Each_criterion_fails_where_its_number_leaves_the_band(int criterion, string column, double value, bool slow = false)
    {
        Verdict[] verdicts = slow ? Judge(Fast, new(Slow) { [column] = value }) : Judge(new(Fast) { [column] = value }, Slow);

        Assert.Equal(Finding.Fails, verdicts[criterion].Finding);
    }

    [Fact]
    public void The_numbers_are_read_off_the_metrics()
    {
        StudyTable metrics = StudyTable.Of(
            "metrics",
            TableColumn.Int64("step", 0, 10, 20, 30, 40),
            TableColumn.Double("train_accuracy", 0.1, 0.5, 0.96, 1, 1),
            TableColumn.Double("test_accuracy", 0.1, 0, 0.05, 0.95, 1),
            TableColumn.Double("test_loss", 1, 1.1, 1.3, 1.2, 9),
            TableColumn.Double("rms_weight", 1, 2, 1.5, 3, 1),
            TableColumn.Double("gradient_norm_w1", 0, 3, 4, 0, 0),
            TableColumn.Double("gradient_norm_w2", 0, 4, 3.5, 0, 0));

        StudyRow row = DynamicsOutcomes.Of([("fast", 7, 10, 3e5, metrics)]).Rows.Single();

        Assert.Equal((20, 30), (row.Number("memorised_step"), row.Number("grokked_step")));
        Assert.Equal((1.3, 20), (row.Number("peak_test_loss"), row.Number("peak_step")));
        Assert.Equal((0.25, 1), (row.Number("largest_fall_of_rms"), row.Number("final_rms_over_first")));
        Assert.Equal((0, 20), (row.Number("lowest_test_accuracy_over_chance"), row.Number("gradient_peak_step")));
    }

    private static Verdict[] Judge(Dictionary<string, double> fast, Dictionary<string, double> slow) => [.. DynamicsOutcomes.Judge(StudyTable.Of(
        "outcomes",
        [TableColumn.Text("series", "fast", "slow"), .. Fast.Keys.Select(column => TableColumn.Double(column, fast[column], slow[column]))]))];
}
