using System.Collections.Immutable;
using Grokking.Host.Figures.Plots;
using Grokking.Host.Metrics.Parquet;

namespace Grokking.Host.Studies.Explanations;

// η learning rate, λ amplification of slow gradients

/// <summary>A fair bench of optimisers, filters and losses on one task: what is said to be faster, beside plain AdamW at rates that match.</summary>
internal sealed class MatchedRates : ExplanationStudy
{
    private const string Preset = "explanations/matched-rates";
    private const string Plain = "AdamW";
    private const string SamePull = "AdamW, a third of the decay";
    private const string Grokfast = "AdamW, Grokfast";

    // 1 + λ at the amplification of the preset.
    private const double Factor = 3;

    /// <inheritdoc/>
    public override string Name => Preset;

    /// <inheritdoc/>
    public override string Title => "Optimisers, filters and losses on one task, at rates that match";

    /// <inheritdoc/>
    public override string Claim => "Grokfast, which amplifies slow gradients by 1 + λ, is said to make grokking up to 50 times faster; StableMax and orthogonal gradients are said to grok without any decay. "
        + "Users ask what of it a higher rate alone would do. Here all learn one task, with AdamW at the same rate and at 1 + λ times the rate beside them.";

    /// <inheritdoc/>
    public override string Source => "arXiv 2405.20233, arXiv 2501.04697";

    /// <inheritdoc/>
    public override ImmutableArray<string> Sweeps => [Preset];

    /// <inheritdoc/>
    public override StudyTables Gather(StudyRuns runs)
    {
        (string Series, StudyRun Run)[] all = [.. runs.Of(Preset).Select(run => (run.Series, run))];
        TableColumn Number(string name, Func<StudyRun, double> of) => TableColumn.Double(name, [.. all.Select(each => of(each.Run))]);
        return StudyTables.Of(
            ("curves", CurveTable.Of(all.Select(each => (Key(each.Series, each.Run.Experiment.Optimiser.LearningRate), each.Run)), "train_accuracy", "test_accuracy")),
            ("outcomes", OutcomeTable.Of(
                all,
                Number("learning_rate", run => run.Experiment.Optimiser.LearningRate),
                Number("weight_decay", run => run.Experiment.Optimiser.WeightDecay),
                Number("budget", run => run.Experiment.Budget.Steps))));
    }

    /// <inheritdoc/>
    public override ImmutableArray<Verdict> Judge(StudyTables tables)
    {
        double Steps(string series, double rate) => Numeral.Median(Times(tables, series, rate));
        return
        [
            .. SeriesIn(tables).SelectMany(series => Rates(tables, series).Select(rate => Verdict.Reported($"steps to 95 % of the test set, {series}, η = {Numeral.Of(rate)}", MedianWords(Times(tables, series, rate))))),
            .. Rates(tables, Grokfast).SelectMany(rate => new[]
            {
                Verdict.Reported($"median steps of Grokfast / of AdamW at the same rate, η = {Numeral.Of(rate)}", Numeral.Of(Steps(Grokfast, rate) / Steps(Plain, rate))),
                Verdict.Reported($"the same / of AdamW at {Numeral.Of(Factor)} times the rate, with the same decay", Numeral.Of(Steps(Grokfast, rate) / Steps(Plain, Matched(tables, Plain, rate)))),
                Verdict.Reported($"the same / of AdamW at {Numeral.Of(Factor)} times the rate, with the same product of rate and decay", Numeral.Of(Steps(Grokfast, rate) / Steps(SamePull, Matched(tables, SamePull, rate)))),
            }),
        ];
    }

    /// <inheritdoc/>
    public override Figure Draw(StudyTables tables)
    {
        StudyRow[] rows = [.. tables["outcomes"].Rows];
        double budget = rows.Max(row => row.Number("budget"));
        double least = rows.Min(row => row.Number("learning_rate"));
        (int Look, string Series)[] all = [.. SeriesIn(tables).Index()];
        var rates = Axis.Around("learning rate η", rows.Select(row => row.Number("learning_rate")), true, 0.15);
        IEnumerable<Point> Reached(string series) => rows.Where(row => row.Text("series") == series).Select(row => new Point(row.Number("learning_rate"), row.Number("grokked_step")));
        ImmutableArray<LegendEntry> legend = [.. all.Select(each => new LegendEntry(each.Series, Palette.At(each.Look), LegendSample.Both))];
        // Those of which no seed groks stand above the budget, each at a height of its own.
        double Above(int look) => budget * Math.Pow(1.1, look);
        IEnumerable<Point> Never((int Look, string Series) each) => Reached(each.Series).GroupBy(point => point.X).Where(group => group.All(point => double.IsNaN(point.Y))).Select(group => new Point(group.Key, Above(each.Look)));
        return new Figure(
            Id,
            Title,
            $"x + y mod {rows[0].Number("modulus")}, 70 % of the table, a perceptron with one hidden layer, the whole training set in each step; AdamW with decay 1 unless said otherwise, at most {Numeral.Of(budget)} steps. {Seeds.Words(rows)} "
            + "Grokfast: running average with memory 0.98, amplification λ = 2. (a) Steps to 95 % of the test set by learning rate; hollow above the budget: never. "
            + $"(b) Test accuracy along training at η = {Numeral.Of(least)}, or at the least rate there is.",
            "Steps to 95 % of the test set by learning rate, and test accuracy along training. "
            + string.Join(" ", all.SelectMany(each => Rates(tables, each.Series).Select(rate => $"{each.Series}, η = {Numeral.Of(rate)}: {Numeral.Range(Times(tables, each.Series, rate))}."))),
            [
                new(
                    "(a) steps to 95 % of the test set",
                    rates,
                    Axis.Around("", rows.Select(row => row.Number("grokked_step")).Append(Above(all.Length)), true),
                    [new Level(budget, "budget"), .. all.SelectMany(each => (IEnumerable<Mark>)[.. Summary(Reached(each.Series), Palette.At(each.Look)), new Dots([.. Never(each)], Palette.At(each.Look)) { Hollow = true }])],
                    legend) { Height = 300 },
                new(
                    "(b) test accuracy",
                    Steps(tables),
                    Share,
                    [.. all.SelectMany(each => Along(tables, Key(each.Series, Rates(tables, each.Series).Min()), "test_accuracy", Palette.At(each.Look)))],
                    [.. all.Select(each => new LegendEntry(each.Series, Palette.At(each.Look)))]) { Height = 300 },
            ])
        {
            Width = 1000,
            Columns = 2,
        };
    }

    private static string Key(string series, double rate) => $"{series}, η = {Numeral.Of(rate)}";

    private static double[] Rates(StudyTables tables, string series) =>
        [.. tables["outcomes"].Rows.Where(row => row.Text("series") == series).Select(row => row.Number("learning_rate")).Distinct().Order()];

    // Rates are written by people: three times one of them is another only to a few digits.
    private static double Matched(StudyTables tables, string series, double rate) =>
        Rates(tables, series).FirstOrDefault(each => Math.Abs((each / (Factor * rate)) - 1) < 1e-6, double.NaN);

    private static ImmutableArray<double> Times(StudyTables tables, string series, double rate) =>
        [.. tables["outcomes"].Rows.Where(row => row.Text("series") == series && row.Number("learning_rate") == rate).Select(row => row.Number("grokked_step"))];
}
