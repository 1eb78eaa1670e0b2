using System.Collections.Immutable;
using Grokking.Arithmetic;
using Grokking.Host.Configuration;
using Grokking.Host.Figures.Plots;
using Grokking.Host.Metrics.Parquet;
using Grokking.Measures;

namespace Grokking.Host.Studies.Explanations;

// D number of training samples, λ weight decay

/// <summary>arXiv 2309.02390: what parameter norm memorising and generalising need for their logits, and at how many samples memorising becomes the dearer one.</summary>
internal sealed class CircuitEfficiency : ExplanationStudy
{
    private const string Preset = "explanations/efficiency-of-circuits";
    private const string Sum = "sum";
    private const string Random = "random labels";

    // All norms are compared at this logit of the right class; about where the runs end.
    private const double Logit = 10;

    // The logits of the quadratic network are of the third degree in its weights, which have no biases.
    private const double Degree = 3;

    // The source calls a network generalising-only where so much of its logits is in waves of a + b − c.
    private const double GeneralisingShare = 0.95;

    /// <inheritdoc/>
    public override string Name => Preset;

    /// <inheritdoc/>
    public override string Title => "Circuit efficiency: the norm that memorising needs grows with the data, that of generalising does not";

    /// <inheritdoc/>
    public override string Claim => "Grokking is the change from a circuit that memorises to a more efficient one that generalises, which needs less parameter norm for the same logits. Memorising more samples takes more norm, generalising does not: "
        + "they cross at a critical size of the training set, below which nothing groks. Semi-grokking lies there. Seen with a transformer at p = 113.";

    /// <inheritdoc/>
    public override string Source => "arXiv 2309.02390";

    /// <inheritdoc/>
    public override ImmutableArray<string> Sweeps => [Preset];

    /// <inheritdoc/>
    public override StudyTables Gather(StudyRuns runs)
    {
        (string Series, StudyRun Run)[] all = [.. runs.Of(Preset).Select(run => (run.Series, run))];
        (Experiment Experiment, DataSplit Split, StudyTable Metrics)[] more =
            [.. all.AsParallel().AsOrdered().Select(each => (each.Run.Experiment, ExperimentData.Split(each.Run.Experiment).OrThrow(), each.Run.Metrics))];
        double[] Last(string column) => [.. more.Select(each => each.Metrics.Numbers(column)[^1])];
        (double[] norms, double[] logits) = (Last("circuit_parameter_norm"), Last("circuit_train_logit"));
        return StudyTables.Of(("outcomes", OutcomeTable.Of(
            all,
            TableColumn.Int32("samples", [.. more.Select(each => each.Split.Train.Length)]),
            TableColumn.Double("weight_decay", [.. more.Select(each => each.Experiment.Optimiser.WeightDecay)]),
            TableColumn.Double("parameter_norm", norms),
            TableColumn.Double("train_logit", logits),
            TableColumn.Double("norm_at_logit", [.. norms.Zip(logits, (norm, logit) => norm * Math.Pow(Logit / logit, 1 / Degree))]),
            TableColumn.Double("trigonometric_share", Last("circuit_trigonometric_share")),
            TableColumn.Double("generalising_logit", Last("circuit_generalising_logit")),
            TableColumn.Double("memorising_logit", Last("circuit_memorising_logit")))));
    }

    /// <inheritdoc/>
    public override ImmutableArray<Verdict> Judge(StudyTables tables)
    {
        StudyRow[] rows = [.. tables["outcomes"].Rows];
        double[] decays = BySize.Decays(rows);
        string By(Func<double, double> of) => string.Join(", ", decays.Select(decay => $"{BySize.Words(decay)}: {Numeral.Of(of(decay))}"));
        double most = rows.Where(row => row.Text("series") == Sum).Max(row => row.Number("samples"));
        return
        [
            .. decays.Select(decay => Medians(rows, Random, decay, "norm_at_logit")).Zip(decays, (medians, decay) => Verdict.Of(
                $"median norm of memorising at a logit of {Numeral.Of(Logit)}, by number of samples, {BySize.Words(decay)}",
                "each more than the one before",
                string.Join(", ", medians.Select(point => $"D = {Numeral.Of(point.X)}: {Numeral.Of(point.Y)}")),
                Rises(medians.Select(point => point.Y)))),
            Verdict.Within(
                $"share of the logits in waves of a + b − c, sum, D = {Numeral.Of(most)}",
                rows.Where(row => row.Text("series") == Sum && row.Number("samples") == most).Select(row => row.Number("trigonometric_share")),
                GeneralisingShare,
                1),
            Verdict.Reported("norm of the largest training set of the sum / of the smallest of which 95 % of the test set are right, at the same logit; without growth 1", By(decay => Growth(rows, decay))),
            Verdict.Reported("critical size: D at which memorising comes to need the norm that generalising needs on the largest training set", By(decay => Critical(rows, decay))),
            Verdict.Reported("D at which half of the test set is right in the end", By(decay => Learnt(rows, decay))),
            Verdict.Reported("their ratio, critical size / D at which half is right; the theory has 1", By(decay => Critical(rows, decay) / Learnt(rows, decay))),
            Verdict.Reported("runs of the sum whose test accuracy ends between 0.2 and 0.8: semi-grokking", $"{rows.Count(row => row.Text("series") == Sum && row.Number("test_accuracy") is > 0.2 and < 0.8)} of {rows.Count(row => row.Text("series") == Sum)}"),
        ];
    }

    /// <inheritdoc/>
    public override Figure Draw(StudyTables tables)
    {
        StudyRow[] rows = [.. tables["outcomes"].Rows];
        double[] decays = BySize.Decays(rows);
        IEnumerable<Point> By(string series, double decay, string column) => BySize.Points(BySize.Of(rows, series, decay), column);
        var samples = Axis.Around("training samples D", rows.Select(row => row.Number("samples")), true);
        ImmutableArray<LegendEntry> legend = [.. decays.Index().Select(each => new LegendEntry(BySize.Words(each.Item), Palette.At(each.Index), LegendSample.Both))];
        Axis norms = Axis.Around("", rows.Select(row => row.Number("norm_at_logit")), false);
        Panel Norms(string title, string series) => new(title, samples, norms, [.. decays.Index().SelectMany(each => Summary(By(series, each.Item, "norm_at_logit"), Palette.At(each.Index)))], legend);
        return new Figure(
            Id,
            Title,
            $"x + y mod {rows[0].Number("modulus")} and tables of random labels, the quadratic network with cross-entropy under AdamW with decay λ. {Seeds.Words(rows)} (a) Where runs end: parameter norm against the mean logit of the right class on the training set; each point a run. "
            + $"(b), (c) The norm at a logit of {Numeral.Of(Logit)}: logits are of the third degree in the weights. (d) What is learnt at each size of the training set.",
            "Parameter norm against logit, norm at one logit against the number of samples for random labels and for the sum, and test accuracy against the number of samples. "
            + string.Join(" ", decays.Select(decay => $"{BySize.Words(decay)}: critical size {Numeral.Of(Critical(rows, decay))}, half of the test set at {Numeral.Of(Learnt(rows, decay))} samples.")),
            [
                new(
                    "(a) norm and logit",
                    Axis.Around("logit of the right class", rows.Select(row => row.Number("train_logit")), true),
                    Axis.Around("", rows.Select(row => row.Number("parameter_norm")), true),
                    [.. new[] { Random, Sum }.Select((series, i) => new Dots([.. rows.Where(row => row.Text("series") == series).Select(row => new Point(row.Number("train_logit"), row.Number("parameter_norm")))], Palette.At(i + 3)) { Radius = 2.6 })],
                    [new(Random, Palette.At(3), LegendSample.Marker), new(Sum, Palette.At(4), LegendSample.Marker)]),
                Norms("(b) norm of memorising: random labels", Random),
                Norms("(c) norm of the sum", Sum),
                new("(d) test accuracy of the sum", samples, Share, [.. decays.Index().SelectMany(each => Summary(By(Sum, each.Item, "test_accuracy"), Palette.At(each.Index)))], legend),
            ])
        {
            Width = 900,
            Columns = 2,
        };
    }

    private static ImmutableArray<Point> Medians(StudyRow[] rows, string series, double decay, string column) => BySize.Medians(BySize.Of(rows, series, decay), column);

    // Generalising is what the sum needs on its largest training set; it is taken for the same at every size.
    private static double Critical(StudyRow[] rows, double decay)
    {
        ImmutableArray<Point> memorising = Medians(rows, Random, decay, "norm_at_logit");
        ImmutableArray<Point> sum = Medians(rows, Sum, decay, "norm_at_logit");
        return memorising.IsEmpty || sum.IsEmpty ? double.NaN
            : CriticalSize.Of([.. memorising.Select(point => new SizePoint(point.X, point.Y))], [new(memorising[0].X, sum[^1].Y), new(memorising[^1].X, sum[^1].Y)]) ?? double.NaN;
    }

    private static double Learnt(StudyRow[] rows, double decay) => BySize.Reached(Medians(rows, Sum, decay, "test_accuracy"), 0.5);

    private static double Growth(StudyRow[] rows, double decay)
    {
        ImmutableArray<Point> accuracies = Medians(rows, Sum, decay, "test_accuracy");
        ImmutableArray<Point> norms = Medians(rows, Sum, decay, "norm_at_logit");
        int first = accuracies.ToList().FindIndex(point => point.Y >= 0.95);
        return first < 0 ? double.NaN : norms[^1].Y / norms[first].Y;
    }
}
