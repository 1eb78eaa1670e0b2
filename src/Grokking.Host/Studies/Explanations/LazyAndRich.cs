using System.Collections.Immutable;
using Grokking.Host.Figures.Plots;
using Grokking.Host.Metrics.Parquet;

namespace Grokking.Host.Studies.Explanations;

// a scale of the output, w weights, w0 weights at the start

/// <summary>arXiv 2310.06110: the lazier the training, the later it groks.</summary>
internal sealed class LazyAndRich : ExplanationStudy
{
    private const string Preset = "explanations/lazy-and-rich";

    /// <inheritdoc/>
    public override string Name => Preset;

    /// <inheritdoc/>
    public override string Title => "Lazy to rich: the larger the scale of the output, the longer the delay";

    /// <inheritdoc/>
    public override string Claim => "Grokking is the way from lazy to rich training: at first the network fits its training set near its linearisation, later its features adapt and it generalises. "
        + "A network trained as a (f(θ) − f(θ0)) at the rate over a² is the lazier the larger a is, and groks the later; a small scale takes the delay away.";

    /// <inheritdoc/>
    public override string Source => "arXiv 2310.06110";

    /// <inheritdoc/>
    public override ImmutableArray<string> Sweeps => [Preset];

    private static string Key(double scale) => $"a = {Numeral.Of(scale)}";

    /// <inheritdoc/>
    public override StudyTables Gather(StudyRuns runs)
    {
        (string Series, StudyRun Run)[] all = [.. runs.Of(Preset).Select(run => (Key(run.Experiment.OutputScale ?? double.NaN), run))];
        StudyTable[] metrics = [.. all.Select(each => each.Run.Metrics)];
        TableColumn Number(string name, Func<StudyRun, double> of) => TableColumn.Double(name, [.. all.Select(each => of(each.Run))]);
        TableColumn At(string name, string column, int last) => TableColumn.Double(name, [.. metrics.Select(each => each.Numbers(column)[last * (each.RowCount - 1)])]);
        return StudyTables.Of(
            ("curves", CurveTable.Of(all, "train_accuracy", "test_accuracy", "kernel_alignment_sum", "kernel_movement_sum", "kernel_alignment_full", "weight_movement")),
            ("outcomes", OutcomeTable.Of(
                all,
                Number("scale", run => run.Experiment.OutputScale ?? double.NaN),
                Number("learning_rate", run => run.Experiment.Optimiser.LearningRate),
                Number("delay", run => run.Outcome.Milestones.Delay ?? double.NaN),
                Number("delay_ratio", run => run.Outcome.Milestones.DelayRatio ?? double.NaN),
                At("alignment_at_start", "kernel_alignment_sum", 0),
                At("alignment_at_end", "kernel_alignment_sum", 1),
                At("kernel_movement", "kernel_movement_sum", 1),
                At("weight_movement", "weight_movement", 1))));
    }

    /// <inheritdoc/>
    public override ImmutableArray<Verdict> Judge(StudyTables tables)
    {
        double[] scales = Scales(tables);
        double[] Medians(string column) => [.. scales.Select(scale => Numeral.Median(Values(tables, Key(scale), column)))];
        string By(double[] values) => string.Join(", ", scales.Zip(values, (scale, value) => $"{Key(scale)}: {Numeral.Of(value)}"));
        (double[] delays, double[] movements) = (Medians("delay"), Medians("weight_movement"));
        return
        [
            Verdict.Of("median steps from 95 % of the training set to 95 % of the test set, by the scale of the output", "each more than the one before", By(delays), Rises(delays)),
            Verdict.Of("median |w − w0|/|w0| at the end, by the scale of the output", "each less than the one before", By(movements), Rises(movements.Reverse())),
            Verdict.Reported("median delay as a ratio of steps, test over training", By(Medians("delay_ratio"))),
            Verdict.Reported("alignment of the kernel with the test labels at the start", MedianWords([.. tables["outcomes"].Numbers("alignment_at_start")])),
            Verdict.Reported("median alignment at the end", By(Medians("alignment_at_end"))),
            Verdict.Reported("median movement of the kernel, ‖K − K0‖/‖K0‖, at the end", By(Medians("kernel_movement"))),
        ];
    }

    /// <inheritdoc/>
    public override Figure Draw(StudyTables tables)
    {
        double[] scales = Scales(tables);
        StudyRow[] outcomes = [.. tables["outcomes"].Rows];
        ImmutableArray<(string Series, string Name)> all = [.. scales.Select(scale => (Key(scale), Key(scale)))];
        var axis = Axis.Around("scale a of the output", scales, true);
        Panel ByScale(string title, string column) => new(
            title, axis, Axis.Around("", outcomes.Select(row => row.Number(column)), true), Summary(outcomes.Select(row => new Point(row.Number("scale"), row.Number(column))), Palette.At(3)), []);
        return new Figure(
            Id,
            Title,
            $"x + y mod {outcomes[0].Number("modulus")}, the quadratic network trained as a (f(θ) − f(θ0)) by gradient descent at the rate {Numeral.Of(outcomes[0].Number("learning_rate"))}/a². {Seeds.Words(outcomes)} "
            + "Runs end where 95 % of the test set have been right five times. (c) Steps from 95 % of the training set to 95 % of the test set. (d) |w − w0|/|w0| at the end. (b) Alignment of the tangent kernel with the labels of the test set.",
            "Accuracies and alignment of the kernel along training, and delay and movement of the weights against the scale of the output. "
            + string.Join(" ", scales.Select(scale => $"{Key(scale)}: delay {Numeral.Range(Values(tables, Key(scale), "delay"))} steps, movement {Numeral.Range(Values(tables, Key(scale), "weight_movement"))}.")),
            [
                Several(tables, "(a) test accuracy", "test_accuracy", Share, all),
                Several(tables, "(b) alignment of the kernel", "kernel_alignment_sum", null, all),
                ByScale("(c) delay in steps", "delay"),
                ByScale("(d) movement of the weights", "weight_movement"),
            ])
        {
            Width = 900,
            Columns = 2,
        };
    }

    private static double[] Scales(StudyTables tables) => [.. tables["outcomes"].Numbers("scale").Distinct().Order()];
}
