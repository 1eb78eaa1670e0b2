using Grokking.Host.Metrics.Parquet;
using Grokking.Host.Studies;
using Grokking.Host.Studies.Gromov;

namespace Grokking.Service.Studies;

/// <summary>Figs. 3 and 5: each of their criteria can hold and can fail.</summary>
public class PhaseAndParticipationTests
{
    private const double Exact = 1;

    private static readonly Dictionary<(string Optimiser, string Stage), (double Spread, double Median, double Share)> Phases = new()
    {
        [("gradientDescent", "start")] = (1.81, 1.57, 0.03),
        [("gradientDescent", "trained")] = (0.15, 0.09, 0.6),
        [("momentum", "trained")] = (0.19, 0.09, 0.6),
        [("adamW", "trained")] = (0.04, 0.02, 0.98),
        [("adam", "trained")] = (0.2, 0.1, 0.5),
        [("gradientDescent", "grokked")] = (0.15, 0.09, 0.6),
        [("momentum", "grokked")] = (0.15, 0.09, 0.6),
        [("adamW", "grokked")] = (0.07, 0.03, 0.9),
        [("adam", "grokked")] = (0.14, 0.05, 0.7),
    };

    private static readonly Dictionary<string, double> Ratios = new()
    {
        ["start"] = 0.04,
        ["at_grokking"] = 0.28,
        ["at_50"] = 0.56,
        ["at_100"] = 0.86,
        ["lowest_from_200"] = 0.9,
        ["change_from_150"] = 0.02,
        ["pace_of_i"] = 0.004,
        ["pace_of_iii"] = 0.012,
        ["pace_of_iv"] = 0.0001,
        ["largest"] = 0.93,
    };

    [Fact]
    public void Everything_holds_for_the_numbers_that_the_paper_leads_to_expect()
    {
        Assert.All(JudgePhases(Phases), verdict => Assert.True(verdict.Finding == Finding.Holds, $"{verdict}"));
        Assert.All(JudgeRatios(Ratios), verdict => Assert.True(verdict.Finding == Finding.Holds, $"{verdict}"));
    }

    [Theory]
    [InlineData(0, "gradientDescent", "start", 1.6, 1.5, 0)]
    [InlineData(1, "gradientDescent", "grokked", 0.31, 0.09, 0.6)]
    [InlineData(2, "momentum", "grokked", 0.31, 0.09, 0.6)]
    [InlineData(3, "adamW", "grokked", 0.31, 0.02, 0.98)]
    [InlineData(4, "adam", "grokked", 0.31, 0.2, 0.3)]
    [InlineData(5, "gradientDescent", "trained", 0.31, 0.09, 0.6)]
    [InlineData(6, "momentum", "trained", 0.31, 0.09, 0.6)]
    [InlineData(7, "adamW", "trained", 0.11, 0.02, 0.98)]
    [InlineData(8, "adamW", "trained", 0.04, 0.02, 0.89)]
    [InlineData(9, "adam", "trained", 0.36, 0.2, 0.3)]
    [InlineData(10, "adamW", "trained", 0.04, 0.1, 0.98)]
    public void Each_criterion_of_the_phases_fails_where_its_number_leaves_the_band(int criterion, string optimiser, string stage, double spread, double median, double share) =>
        Assert.Equal(Finding.Fails, JudgePhases(new(Phases) { [(optimiser, stage)] = (spread, median, share) })[criterion].Finding);

    [Theory]
    [InlineData(0, "start", 0.05)]
    [InlineData(1, "at_grokking", 0.41)]
    [InlineData(2, "at_50", 0.49)]
    [InlineData(3, "at_100", 0.79)]
    [InlineData(4, "lowest_from_200", 0.84)]
    [InlineData(5, "change_from_150", 0.031)]
    [InlineData(6, "pace_of_i", 0.02)]
    [InlineData(7, "pace_of_iv", 0.02)]
    [InlineData(8, "largest", 1.001)]
    public void Each_criterion_of_the_ratios_fails_where_its_number_leaves_the_band(int criterion, string column, double value) =>
        Assert.Equal(Finding.Fails, JudgeRatios(new(Ratios) { [column] = value })[criterion].Finding);

    private static Verdict[] JudgePhases(Dictionary<(string Optimiser, string Stage), (double Spread, double Median, double Share)> rows) =>
    [
        .. StudyCatalogue.Named("gromov/fig3-phases")!.Judge(StudyTables.Of(("spreads", StudyTable.Of(
            "spreads",
            TableColumn.Text("optimiser", [.. rows.Keys.Select(key => key.Optimiser)]),
            TableColumn.Text("stage", [.. rows.Keys.Select(key => key.Stage)]),
            TableColumn.Double("standard_deviation", [.. rows.Values.Select(row => row.Spread)]),
            TableColumn.Double("median_size", [.. rows.Values.Select(row => row.Median)]),
            TableColumn.Double("share_within_a_tenth", [.. rows.Values.Select(row => row.Share)]))))),
    ];

    private static Verdict[] JudgeRatios(Dictionary<string, double> row) =>
        [.. ParticipationOutcomes.Judge(StudyTable.Of("outcomes", [TableColumn.Text("series", "fast"), .. row.Select(pair => TableColumn.Double(pair.Key, pair.Value))]), Exact)];
}
