using System.Collections.Immutable;
using Grokking.Host.Figures.Plots;

namespace Grokking.Host.Studies.Pku;

/// <summary>Addition mod 41 at three fractions of training data: Figs. 1 and 2 with batches of 64, Fig. 3 with batches of 128.</summary>
internal abstract class FractionsStudy : PkuStudy
{
    /// <summary>The fractions, ascending.</summary>
    protected static readonly ImmutableArray<double> Fractions = [0.3, 0.5, 0.7];

    /// <summary>Both variants, as they are called in the tables.</summary>
    protected static readonly ImmutableArray<string> Variants = ["as coded", "as reported"];

    /// <summary>The name of a curve.</summary>
    protected static string Key(string variant, double fraction) => $"{variant}, α = {Numeral.Of(fraction)}";

    /// <inheritdoc/>
    protected override string SeriesOf(string variant, StudyRun run) => Key(variant, run.Coordinate("split.trainFraction"));

    /// <inheritdoc/>
    public override Figure Draw(StudyTables tables) => new(
        Id,
        Title,
        $"x + y mod 41, a transformer of two layers. {SeedWords(tables)} The dotted line is reached by a predictor that knows how often each label occurs, and nothing else.",
        Ends(tables),
        [.. SeriesIn(tables).SelectMany(series => Both(tables, series))])
    {
        Width = 900,
        Columns = 2,
    };

    /// <summary>Grokking comes the sooner the more data there are.</summary>
    protected static Verdict Ordered(StudyTables tables, string variant)
    {
        double[] medians = [.. Fractions.Select(fraction => Numeral.Median(Values(tables, Key(variant, fraction), "test_reached")))];
        return Verdict.Of(
            $"median steps to 98.5 % of the test set at fractions 0.3, 0.5, 0.7, {variant}",
            "each less than the one before",
            string.Join(", ", medians.Select(Numeral.Of)),
            medians.Zip(medians.Skip(1)).All(pair => pair.Second < pair.First));
    }

    /// <summary>Median of test over train times, seed by seed.</summary>
    protected static Verdict Delay(StudyTables tables, string series, double low, double high) => Median(
        $"delay (steps to 98.5 % of the test set / of the training set), {series}",
        [.. Values(tables, series, "test_reached").Zip(Values(tables, series, "train_reached"), (test, train) => test / train)],
        low,
        high);
}

/// <summary>E1: batches of 64.</summary>
internal sealed class Fractions : FractionsStudy
{
    private static readonly ImmutableArray<(double Fraction, (double Low, double High) Train, (double Low, double High) Test, (double Low, double High) Delay)> Coded =
    [
        (0.3, (110, 260), (3000, 12000), (12, double.PositiveInfinity)),
        (0.5, (280, 630), (1400, 5600), (3, 14)),
        (0.7, (270, 610), (460, 1840), (1.2, 5)),
    ];

    private static readonly ImmutableArray<(double Fraction, (double Low, double High) Train, (double Low, double High) Test, (double Low, double High) Delay)> Reported =
    [
        (0.3, (85, 340), (2000, 18000), (8, double.PositiveInfinity)),
        (0.5, (210, 840), (900, 8400), (2, 20)),
        (0.7, (200, 810), (300, 2800), (1, 7)),
    ];

    /// <inheritdoc/>
    public override string Name => "pku/e1-fractions";

    /// <inheritdoc/>
    public override string Title => "E1, Figs. 1 and 2: a transformer groks addition, the sooner the more data it has";

    /// <inheritdoc/>
    public override string Claim => "A transformer of two layers memorises addition mod 41 within a few hundred steps and groks it after about 6000, 2800 and 920 steps at training fractions of 0.3, 0.5 and 0.7. "
        + "Later both losses spike together, and recover.";

    /// <inheritdoc/>
    public override ImmutableArray<string> Sweeps => ["pku/e1-fractions-coded", "pku/e1-fractions-reported"];

    /// <inheritdoc/>
    public override ImmutableArray<Verdict> Judge(StudyTables tables) =>
    [
        .. new[] { (Variants[0], Coded), (Variants[1], Reported) }.SelectMany(each => each.Item2.SelectMany(band => new[]
        {
            Median(tables, Key(each.Item1, band.Fraction), "steps to 98.5 % of the training set", "train_reached", band.Train.Low, band.Train.High),
            Median(tables, Key(each.Item1, band.Fraction), "steps to 98.5 % of the test set", "test_reached", band.Test.Low, band.Test.High),
            Delay(tables, Key(each.Item1, band.Fraction), band.Delay.Low, band.Delay.High),
        })),
        .. Variants.Select(variant => Ordered(tables, variant)),
        .. Variants.Select(variant => Verdict.Within($"training loss at the start, {variant}", Fractions.SelectMany(fraction => Values(tables, Key(variant, fraction), "first_loss")), 3.6, 4.1)),
        Median(tables, Key(Variants[0], 0.3), "largest test loss before half of the test set is right", "test_loss_peak", 4.5, 8),
        Spiking(tables),
        .. Variants.Select(variant => Verdict.Reported(
            $"times that a run lost what it had grokked (five evaluations in a row below half of the test set), at fractions 0.3, 0.5, 0.7, {variant}",
            string.Join(", ", Fractions.Select(fraction => Numeral.Range(Values(tables, Key(variant, fraction), "collapses")))))),
    ];

    private static Verdict Spiking(StudyTables tables)
    {
        double[][] spikes = [.. Fractions.Select(fraction => Values(tables, Key(Variants[0], fraction), "spikes_after_grokking").ToArray())];
        return Verdict.Of(
            "seeds with a spike of the training loss after grokking, as coded, at fractions 0.3, 0.5, 0.7",
            "three of five, at each fraction",
            string.Join(", ", spikes.Select(seeds => $"{seeds.Count(count => count > 0)} of {seeds.Length}")),
            spikes.All(seeds => seeds.Length > 0 && seeds.Count(count => count > 0) >= 0.6 * seeds.Length));
    }
}

/// <summary>E2: batches of 128.</summary>
internal sealed class Batches : FractionsStudy
{
    private static readonly ImmutableArray<(double Fraction, double Low, double High, double Test)> Bands = [(0.3, 75, 175, 5900), (0.5, 115, 270, 2500), (0.7, 185, 420, 1360)];

    /// <inheritdoc/>
    public override string Name => "pku/e2-batch";

    /// <inheritdoc/>
    public override string Title => "E2, Fig. 3: twice the batch, half the time to memorise, hardly less to grok";

    /// <inheritdoc/>
    public override string Claim => "With batches of 128 the training set is learnt in about half as many steps as with 64; the test set takes about as many.";

    /// <inheritdoc/>
    public override ImmutableArray<string> Sweeps => ["pku/e2-batch-coded", "pku/e2-batch-reported", "pku/e1-fractions-coded", "pku/e1-fractions-reported"];

    /// <inheritdoc/>
    protected override string SeriesOf(string variant, StudyRun run) => $"{base.SeriesOf(variant, run)}, batches of {run.Experiment.BatchSize}";

    /// <inheritdoc/>
    public override ImmutableArray<Verdict> Judge(StudyTables tables) =>
    [
        .. Variants.SelectMany((variant, i) => Bands.SelectMany(band =>
        {
            // The report says less than the program, and its band is wider.
            double slack = i == 0 ? 2 : 3;
            return new[]
            {
                Median(tables, Key(variant, band.Fraction, 128), "steps to 98.5 % of the training set", "train_reached", i == 0 ? band.Low : band.Low / 1.5, i == 0 ? band.High : band.High * 1.5),
                Median(tables, Key(variant, band.Fraction, 128), "steps to 98.5 % of the test set", "test_reached", band.Test / slack, band.Test * slack),
            };
        })),
        .. Bands.Where(band => band.Fraction < 0.7).SelectMany(band => new[]
        {
            Ratio(tables, band.Fraction, "train_reached", "training", 0.3, 0.9),
            Ratio(tables, band.Fraction, "test_reached", "test", 0.5, 2),
        }),
    ];

    private static string Key(string variant, double fraction, int batch) => $"{Key(variant, fraction)}, batches of {batch}";

    private static Verdict Ratio(StudyTables tables, double fraction, string column, string set, double low, double high) => Verdict.Within(
        $"median steps to 98.5 % of the {set} set with batches of 128 / of 64, as coded, α = {Numeral.Of(fraction)}",
        [Numeral.Median(Values(tables, Key(Variants[0], fraction, 128), column)) / Numeral.Median(Values(tables, Key(Variants[0], fraction, 64), column))],
        low,
        high);

    /// <inheritdoc/>
    public override Figure Draw(StudyTables tables) => new(
        Id,
        Title,
        $"x + y mod 41, a transformer of two layers, as coded. {SeedWords(tables)} Thin dotted: a predictor that knows how often each label occurs.",
        Ends(tables),
        [
            .. Fractions.SelectMany(fraction => new[] { ("train_accuracy", "training accuracy"), ("test_accuracy", "test accuracy") }.Select(metric => Several(
                tables,
                $"α = {Numeral.Of(fraction)}: {metric.Item2}",
                metric.Item1,
                [(Key(Variants[0], fraction, 64), "batches of 64"), (Key(Variants[0], fraction, 128), "batches of 128")]))),
        ])
    {
        Width = 900,
        Columns = 2,
    };
}
