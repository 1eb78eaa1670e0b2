using System.Collections.Immutable;
using Grokking.Host.Figures.Plots;

namespace Grokking.Host.Studies.Pku;

/// <summary>What Figs. 6 and 7 have in common: the program's "division" mod 41 or the true one, by several optimisers.</summary>
internal abstract class OptimiserStudy : PkuStudy
{
    /// <summary>The decays that are tried, for the source does not name its own.</summary>
    protected static readonly ImmutableArray<double> Decays = [0, 0.01, 0.05, 0.1, 1];

    /// <summary>Both variants, as they are called in the tables.</summary>
    protected static readonly ImmutableArray<string> Variants = ["as coded", "as reported"];

    /// <summary>The name of a curve by decay.</summary>
    protected static string Key(string variant, string kind, double decay) => $"{variant}, {kind}, decay {Numeral.Of(decay)}";

    /// <summary>The best test accuracy, as a median over seeds, by decay.</summary>
    protected static double Best(StudyTables tables, string variant, string kind, double decay) => Numeral.Median(Values(tables, Key(variant, kind, decay), "best_test_accuracy"));

    /// <summary>The curves of all decays in one chart.</summary>
    protected static Panel ByDecay(StudyTables tables, string title, string variant, string kind, string column = "test_accuracy") =>
        Several(tables, title, column, [.. Decays.Select(decay => (Key(variant, kind, decay), $"λ = {Numeral.Of(decay)}"))]);
}

/// <summary>E5: AdamW with the whole training set, with batches of 64, and Nesterov's momentum.</summary>
internal sealed class Optimisers : OptimiserStudy
{
    private static readonly ImmutableArray<double> Rates = [0.01, 0.03, 0.1];

    /// <inheritdoc/>
    public override string Name => "pku/e5-optimisers";

    /// <inheritdoc/>
    public override string Title => "E5, Fig. 6: optimisers, and the decay that nobody named";

    /// <inheritdoc/>
    public override string Claim => "On \"division\" mod 41 neither full-batch AdamW, nor AdamW with batches of 64, nor SGD with Nesterov's momentum groks within 30,000 steps: test accuracies reach 0.43, 0.50 and 0.375. "
        + "The report does not say with which decay; the program's own is 1, and its label is the product.";

    /// <inheritdoc/>
    public override ImmutableArray<string> Sweeps => ["pku/e5-optimisers-coded", "pku/e5-optimisers-reported"];

    /// <inheritdoc/>
    protected override string SeriesOf(string variant, StudyRun run) => run.Series == "nesterov"
        ? Rated(variant, run.Coordinate("optimiser.learningRate"))
        : Key(variant, run.Series == "fullBatch" ? Full : Mini, run.Coordinate("optimiser.weightDecay"));

    private const string Full = "full batch";
    private const string Mini = "batches of 64";

    private static string Rated(string variant, double rate) => $"{variant}, Nesterov, rate {Numeral.Of(rate)}";

    /// <inheritdoc/>
    public override ImmutableArray<Verdict> Judge(StudyTables tables) =>
    [
        .. Variants.SelectMany<string, Verdict>(variant =>
        [
            .. Decays.Where(decay => decay <= 0.1).SelectMany(decay => new[]
            {
                Median(tables, Key(variant, Full, decay), "steps to 98.5 % of the training set", "train_reached", 34, 140),
                Median(tables, Key(variant, Mini, decay), "steps to 98.5 % of the training set", "train_reached", 115, 470),
            }),
            Unlearnt(tables, variant, Full),
            Unlearnt(tables, variant, Mini),
            Verdict.Within($"steps to 98.5 % of the test set, {Key(variant, Mini, 1)}", Values(tables, Key(variant, Mini, 1), "test_reached"), 0, 10000),
            Verdict.Reported($"the decay whose median best test accuracy is nearest to the figure's 0.50, {variant}, batches of 64", Numeral.Of(Decays.MinBy(decay => Math.Abs(Best(tables, variant, Mini, decay) - 0.5)))),
            Momentum(tables, variant),
        ]),
        Verdict.Reported(
            "median steps to 98.5 % of the test set of the true quotient / of the product, decay 1, batches of 64",
            Numeral.Of(Numeral.Median(Values(tables, Key(Variants[1], Mini, 1), "test_reached")) / Numeral.Median(Values(tables, Key(Variants[0], Mini, 1), "test_reached")))),
    ];

    private static Verdict Unlearnt(StudyTables tables, string variant, string kind) => Verdict.Of(
        $"decays up to 0.1 whose median best test accuracy lies in 0.3 … 0.7 and of which no seed groks, {variant}, {kind}",
        "at least one",
        string.Join(", ", Decays.Where(decay => decay <= 0.1).Select(decay => $"λ = {Numeral.Of(decay)}: {Numeral.Of(Best(tables, variant, kind, decay))}{(Groks(tables, Key(variant, kind, decay)) ? ", groks" : "")}")),
        Decays.Any(decay => decay <= 0.1 && Best(tables, variant, kind, decay) is >= 0.3 and <= 0.7 && !Groks(tables, Key(variant, kind, decay))));

    private static Verdict Momentum(StudyTables tables, string variant) => Verdict.Of(
        $"rates of Nesterov's momentum with the training set right at step 1100 … 4700, best test accuracy 0.2 … 0.6 and no spike, {variant}",
        "at least one",
        string.Join("; ", Rates.Select(rate => $"η = {Numeral.Of(rate)}: {Numeral.Of(Numeral.Median(Values(tables, Rated(variant, rate), "train_reached")))}, {Numeral.Of(Numeral.Median(Values(tables, Rated(variant, rate), "best_test_accuracy")))}, {Values(tables, Rated(variant, rate), "spikes").Sum():0} spikes")),
        Rates.Any(rate => Numeral.Median(Values(tables, Rated(variant, rate), "train_reached")) is >= 1100 and <= 4700
            && Numeral.Median(Values(tables, Rated(variant, rate), "best_test_accuracy")) is >= 0.2 and <= 0.6
            && Values(tables, Rated(variant, rate), "spikes").Sum() == 0));

    private static bool Groks(StudyTables tables, string series) => Values(tables, series, "test_reached").Any(double.IsFinite);

    /// <inheritdoc/>
    public override Figure Draw(StudyTables tables) => new(
        Id,
        Title,
        $"p = 41, half of the table. As coded the label is x·y, as reported x/y. {SeedWords(tables)} λ is the decay of AdamW, η the rate of SGD with Nesterov's momentum 0.9 and no decay.",
        Ends(tables),
        [
            .. Variants.SelectMany(variant => new[]
            {
                ByDecay(tables, $"{variant}: test accuracy, AdamW, full batch", variant, Full),
                ByDecay(tables, $"{variant}: test accuracy, AdamW, batches of 64", variant, Mini),
                Several(tables, $"{variant}: test accuracy, Nesterov", "test_accuracy", [.. Rates.Select(rate => (Rated(variant, rate), $"η = {Numeral.Of(rate)}"))]),
                Several(tables, $"{variant}: training accuracy, Nesterov", "train_accuracy", [.. Rates.Select(rate => (Rated(variant, rate), $"η = {Numeral.Of(rate)}"))]),
            }),
        ])
    {
        Width = 900,
        Columns = 2,
    };
}

/// <summary>E6: dropout and decay.</summary>
internal sealed class Regularisers : OptimiserStudy
{
    private const string Plain = "no dropout";
    private const string Dropped = "dropout 0.1";

    /// <inheritdoc/>
    public override string Name => "pku/e6-regularisers";

    /// <inheritdoc/>
    public override string Title => "E6, Fig. 7: weight decay and dropout";

    /// <inheritdoc/>
    public override string Claim => "The report finds that various regularisers improve the test accuracy. By its figure dropout of 0.1 does not (0.45 against 0.50), and a decay of 0.05 does (0.69).";

    /// <inheritdoc/>
    public override ImmutableArray<string> Sweeps => ["pku/e6-regularisers-coded", "pku/e6-regularisers-reported", "pku/e5-optimisers-coded", "pku/e5-optimisers-reported"];

    /// <inheritdoc/>
    protected override string SeriesOf(string variant, StudyRun run) => run.Series switch
    {
        "minibatch" => Key(variant, Plain, run.Coordinate("optimiser.weightDecay")),
        "" => Key(variant, Dropped, run.Coordinate("optimiser.weightDecay")),
        _ => $"{variant}, {run.Series}, not shown",
    };

    /// <inheritdoc/>
    public override ImmutableArray<Verdict> Judge(StudyTables tables) =>
    [
        .. Variants.SelectMany(variant => new[]
        {
            Verdict.Within($"median best test accuracy with dropout 0.1 minus without, {variant}, decay 0", [Best(tables, variant, Dropped, 0) - Best(tables, variant, Plain, 0)], -0.15, 0.15),
            Verdict.Within($"median best test accuracy, {Key(variant, Plain, 0.05)}", [Best(tables, variant, Plain, 0.05)], 0.5, 1),
            Verdict.Within($"median best test accuracy at decay 0.05 minus at 0, {variant}, no dropout", [Best(tables, variant, Plain, 0.05) - Best(tables, variant, Plain, 0)], 0.05, double.PositiveInfinity),
        }),
    ];

    /// <inheritdoc/>
    public override Figure Draw(StudyTables tables) => new(
        Id,
        Title,
        $"p = 41, half of the table, AdamW with batches of 64. As coded the label is x·y, as reported x/y. {SeedWords(tables)} λ is the decay.",
        Ends(tables),
        [
            .. Variants.SelectMany(variant => new[]
            {
                ByDecay(tables, $"{variant}: test accuracy, no dropout", variant, Plain),
                ByDecay(tables, $"{variant}: test accuracy, dropout 0.1", variant, Dropped),
            }),
        ])
    {
        Width = 900,
        Columns = 2,
    };
}
