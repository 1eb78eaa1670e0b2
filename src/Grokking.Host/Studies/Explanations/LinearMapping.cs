using System.Collections.Immutable;
using Grokking.Host.Figures.Plots;
using Grokking.Host.Metrics.Parquet;

namespace Grokking.Host.Studies.Explanations;

/// <summary>arXiv 2310.05918: the linear mapping number along training of a network that groks, and of one that cannot.</summary>
internal sealed class LinearMapping : ExplanationStudy
{
    /// <summary>The runs, shared with <see cref="RestrictedLoss"/>.</summary>
    internal const string Preset = "explanations/sum-and-random-labels";

    private const string Sum = "sum";
    private const string Random = "random labels";
    private const string Column = "linear_mapping_number";

    /// <inheritdoc/>
    public override string Name => "explanations/linear-mapping-number";

    /// <inheritdoc/>
    public override string Title => "The linear mapping number while a network memorises and groks";

    /// <inheritdoc/>
    public override string Claim => "Grokking is compression: the linear mapping number, of how many linear pieces a network behaves like, rises while it memorises and falls while it generalises, "
        + "in step with the test loss. Seen on perceptrons with cross-entropy; of the quadratic network nobody said anything.";

    /// <inheritdoc/>
    public override string Source => "arXiv 2310.05918";

    /// <inheritdoc/>
    public override ImmutableArray<string> Sweeps => [Preset];

    /// <inheritdoc/>
    public override StudyTables Gather(StudyRuns runs)
    {
        (string Series, StudyRun Run)[] all = [.. runs.Of(Preset).Select(run => (run.Series, run))];
        Course[] courses = [.. all.Select(each => Course.Of(each.Run))];
        TableColumn Number(string name, Func<Course, double> of) => TableColumn.Double(name, [.. courses.Select(of)]);
        return StudyTables.Of(
            ("curves", CurveTable.Of(all, "train_accuracy", "test_accuracy", "train_loss", "test_loss", Column)),
            ("outcomes", OutcomeTable.Of(
                all,
                Number("at_start", course => course.At(Column, 0)),
                Number("largest", course => course.Largest(Column)),
                Number("when_memorised", course => At(course, course.First("train_accuracy", 0.95))),
                Number("when_grokked", course => At(course, course.First("test_accuracy", 0.95))),
                Number("at_end", course => course.Metrics.Numbers(Column)[^1]),
                Number("correlation", Correlation))));
    }

    private static double At(Course course, double step) => double.IsNaN(step) ? step : course.At(Column, (long)step);

    // Of number and logarithm of the test loss, from memorising on: what "in step" says.
    private static double Correlation(Course course)
    {
        double from = course.First("train_accuracy", 0.95);
        (double Loss, double Number)[] later =
        [
            .. course.Metrics.Rows.Where(row => row.Number("step") >= from).Select(row => (Math.Log(row.Number("test_loss")), row.Number(Column)))
                .Where(pair => double.IsFinite(pair.Item1) && double.IsFinite(pair.Item2)),
        ];
        if (later.Length < 3)
            return double.NaN;
        (double loss, double number) = (later.Average(pair => pair.Loss), later.Average(pair => pair.Number));
        double Moment(Func<(double Loss, double Number), double> of) => later.Sum(of);
        return Moment(pair => (pair.Loss - loss) * (pair.Number - number))
            / Math.Sqrt(Moment(pair => (pair.Loss - loss) * (pair.Loss - loss)) * Moment(pair => (pair.Number - number) * (pair.Number - number)));
    }

    /// <inheritdoc/>
    public override ImmutableArray<Verdict> Judge(StudyTables tables) =>
    [
        .. new[] { Sum, Random }.SelectMany(series => new[] { ("at_start", "at the start"), ("largest", "at its largest"), ("when_memorised", "at 95 % of the training set"), ("when_grokked", "at 95 % of the test set"), ("at_end", "at the end") }
            .Where(each => series == Sum || each.Item1 != "when_grokked")
            .Select(each => Verdict.Reported($"linear mapping number {each.Item2}, {series}", MedianWords(Values(tables, series, each.Item1))))),
        Verdict.Reported(
            "linear mapping number at the end / at 95 % of the training set, sum; compression would make it less than 1",
            MedianWords([.. Values(tables, Sum, "at_end").Zip(Values(tables, Sum, "when_memorised"), (end, then) => end / then)])),
        Verdict.Reported("correlation of the number with the logarithm of the test loss from 95 % of the training set on, sum; the source finds it positive", MedianWords(Values(tables, Sum, "correlation"))),
    ];

    /// <inheritdoc/>
    public override Figure Draw(StudyTables tables)
    {
        ImmutableArray<(string Series, string Name)> both = [(Sum, Sum), (Random, Random)];
        ImmutableArray<LegendEntry> legend = [new("train", Train), new("test", Test)];
        Panel Accuracies(string title, string series) => new(title, Steps(tables), Share, [.. Along(tables, series, "train_accuracy", Train), .. Along(tables, series, "test_accuracy", Test)], legend);
        StudyRow[] later = [.. tables["curves"].Rows.Where(row => row.Number("train_accuracy") >= 0.95)];
        IEnumerable<Point> Against(string series) => later.Where(row => row.Text("series") == series).Select(row => new Point(row.Number("test_loss"), row.Number(Column)));
        return new Figure(
            Id,
            Title,
            $"x + y mod {tables["outcomes"].Numbers("modulus")[0]}, the quadratic network under AdamW, and the same network on a table of random labels. {Seeds.Words(tables["outcomes"].Rows)} "
            + "(c) The number over 128 samples, in closed form, from the inputs to the outputs: 1 for an affine map, 128 where no two samples are joined by a straight line. (d) The number against the test loss, from 95 % of the training set on.",
            "Accuracies, the linear mapping number along training, and the number against the test loss. "
            + string.Join(" ", SeriesIn(tables).Select(series => $"{series}: {Numeral.Range(Values(tables, series, "at_start"))} at the start, {Numeral.Range(Values(tables, series, "when_memorised"))} when the training set is right, {Numeral.Range(Values(tables, series, "at_end"))} at the end.")),
            [
                Accuracies("(a) sum: accuracy", Sum),
                Accuracies("(b) random labels: accuracy", Random),
                Several(tables, "(c) linear mapping number", Column, null, both),
                new(
                    "(d) number against test loss",
                    Axis.Around("test loss", later.Select(row => row.Number("test_loss")), true),
                    Axis.Around("", Shown(tables, Column), true),
                    [.. both.Index().Select(each => new Dots([.. Against(each.Item.Series)], Palette.At(each.Index)) { Radius = 2.4 })],
                    [.. both.Index().Select(each => new LegendEntry(each.Item.Name, Palette.At(each.Index), LegendSample.Marker))]),
            ])
        {
            Width = 900,
            Columns = 2,
        };
    }
}
