using System.Collections.Immutable;
using Grokking.Host.Figures.Plots;
using Grokking.Host.Metrics.Parquet;

namespace Grokking.Host.Studies.Gromov;

/// <summary>arXiv 2301.02679, Fig. 4a: when it groks, by the fraction of the data that is trained on and by optimiser.</summary>
internal sealed class GrokkingTimes : Study
{
    private const string Preset = "gromov/fig4a-fraction";
    private const string Fraction = "split.trainFraction";

    private static readonly ImmutableArray<(string Key, string Words)> Series =
    [
        ("gradientDescent", "gradient descent"),
        ("momentumSameEffectiveRate", "momentum, equal rate/(1 − β)"),
        ("momentumSameRate", "momentum, equal rate"),
        ("adamW", "AdamW"),
    ];

    /// <inheritdoc/>
    public override string Name => "gromov/fig4a-fraction";

    /// <inheritdoc/>
    public override string Title => "Fig. 4a: the time of grokking and the fraction of data";

    /// <inheritdoc/>
    public override string Claim =>
        "The more data, the sooner the network groks; below some fraction it never does, and the time grows without bound towards it. Momentum shortens the time, and AdamW groks with the least data. "
        + "For gradient descent at a fraction of about 0.2 the paper leaves the question open.";

    /// <inheritdoc/>
    public override ImmutableArray<string> Sweeps => [Preset];

    /// <inheritdoc/>
    public override StudyTables Gather(StudyRuns runs)
    {
        StudyRun[] all = [.. runs.Of(Preset)];
        return StudyTables.Of(("times", StudyTable.Of(
            "a row for each run; the time of grokking is the step of the first evaluation with a test accuracy of at least 95 %, and is missing where there was none",
            TableColumn.Text("series", [.. all.Select(run => run.Series)]),
            TableColumn.Double("fraction", [.. all.Select(run => run.Coordinate(Fraction))]),
            TableColumn.Int64("seed", [.. all.Select(run => run.Seed)]),
            TableColumn.OptionalInt64("grokked_step", [.. all.Select(run => run.Outcome.Milestones.Grokked.First)]),
            TableColumn.OptionalInt64("memorised_step", [.. all.Select(run => run.Outcome.Milestones.Memorised.First)]),
            TableColumn.Int64("steps", [.. all.Select(run => run.Record.Step)]),
            TableColumn.Text("stop_reason", [.. all.Select(run => run.Record.StopReason ?? "")]),
            TableColumn.Double("test_accuracy", [.. all.Select(run => run.Outcome.TestAccuracy)]))));
    }

    /// <inheritdoc/>
    public override ImmutableArray<Verdict> Judge(StudyTables tables) => FractionVerdicts.Of(GrokkingPoint.Of(tables["times"]), [.. Series]);

    /// <inheritdoc/>
    public override Figure Draw(StudyTables tables)
    {
        ImmutableArray<GrokkingPoint> points = GrokkingPoint.Of(tables["times"]);
        (string Key, string Words, Look Look)[] series = [.. Series.Select((each, i) => (each.Key, each.Words, Palette.At(i)))];
        Axis fractions = Axis.Around("fraction of the data that is trained on", points.Select(point => point.Fraction), false, 0.06);
        Axis times = Axis.Around("step of grokking", points.SelectMany(point => point.Times).Concat(points.Select(point => point.Longest)), true, 0.08);
        IEnumerable<Mark> Marks(string key, Look look, int place)
        {
            GrokkingPoint[] own = [.. points.Where(point => point.Series == key)];
            // Series stand a little beside each other, so that their strokes can be told apart.
            double beside = (place - 1.5) * 0.006;
            GrokkingPoint[] reached = [.. own.Where(point => double.IsFinite(point.Median))];
            yield return new Curve([.. own.Select(point => new Point(point.Fraction + beside, double.IsFinite(point.Median) ? point.Median : double.NaN))], look);
            yield return new Whiskers([.. reached.Select(point => (point.Fraction + beside, point.Times.Min(), point.Times.Max()))], look);
            yield return new Dots([.. reached.Select(point => new Point(point.Fraction + beside, point.Median))], look);
            yield return new Dots([.. own.Where(point => point.Missing > 0).Select(point => new Point(point.Fraction + beside, point.Longest))], look) { Hollow = true, Radius = 4.4 };
        }

        ImmutableArray<Mark> medians = [.. series.SelectMany((each, i) => Marks(each.Key, each.Look, i))];
        ImmutableArray<Mark> shares =
        [
            .. series.SelectMany(each =>
            {
                ImmutableArray<Point> own = [.. points.Where(point => point.Series == each.Key).Select(point => new Point(point.Fraction, point.Share))];
                return new Mark[] { new Curve(own, each.Look), new Dots(own, each.Look) };
            }),
        ];
        int seeds = points.Max(point => point.Seeds);
        return new Figure(
            Id,
            Title,
            $"{(seeds > 1 ? $"(a) Medians of {seeds} seeds; strokes reach from the first to the last" : "(a) One seed")}. Open markers stand at the longest budget of runs that did not grok: the time is longer than that, or there is none. "
            + "(b) The share of seeds that grokked. Full batch, mean squared error; a run has grokked at its first evaluation with 95 % of the test set right.",
            "Two charts over the fraction of training data. Above, the step of grokking on a logarithmic scale for four optimisers, falling with the fraction; below, the share of seeds that grokked. "
            + string.Join(" ", series.Select(each => FractionVerdicts.Threshold(points, each.Key) is var threshold && double.IsFinite(threshold)
                ? $"{each.Words} groks from a fraction of {Numeral.Of(threshold)} on."
                : $"{each.Words} does not grok.")),
            [
                new("(a)", fractions with { Label = "" }, times, medians, [.. series.Select(each => new LegendEntry(each.Words, each.Look, LegendSample.Both))]) { Height = 300 },
                new("(b)", fractions, new("share that grokked", 0, 1.06, false), shares, []) { Height = 110 },
            ])
        {
            Width = 720,
        };
    }
}
