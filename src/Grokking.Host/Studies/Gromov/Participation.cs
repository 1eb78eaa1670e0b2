using System.Collections.Immutable;
using Grokking.Analytic;
using Grokking.Host.Figures.Plots;
using Grokking.Host.Metrics.Parquet;
using Grokking.Measures;
using Grokking.Networks;
using Grokking.Randomness;

namespace Grokking.Host.Studies.Gromov;

/// <summary>arXiv 2301.02679, Fig. 5: the inverse participation ratio along training under AdamW, its four regimes, and the value of the exact weights.</summary>
internal sealed class Participation : Study
{
    private const string Preset = "gromov/fig5-participation";
    private const double Onset = 0.05;
    private const double Saturated = 0.9;
    private static readonly ImmutableArray<(string Key, string Words)> Series = [("fast", "rate 0.46, decay 0.109"), ("slow", "rate 0.05, decay 0.1")];
    private static readonly ImmutableArray<string> Borders = ["onset_step", "complete_step", "saturated_step"];
    private static readonly ImmutableArray<string> Numerals = ["I", "II", "III", "IV"];

    /// <inheritdoc/>
    public override string Name => "gromov/fig5-participation";

    /// <inheritdoc/>
    public override string Title => "Fig. 5: the participation ratio and the four regimes of training";

    /// <inheritdoc/>
    public override string Claim =>
        "Under AdamW the participation ratio of the weights' Fourier transforms grows slowly while the network memorises (I), passes a transition while it groks (II), "
        + "grows fast once the test set is right (III), and saturates below the value of the exact weights (IV).";

    /// <inheritdoc/>
    public override ImmutableArray<string> Sweeps => [Preset];

    /// <inheritdoc/>
    public override StudyTables Gather(StudyRuns runs)
    {
        (StudyRun Run, StudyTable Metrics)[] all = [.. runs.Of(Preset).Select(run => (run, run.Metrics))];
        TableColumn Same(string name) => TableColumn.Double(name, [.. all.SelectMany(each => each.Metrics.Numbers(name))]);
        var network = (QuadraticNetwork)all[0].Run.Weights(0).Network;
        AnalyticSolution exact = RandomPhases.Addition(network.Modulus, network.Width, RandomKey.FromSeed(0));
        ImmutableArray<ParticipationConvention> conventions = [.. Enum.GetValues<ParticipationConvention>()];
        return StudyTables.Of(
            ("curves", StudyTable.Of(
                "a row for each run and evaluated step; the convention half-rfft unless said",
                TableColumn.Text("series", [.. all.SelectMany(each => each.Metrics.Rows.Select(_ => each.Run.Series))]),
                TableColumn.Int64("seed", [.. all.SelectMany(each => each.Metrics.Rows.Select(_ => each.Run.Seed))]),
                TableColumn.Int64("step", [.. all.SelectMany(each => each.Metrics.Numbers("step")).Select(step => (long)step)]),
                Same("ipr_half_rfft"),
                Same("ipr_pooled_full"),
                Same("train_accuracy"),
                Same("test_accuracy"))),
            ("exact", StudyTable.Of(
                "the mean over the neurons of a draw of the random-phase weights, by convention",
                TableColumn.Text("convention", [.. conventions.Select(ParticipationRatio.Id)]),
                TableColumn.Double("value", [.. conventions.Select(convention => ParticipationRatio.Mean(convention, new(exact.Network, exact.Weights)))]))),
            ("outcomes", ParticipationOutcomes.Of([.. all.Select(each => (each.Run.Series, each.Run.Seed, each.Metrics))], Onset, Saturated)));
    }

    /// <inheritdoc/>
    public override ImmutableArray<Verdict> Judge(StudyTables tables) =>
        ParticipationOutcomes.Judge(tables["outcomes"], Exact(tables));

    /// <inheritdoc/>
    public override Figure Draw(StudyTables tables)
    {
        StudyRow[] curves = [.. tables["curves"].Rows];
        StudyRow[] outcomes = [.. tables["outcomes"].Rows];
        double exact = Exact(tables);
        Panel[][] columns = [.. Series.Select((series, i) => Column(series, i == 0, [.. curves.Where(row => row.Text("series") == series.Key)], [.. outcomes.Where(row => row.Text("series") == series.Key)], exact))];
        return new Figure(
            Id,
            Title,
            "Mean inverse participation ratio of the neurons (convention half-rfft: one-sided transform of each block, mean of the three) under AdamW. "
            + $"{Seeds.Words(outcomes)} Dotted: the exact weights. Upright lines, medians: test accuracy 5 %, test accuracy 99 %, ratio at 90 % of its last value; between them the regimes "
            + "I slow growth, II grokking, III fast growth, IV saturation.",
            "Two charts of the participation ratio over training steps, each above a chart of the accuracies. The ratio rises from about 0.04, fastest after the test set is right, and levels off below 1. "
            + string.Join(" ", Series.Select(series => $"At {series.Words} it ends at {Numeral.Range([.. outcomes.Where(row => row.Text("series") == series.Key).Select(row => row.Number("last"))])}.")),
            [columns[0][0], columns[1][0], columns[0][1], columns[1][1]])
        {
            Width = 900,
            Columns = 2,
        };
    }

    private static Panel[] Column((string Key, string Words) series, bool first, StudyRow[] curves, StudyRow[] outcomes, double exact)
    {
        ImmutableArray<Mark> Of(string column, Look look) => Over(curves, column, look);
        double last = curves.Max(row => row.Number("step"));
        double[] borders = [.. Borders.Select(column => Numeral.Median(outcomes.Select(row => row.Number(column)))).Where(double.IsFinite)];
        ImmutableArray<Mark> lines = [.. borders.Select(step => new Moment(step, "", 0))];
        double[] ends = [0, .. borders, last];
        // A regime that is narrower than its numeral stays without it.
        ImmutableArray<Mark> regimes =
        [
            .. Enumerable.Range(0, ends.Length - 1).Where(i => borders.Length == 3 && ends[i + 1] - ends[i] > last / 40)
                .Select(i => new Note(new((ends[i] + ends[i + 1]) / 2, 0.45), Numerals[i])),
        ];
        var steps = new Axis("", 0, last, false);
        return
        [
            new(first ? "(a) participation ratio" : "(b) participation ratio", steps, new("", 0, 1.12, false), [new Level(exact, "exact weights"), .. lines, .. Of("ipr_half_rfft", Palette.At(3) with { Dash = "" }), .. regimes], [new(series.Words, Palette.At(3) with { Dash = "" })]),
            new(first ? "(c) accuracy" : "(d) accuracy", steps with { Label = "step" }, new("", 0, 1.04, false),
                [.. lines, .. Of("train_accuracy", Palette.At(0)), .. Of("test_accuracy", Palette.At(1))], [new("train", Palette.At(0)), new("test", Palette.At(1))]) { Height = 120 },
        ];
    }

    private static ImmutableArray<Mark> Over(StudyRow[] rows, string column, Look look) =>
        Seeds.Marks(rows.Select(row => new Point(row.Number("step"), row.Number(column))), look);

    private static double Exact(StudyTables tables) => tables["exact"].Rows.First(row => row.Text("convention") == "half-rfft").Number("value");
}
