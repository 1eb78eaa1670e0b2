using System.Collections.Immutable;
using Grokking.Arithmetic;
using Grokking.Host.Configuration;
using Grokking.Host.Figures.Plots;
using Grokking.Host.Metrics.Parquet;
using Grokking.Measures;

namespace Grokking.Host.Studies.Gromov;

/// <summary>arXiv 2310.13061: what becomes of wrong training labels, by their share and the weight decay, and which neurons hold them.</summary>
internal sealed class LabelCorruption : Study
{
    private const string Sweep = "gromov/label-corruption";
    private const string Grid = "grid";
    private const string Long = "long";
    private const double Pruned = 0.35;
    private static readonly ImmutableArray<(double Decay, CorruptionPhase Phase)> Known =
    [
        (0, CorruptionPhase.Coexistence),
        (0.109, CorruptionPhase.PartialInversion),
        (0.326, CorruptionPhase.FullInversion),
        (0.435, CorruptionPhase.Forgetting),
    ];

    /// <inheritdoc/>
    public override string Name => Sweep;

    /// <inheritdoc/>
    public override string Source => "arXiv 2310.13061";

    /// <inheritdoc/>
    public override string Title => "Wrong labels: remembered, seen through, forgotten";

    /// <inheritdoc/>
    public override string Claim =>
        "With a third of the training labels random, the network generalises all the same. Without weight decay it remembers the wrong labels as well; with more and more decay it answers some, "
        + "then nearly all of them rightly; with too much it forgets. Neurons of low participation ratio hold the wrong labels: without them the test accuracy stays.";

    /// <inheritdoc/>
    public override ImmutableArray<string> Sweeps => [Sweep];

    /// <inheritdoc/>
    public override StudyTables Gather(StudyRuns runs)
    {
        (string Series, StudyRun Run)[] all = [.. runs.Of(Sweep).Select(run => (run.Series, run))];
        double Decay(StudyRun run) => run.Coordinate("optimiser.weightDecay");
        double Fraction(StudyRun run) => run.Coordinate("labelCorruption.fraction");
        string PhaseOf(StudyRun run)
        {
            double wrong = Fraction(run) * (1 - (1.0 / run.Modulus));
            return CorruptionPhases.Of(run.Outcome.TrainAccuracy, run.Outcome.TestAccuracy, run.Metrics.Numbers("test_accuracy").Max(), wrong).ToString();
        }

        StudyRun pruned = runs.Of(Sweep, Grid).First(run => Decay(run) == 0 && Fraction(run) == Pruned);
        DataSplit split = ExperimentData.Split(pruned.Experiment).OrThrow();
        (PruningOrder Order, PruningPoint Point)[] points =
        [
            .. Enum.GetValues<PruningOrder>().AsParallel().AsOrdered()
                .SelectMany(order => Pruning.Curve(pruned.Weights(pruned.CheckpointSteps[^1]), split, order).Select(point => (order, point))),
        ];
        TableColumn Share(string name, Func<CorruptionAccuracies, double> of) => TableColumn.Double(name, [.. points.Select(each => of(each.Point.Accuracies))]);
        return StudyTables.Of(
            ("curves", CurveTable.Of(runs.Of(Sweep, Long).Select(run => (Ticks.Text(Decay(run)), run)), "train_accuracy", "test_accuracy")),
            ("outcomes", OutcomeTable.Of(
                all,
                TableColumn.Double("weight_decay", [.. all.Select(each => Decay(each.Run))]),
                TableColumn.Double("corruption", [.. all.Select(each => Fraction(each.Run))]),
                TableColumn.Text("phase", [.. all.Select(each => PhaseOf(each.Run))]))),
            ("pruning", StudyTable.Of(
                $"a row for each number of removed neurons, of the network without decay and a share of {Numeral.Of(Pruned)} random labels",
                TableColumn.Text("order", [.. points.Select(each => each.Order == PruningOrder.LowestFirst ? "lowest ratio first" : "highest ratio first")]),
                TableColumn.Int32("removed", [.. points.Select(each => each.Point.Removed)]),
                TableColumn.OptionalDouble("ratio", [.. points.Select(each => double.IsNaN(each.Point.Ratio) ? (double?)null : each.Point.Ratio)]),
                Share("train", each => each.Train),
                Share("clean_train", each => each.CleanTrain),
                Share("corrupted_train", each => each.CorruptedTrain),
                Share("corrected_train", each => each.CorrectedTrain),
                Share("test", each => each.Test))));
    }

    /// <inheritdoc/>
    public override ImmutableArray<Verdict> Judge(StudyTables tables)
    {
        StudyRow[] pruning = [.. tables["pruning"].Rows];
        StudyRow[] lowest = [.. pruning.Where(row => row.Text("order").StartsWith("lowest", StringComparison.Ordinal))];
        StudyRow[] highest = [.. pruning.Where(row => row.Text("order").StartsWith("highest", StringComparison.Ordinal))];
        // Where the wrong labels are all but gone.
        double gone = lowest.Where(row => row.Number("corrupted_train") <= 0.1).Select(row => row.Number("removed")).FirstOrDefault(double.NaN);
        return
        [
            .. Known.Select(known =>
            {
                string[] phases = [.. tables["outcomes"].Rows.Where(row => row.Text("series") == Long && row.Number("weight_decay") == known.Decay).Select(row => row.Text("phase"))];
                return Verdict.Of(
                    $"phase in the end at a share of {Numeral.Of(Pruned)} and weight decay {Numeral.Of(known.Decay)}",
                    known.Phase.ToString(),
                    string.Join(", ", phases.CountBy(phase => phase).Select(each => $"{each.Key} ({each.Value} of {phases.Length} seeds)")),
                    phases.Count(phase => phase == known.Phase.ToString()) * 2 > phases.Length);
            }),
            Verdict.Within("test accuracy once the least periodic neurons are removed until a tenth of the wrong labels is left", lowest.Where(row => row.Number("removed") == gone).Select(row => row.Number("test")), 0.9, double.PositiveInfinity),
            Verdict.Within("test accuracy after removing as many of the most periodic ones", highest.Where(row => row.Number("removed") == gone).Select(row => row.Number("test")), double.NegativeInfinity, 0.5),
        ];
    }

    /// <inheritdoc/>
    public override Figure Draw(StudyTables tables)
    {
        StudyRow[] outcomes = [.. tables["outcomes"].Rows.Where(row => row.Text("series") == Grid)];
        StudyRow[] ends = [.. tables["outcomes"].Rows.Where(row => row.Text("series") == Long)];
        StudyRow[] curves = [.. tables["curves"].Rows.Where(row => row.Number("step") > 0)];
        StudyRow[] pruning = [.. tables["pruning"].Rows];
        double[] decays = [.. outcomes.Select(row => row.Number("weight_decay")).Distinct().Order()];
        double[] shares = [.. outcomes.Select(row => row.Number("corruption")).Distinct().Order()];
        Axis Names(string label, double[] values) => Axis.Of(label, [.. values.Select(value => Ticks.Text(value))]);
        StudyRow[] At(double decay, double share) => [.. outcomes.Where(row => row.Number("weight_decay") == decay && row.Number("corruption") == share)];
        Panel Map(string title, string column) => new(
            title,
            Names("share of random training labels", shares),
            Names("weight decay", decays),
            [new HeatMap([.. decays.Select(decay => shares.Select(share => Math.Round(Numeral.Median(At(decay, share).Select(row => row.Number(column))), 2)).ToImmutableArray())], new("", 0, 1, false))],
            []);
        string[] order = [.. pruning.Select(row => row.Text("order")).Distinct()];
        (string Column, string Words)[] lines = [("test", "test"), ("clean_train", "train, true labels"), ("corrupted_train", "train, wrong labels"), ("corrected_train", "the same, true answer")];
        Panel Curves(string title, string which)
        {
            StudyRow[] rows = [.. pruning.Where(row => row.Text("order") == which)];
            return new(
                title,
                new("neurons removed", 0, rows.Max(row => row.Number("removed")), false),
                new("", 0, 1.04, false),
                [.. lines.Select((line, i) => new Curve([.. rows.Select(row => new Point(row.Number("removed"), row.Number(line.Column)))], Palette.At(i)))],
                [.. lines.Select((line, i) => new LegendEntry(line.Words, Palette.At(i)))]);
        }

        Panel Course(string title, string column) => new(
            title,
            new("step", 10, curves.Max(row => row.Number("step")), true),
            new("", 0, 1.04, false),
            [.. curves.Select(row => row.Text("series")).Distinct().Index().SelectMany(each => Seeds.Marks(
                curves.Where(row => row.Text("series") == each.Item).Select(row => new Point(row.Number("step"), row.Number(column))), Palette.At(each.Index)))],
            [.. curves.Select(row => row.Text("series")).Distinct().Index().Select(each => new LegendEntry($"decay {each.Item}", Palette.At(each.Index)))]);

        return new Figure(
            Id,
            Title,
            $"x + y mod {outcomes[0].Number("modulus")}, AdamW, half of the table seen; medians of {outcomes.Select(row => row.Number("seed")).Distinct().Count()} seeds. (a) Test accuracy after {outcomes.Max(row => row.Number("steps"))} steps. (b) Training accuracy, wrong labels counted as "
            + $"they are given: what lies below 1 there and is right in (a) was seen through. (c), (d) Test and training accuracy along {ends.Max(row => row.Number("steps"))} steps, a share of {Numeral.Of(Pruned)} of the labels random. "
            + "(e), (f) Accuracies of a network without decay while neurons are removed, the least or the most periodic first.",
            "Test and training accuracy by weight decay and share of random labels, along training, and while neurons are removed. Phases in the end: "
            + string.Join("; ", ends.GroupBy(row => (row.Number("weight_decay"), row.Number("corruption"))).Select(group =>
                $"decay {Numeral.Of(group.Key.Item1)}, share {Numeral.Of(group.Key.Item2)}: {group.CountBy(row => row.Text("phase")).MaxBy(each => each.Value).Key}")) + ".",
            [
                Map("(a) test accuracy", "test_accuracy"),
                Map("(b) training accuracy", "train_accuracy"),
                Course("(c) test", "test_accuracy"),
                Course("(d) training", "train_accuracy"),
                Curves("(e) " + order[0], order[0]),
                Curves("(f) " + order[1], order[1]),
            ])
        {
            Width = 960,
            Columns = 2,
        };
    }
}
