using System.Collections.Immutable;
using Grokking.Host.Figures.Plots;
using Grokking.Measures;

namespace Grokking.Host.Studies.Pku;

/// <summary>E7: addition of three operands.</summary>
internal sealed class ThreeOperands : PkuStudy
{
    private const string Coded = "as coded";
    private const string Size = "rms_weight";
    private static readonly ImmutableArray<double> Decays = [0, 0.01, 0.1, 1];
    private static readonly ImmutableArray<Setting> Settings = [new(512, 1e-3), new(32, 1e-3), new(32, 1e-4)];

    private readonly record struct Setting(int Batch, double Rate)
    {
        public override string ToString() => $"batches of {Batch}, rate {Numeral.Of(Rate)}";

        public string With(double decay) => $"λ = {Numeral.Of(decay)}, {this}";
    }

    /// <inheritdoc/>
    public override string Name => "pku/e7-three-operands";

    /// <inheritdoc/>
    public override string Title => "E7, Fig. 8: three operands, and why the source never left chance";

    /// <inheritdoc/>
    public override string Claim => "The sum of three operands mod 41, trained on 80 % of all triples, stays at chance on the training set as well; the report blames insufficient power of classification. "
        + "The run was stopped after 20 of 174 epochs, with a decay of 1, batches of 32 and a rate of 0.001.";

    /// <inheritdoc/>
    public override ImmutableArray<string> Sweeps => ["pku/e7-three-operands-coded", "pku/e7-three-operands-reported", "pku/e7-three-operands-small-batches"];

    /// <inheritdoc/>
    protected override ImmutableArray<string> Metrics => [.. base.Metrics, Size];

    /// <inheritdoc/>
    protected override string SeriesOf(string variant, StudyRun run) => variant == Coded
        ? Coded
        : new Setting(run.Experiment.BatchSize ?? 0, run.Experiment.Optimiser.LearningRate).With(run.Coordinate("optimiser.weightDecay"));

    /// <inheritdoc/>
    public override ImmutableArray<Verdict> Judge(StudyTables tables) =>
    [
        Verdict.Within("largest test accuracy, as coded", Values(tables, Coded, "best_test_accuracy"), 0.018, 0.032),
        Verdict.Within("least training loss, as coded", Values(tables, Coded, "least_train_loss"), 3.7, 3.73),
        Verdict.Within("training loss at the end, as coded", Values(tables, Coded, "train_loss"), 3.7, 3.73),
        Verdict.Of("cells whose training accuracy reaches 0.99", "at least one", Names(tables, cell => Learns(tables, cell)), Cells(tables).Any(cell => Learns(tables, cell))),
        .. Settings.Select(setting => Verdict.Reported($"best test accuracy by decay, {setting}", ByDecay(tables, setting, cell => Values(tables, cell, "best_test_accuracy")))),
        .. Settings.Select(setting => Verdict.Reported($"step to 98.5 % of the training set, {setting}", ByDecay(tables, setting, cell => Values(tables, cell, "train_reached")))),
        Verdict.Reported("least root mean square of the weights / its first value, as coded", Numeral.Range(Shrunk(tables, Coded))),
        .. Settings.Select(setting => Verdict.Reported($"the same by decay, {setting}", ByDecay(tables, setting, cell => Shrunk(tables, cell)))),
        Verdict.Reported("cells whose weights have died away (below a tenth of their largest root mean square, training accuracy at chance)", Names(tables, cell => Died(tables, cell), Coded)),
    ];

    /// <inheritdoc/>
    public override Figure Draw(StudyTables tables) => new(
        Id,
        Title,
        $"x1 + x2 + x3 mod 41, 80 % of 68,921 triples, a transformer of two layers. {SeedWords(tables)} As coded: an operator after the last operand, decay 1, batches of 32, rate 0.001. Below: without it, by decay λ. "
            + "With batches of 32, training stops when 99 % of the test set are right.",
        Ends(tables),
        [
            .. Both(tables, Coded),
            Sizes(tables, Coded, [(Coded, Coded)]),
            .. Settings.SelectMany(setting => Row(tables, setting)),
        ])
    {
        Width = 1200,
        Columns = 3,
    };

    private static IEnumerable<Panel> Row(StudyTables tables, Setting setting)
    {
        ImmutableArray<(string Series, string Name)> series = [.. Decays.Select(decay => (setting.With(decay), $"λ = {Numeral.Of(decay)}")).Where(each => SeriesIn(tables).Contains(each.Item1))];
        if (series.IsEmpty)
            yield break;
        yield return Several(tables, $"{setting}: training accuracy", "train_accuracy", series);
        yield return Several(tables, $"{setting}: test accuracy", "test_accuracy", series);
        yield return Sizes(tables, $"{setting}", series);
    }

    private static Panel Sizes(StudyTables tables, string title, ImmutableArray<(string Series, string Name)> series)
    {
        ImmutableArray<StudyRow> curves = Curves(tables, [.. series.Select(each => each.Series)]);
        return new(
            $"{title}: root mean square of the weights",
            new("step", 0, curves.Select(row => row.Number("step")).DefaultIfEmpty(1).Max(), false),
            Axis.Around("", curves.Select(row => row.Number(Size)), true),
            [.. series.SelectMany((each, i) => FromStart(tables, each.Series, Size, Palette.At(i)))],
            series is [(var only, _)] && only == Coded ? [] : Legend(series.Select(each => each.Name)));
    }

    private static string[] Cells(StudyTables tables) => [.. Settings.SelectMany(setting => Decays.Select(setting.With)).Where(SeriesIn(tables).Contains)];

    private static string Names(StudyTables tables, Func<string, bool> that, params string[] before) =>
        string.Join("; ", before.Concat(Cells(tables)).Where(that).DefaultIfEmpty("none"));

    private static string ByDecay(StudyTables tables, Setting setting, Func<string, ImmutableArray<double>> of) => string.Join("; ", Decays
        .Where(decay => SeriesIn(tables).Contains(setting.With(decay)))
        .Select(decay => $"λ = {Numeral.Of(decay)}: {Numeral.Range(of(setting.With(decay)))}")
        .DefaultIfEmpty("no run"));

    private static ImmutableArray<double> Shrunk(StudyTables tables, string series) =>
        [.. Runs(tables, series).Select(run => run.Min(row => row.Number(Size)) / run.First().Number(Size))];

    private static bool Died(StudyTables tables, string series) => Runs(tables, series).Any(run =>
        run.Aggregate(WeightCollapse.None, (seen, row) => seen.Observe((long)row.Number("step"), row.Number(Size), row.Number("train_accuracy"), 1 / tables["outcomes"].Numbers("modulus")[0])).Step is not null);

    private static IEnumerable<IGrouping<double, StudyRow>> Runs(StudyTables tables, string series) =>
        tables["curves"].Rows.Where(row => row.Text("series") == series).GroupBy(row => row.Number("seed"));

    private static bool Learns(StudyTables tables, string cell) => Values(tables, cell, "best_train_accuracy").Any(accuracy => accuracy >= 0.99);
}

/// <summary>E8: too little data.</summary>
internal sealed class LittleData : PkuStudy
{
    private static readonly ImmutableArray<string> Variants = ["as coded", "as reported"];

    /// <inheritdoc/>
    public override string Name => "pku/e8-little-data";

    /// <inheritdoc/>
    public override string Title => "E8, Fig. 9: five per cent of the table are too few";

    /// <inheritdoc/>
    public override string Claim => "From 5 % of the table of addition mod 113 the transformer memorises within 147 steps and does not grok within 30,000: test accuracy stays below 2 %, test loss rises to about 7.5.";

    /// <inheritdoc/>
    public override ImmutableArray<string> Sweeps => ["pku/e8-little-data-coded", "pku/e8-little-data-reported"];

    /// <inheritdoc/>
    protected override string SeriesOf(string variant, StudyRun run) => variant;

    /// <inheritdoc/>
    public override ImmutableArray<Verdict> Judge(StudyTables tables) =>
    [
        .. Variants.SelectMany(variant => new[]
        {
            Median(tables, variant, "steps to 98.5 % of the training set", "train_reached", 90, 300),
            Verdict.Within($"best test accuracy, {variant}", Values(tables, variant, "best_test_accuracy"), 0, variant == Variants[0] ? 0.03 : 0.05),
            Verdict.Within($"test loss at the end, {variant}", Values(tables, variant, "test_loss"), 5.5, double.PositiveInfinity),
        }),
    ];

    /// <inheritdoc/>
    public override Figure Draw(StudyTables tables) => new(
        Id,
        Title,
        $"x + y mod 113, 638 of 12,769 pairs, a transformer of two layers, AdamW with decay 1, batches of 64. {SeedWords(tables)} The dotted line is reached by a predictor that knows how often each label occurs.",
        Ends(tables),
        [.. SeriesIn(tables).SelectMany(series => Both(tables, series))])
    {
        Width = 900,
        Columns = 2,
    };
}

/// <summary>True division, product and sum at one budget: whether an asymmetric operation is harder.</summary>
internal sealed class Asymmetry : PkuStudy
{
    /// <inheritdoc/>
    public override string Name => "pku/asymmetry";

    /// <inheritdoc/>
    public override string Title => "Is an asymmetric operation harder?";

    /// <inheritdoc/>
    public override string Claim => "The report says that addition groks and division does not, for it is asymmetric. Its division is a product, and its runs differ in more than the operation; here nothing else differs.";

    /// <inheritdoc/>
    public override ImmutableArray<string> Sweeps => ["pku/asymmetry"];

    /// <inheritdoc/>
    protected override string SeriesOf(string variant, StudyRun run) => run.Experiment.Task.Operation switch
    {
        "x + y" => "x + y",
        "x / y" => "x / y",
        _ => "x·y, y ≠ 0",
    };

    /// <inheritdoc/>
    public override ImmutableArray<Verdict> Judge(StudyTables tables) =>
    [
        .. SeriesIn(tables).Select(series => Verdict.Reported($"steps to 98.5 % of the test set, {series}", $"median {Numeral.Of(Numeral.Median(Values(tables, series, "test_reached")))}; {Numeral.Range(Values(tables, series, "test_reached"))}")),
        Verdict.Within("best test accuracy within the budget, all operations", tables["outcomes"].Numbers("best_test_accuracy"), 0.985, 1),
        Verdict.Of(
            "order of the median steps to 98.5 % of the test set",
            "product < sum < quotient, as one seed each showed",
            string.Join(" < ", SeriesIn(tables).OrderBy(series => Numeral.Median(Values(tables, series, "test_reached")))),
            SeriesIn(tables).OrderBy(series => Numeral.Median(Values(tables, series, "test_reached"))).SequenceEqual(["x·y, y ≠ 0", "x + y", "x / y"])),
    ];

    /// <inheritdoc/>
    public override Figure Draw(StudyTables tables) => new(
        Id,
        Title,
        $"p = 41, half of the table, a transformer of two layers as coded, AdamW with decay 1, batches of 64. {SeedWords(tables)}",
        Ends(tables),
        [
            Several(tables, "(a) training accuracy", "train_accuracy", [.. SeriesIn(tables).Select(series => (series, series))]),
            Several(tables, "(b) test accuracy", "test_accuracy", [.. SeriesIn(tables).Select(series => (series, series))]),
        ])
    {
        Width = 900,
        Columns = 2,
    };
}
