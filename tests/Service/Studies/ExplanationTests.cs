using System.Globalization;
using Grokking.Host.Metrics.Parquet;
using Grokking.Host.Studies;
using Grokking.Host.Studies.Explanations;

namespace Grokking.Service.Studies;

/// <summary>What the figures of the explanations conclude from tables that are known.</summary>
public class ExplanationTests
{
    [Theory]
    [InlineData(100, 300, 900, true)]
    [InlineData(100, 300, double.NaN, true)]
    [InlineData(100, 900, 300, false)]
    [InlineData(100, double.NaN, 300, false)]
    [InlineData(100, double.NaN, double.NaN, false)]
    public void A_delay_that_was_not_reached_is_later_than_all_others(double small, double middle, double large, bool holds)
    {
        Verdict verdict = new LazyAndRich().Judge(Scaled([small, middle, large], [3, 2, 1]))[0];

        Assert.Equal(holds ? Finding.Holds : Finding.Fails, verdict.Finding);
    }

    [Theory]
    [InlineData(3, 2, 1, true)]
    [InlineData(1, 2, 3, false)]
    [InlineData(3, 3, 1, false)]
    public void Lazy_training_must_move_the_weights_less(double small, double middle, double large, bool holds) =>
        Assert.Equal(holds ? Finding.Holds : Finding.Fails, new LazyAndRich().Judge(Scaled([1, 2, 3], [small, middle, large]))[1].Finding);

    [Theory]
    [InlineData(50, 70, double.NaN, true, true)]
    [InlineData(70, 70, double.NaN, false, true)]
    [InlineData(double.NaN, 70, double.NaN, false, true)]
    [InlineData(50, 70, 60, true, false)]
    public void The_circuit_must_be_there_before_the_test_loss_falls_and_never_without_a_rule(double restricted, double test, double control, bool first, bool second)
    {
        StudyTables tables = Outcomes(
            ["sum", "random labels"],
            ("restricted_loss_halved", [restricted, control]), ("test_loss_halved", [test, double.NaN]), ("excluded_at_end", [1, 1]), ("excluded_least", [1, 1]), ("key_frequencies", [5, 5]));

        Assert.Equal([first, second], new RestrictedLoss().Judge(tables).Take(2).Select(verdict => verdict.Finding == Finding.Holds));
    }

    [Fact]
    public void The_critical_size_lies_where_memorising_comes_to_need_the_norm_of_generalising()
    {
        // Memorising needs 1, 2, 3 at 100, 200, 400 samples, generalising 2.5 at the most: in the middle of 200 and 400 on a logarithmic axis.
        StudyTables tables = Outcomes(
            ["random labels", "random labels", "random labels", "sum", "sum", "sum"],
            ("samples", [100, 200, 400, 100, 200, 400]), ("weight_decay", [1, 1, 1, 1, 1, 1]), ("norm_at_logit", [1, 2, 3, 2, 2.6, 2.5]), ("test_accuracy", [0, 0, 0, 0, 0.25, 0.75]),
            ("trigonometric_share", [0, 0, 0, 0, 0.5, 0.96]));

        Verdict[] verdicts = [.. new CircuitEfficiency().Judge(tables)];

        Assert.Equal([Finding.Holds, Finding.Holds], verdicts.Take(2).Select(verdict => verdict.Finding));
        string crossing = Math.Round(Math.Sqrt(200 * 400), 1).ToString(CultureInfo.InvariantCulture);
        Assert.Contains(verdicts, verdict => verdict.Criterion.StartsWith("critical size", StringComparison.Ordinal) && verdict.Measured == $"λ = 1: {crossing}");
        Assert.Contains(verdicts, verdict => verdict.Criterion.StartsWith("D at which half", StringComparison.Ordinal) && verdict.Measured == $"λ = 1: {crossing}");
        Assert.Contains(verdicts, verdict => verdict.Criterion.StartsWith("runs of the sum", StringComparison.Ordinal) && verdict.Measured == "2 of 3");
    }

    [Theory]
    [InlineData(0.96, 0.1, 1.0, 200, true, true, true, true)]
    [InlineData(0.94, 0.1, 1.0, 200, false, true, true, true)]
    [InlineData(0.96, 0.6, 1.0, 200, true, true, false, false)]
    [InlineData(0.96, 0.1, 0.9, 200, true, false, true, true)]
    [InlineData(0.96, 0.1, 1.0, 400, true, true, true, false)]
    public void What_was_understood_must_be_kept_on_a_large_part_and_lost_on_a_small_one_at_a_size_that_no_decay_moves(
        double before, double smallest, double largest, double middle, bool wasRight, bool isKept, bool isLost, bool isSame)
    {
        // Half is kept at the middle size, which is 200 for the other decay.
        StudyTables tables = Outcomes(
            [.. Enumerable.Repeat("goes on after grokking", 6)],
            ("samples", [50, 200, 800, 50, middle, 800]),
            ("weight_decay", [1, 1, 1, 2, 2, 2]),
            ("test_accuracy", [0.1, 0.5, 1, smallest, 0.5, largest]),
            ("test_accuracy_before", [1, 1, 1, 1, before, 1]));

        Verdict[] verdicts = [.. new Ungrokking().Judge(tables)];

        bool Holds(int place) => verdicts[place].Finding == Finding.Holds;
        Assert.Equal((wasRight, true, isKept, true, isLost, isSame), (Holds(0), Holds(1), Holds(2), Holds(3), Holds(4), Holds(5)));
    }

    [Fact]
    public void Grokfast_is_set_beside_a_plain_run_at_the_rate_that_it_comes_to()
    {
        StudyTables tables = Outcomes(
            ["AdamW", "AdamW", "AdamW, a third of the decay", "AdamW, Grokfast"],
            ("learning_rate", [0.001, 0.003, 0.003, 0.001]), ("grokked_step", [1000, 250, 800, 500]), ("weight_decay", [1, 1, 1, 1]), ("budget", [2000, 2000, 2000, 2000]));

        Assert.Equal(["0.5", "2", "0.625"], new MatchedRates().Judge(tables).TakeLast(3).Select(verdict => verdict.Measured));
    }

    [Fact]
    public void The_calculated_race_of_two_circuits_is_that_of_an_independent_calculation()
    {
        var study = new CircuitRace();

        Assert.All(study.Judge(study.Gather(new StudyRuns([]))), verdict => Assert.Equal(Finding.Holds, verdict.Finding));
    }

    private static StudyTables Scaled(double[] delays, double[] movements)
    {
        double[] zeros = new double[delays.Length];
        return Outcomes(
            [.. delays.Select((_, i) => $"a = {i + 1}")],
            ("scale", [.. delays.Select((_, i) => i + 1.0)]), ("delay", delays), ("weight_movement", movements), ("delay_ratio", zeros), ("alignment_at_start", zeros), ("alignment_at_end", zeros), ("kernel_movement", zeros));
    }

    private static StudyTables Outcomes(string[] series, params (string Name, double[] Cells)[] columns) => StudyTables.Of(
        ("outcomes", StudyTable.Of("", [TableColumn.Text("series", series), .. columns.Select(column => TableColumn.Double(column.Name, column.Cells))])));
}
