using System.Collections.Immutable;
using Grokking.Host.Configuration;
using Grokking.Host.Figures.Plots;
using Grokking.Host.Metrics.Parquet;

namespace Grokking.Host.Studies.Explanations;

// D, D' numbers of training samples, λ weight decay

/// <summary>arXiv 2309.02390: a network that has grokked forgets what it understood when it goes on on too small a part of its training set.</summary>
internal sealed class Ungrokking : ExplanationStudy
{
    private const string Continued = "explanations/ungrokking";
    private const string Anew = "explanations/efficiency-of-circuits";

    // What the series are called here.
    private const string Grokked = "goes on after grokking";
    private const string Fresh = "from the start";

    private const double Right = 0.95;
    private const double Half = 0.5;

    // That a threshold does not depend on the decay cannot mean less than this, with the sizes that there are.
    private const double SameWithin = 1.5;

    /// <inheritdoc/>
    public override string Name => Continued;

    /// <inheritdoc/>
    public override string Title => "Ungrokking: below a critical size of its training set a network loses what it had understood";

    /// <inheritdoc/>
    public override string Claim => "A network that has grokked and goes on on a part D' of its training set keeps its test accuracy where D' is above the critical size, and loses it below, where memorising is the cheaper circuit. "
        + "The change is sharp, and where it lies does not depend on the decay. Seen with a transformer at p = 113.";

    /// <inheritdoc/>
    public override string Source => "arXiv 2309.02390";

    /// <inheritdoc/>
    public override ImmutableArray<string> Sweeps => [Continued, Anew];

    /// <inheritdoc/>
    public override StudyTables Gather(StudyRuns runs)
    {
        (string Series, StudyRun Run)[] all = [.. runs.Of(Continued).Select(run => (Grokked, run)), .. runs.Of(Anew, "sum").Select(run => (Fresh, run))];
        (StudyRun Run, Experiment Experiment, int Samples)[] more = [.. all.AsParallel().AsOrdered().Select(each => each.Run.Experiment is var experiment ? (each.Run, experiment, Samples(experiment)) : default)];
        return StudyTables.Of(
            ("curves", CurveTable.Of(
                more.Where(each => each.Experiment.Later is not null).Select(each => (SeriesOf(each.Experiment.Optimiser.WeightDecay, each.Samples), each.Run)), "train_accuracy", "test_accuracy")),
            ("outcomes", OutcomeTable.Of(
                all,
                TableColumn.Int32("samples", [.. more.Select(each => each.Samples)]),
                TableColumn.Double("weight_decay", [.. more.Select(each => each.Experiment.Optimiser.WeightDecay)]),
                TableColumn.Double("changed_step", [.. more.Select(each => each.Experiment.Later?.FromStep ?? double.NaN)]),
                TableColumn.Double("test_accuracy_before", [.. more.Select(each => Before(each.Run, each.Experiment))]))));
    }

    /// <inheritdoc/>
    public override ImmutableArray<Verdict> Judge(StudyTables tables)
    {
        StudyRow[] rows = [.. tables["outcomes"].Rows];
        double[] decays = BySize.Decays(rows.Where(row => row.Text("series") == Grokked));
        ImmutableArray<Point> Medians(double decay) => BySize.Medians(BySize.Of(rows, Grokked, decay), "test_accuracy");
        double Kept(double decay, double level) => BySize.Reached(Medians(decay), level);
        double Learnt(double decay) => BySize.Reached(BySize.Medians(BySize.Of(rows, Fresh, decay), "test_accuracy"), Half);
        string By(Func<double, double> of) => string.Join(", ", decays.Select(decay => $"{BySize.Words(decay)}: {Numeral.Of(of(decay))}"));
        double[] kept = [.. decays.Select(decay => Kept(decay, Half))];
        return
        [
            Verdict.Within("test accuracy before the training set is made smaller", Values(tables, Grokked, "test_accuracy_before"), Right, 1),
            .. decays.Select(decay => Verdict.Within($"median test accuracy at the end on the largest part, {BySize.Words(decay)}", Medians(decay).TakeLast(1).Select(point => point.Y), Right, 1)),
            .. decays.Select(decay => Verdict.Within($"the same on the smallest part, {BySize.Words(decay)}", Medians(decay).Take(1).Select(point => point.Y), 0, Half)),
            Verdict.Within("D' at which half of the test set is kept: largest / smallest over the decays", kept.Length > 1 ? [kept.Max() / kept.Min()] : [], 1, SameWithin),
            Verdict.Reported("D' at which half of the test set is kept", By(decay => Kept(decay, Half))),
            Verdict.Reported("D' at which 0.8 is kept / D' at which 0.2 is", By(decay => Kept(decay, 0.8) / Kept(decay, 0.2))),
            Verdict.Reported("D' at which half is kept / D at which half is learnt from the start; the theory has 1", By(decay => Kept(decay, Half) / Learnt(decay))),
        ];
    }

    /// <inheritdoc/>
    public override Figure Draw(StudyTables tables)
    {
        StudyRow[] rows = [.. tables["outcomes"].Rows];
        StudyRow[] continued = [.. rows.Where(row => row.Text("series") == Grokked)];
        double[] decays = BySize.Decays(continued);
        var samples = Axis.Around("training samples", rows.Select(row => row.Number("samples")), true);
        ImmutableArray<LegendEntry> legend = [.. decays.Index().Select(each => new LegendEntry(BySize.Words(each.Item), Palette.At(each.Index), LegendSample.Both))];
        Panel Accuracies(string title, string series) => new(
            title, samples, Share, [.. decays.Index().SelectMany(each => Summary(BySize.Points(BySize.Of(rows, series, each.Item), "test_accuracy"), Palette.At(each.Index)))], legend);
        double change = continued[0].Number("changed_step");
        var steps = new Axis("step", 0, tables["curves"].Numbers("step").Max(), false);
        Panel Course(double decay)
        {
            double[] sizes = [.. BySize.Of(continued, Grokked, decay).Select(row => row.Number("samples")).Distinct().Order()];
            double[] shown = [.. sizes.Where((_, place) => place % 2 == 0)];
            return new(
                $"test accuracy along training, {BySize.Words(decay)}",
                steps,
                Share,
                [.. shown.SelectMany((size, i) => FromStart(tables, SeriesOf(decay, size), "test_accuracy", Palette.At(i)))],
                Legend(shown.Select(size => $"D' = {Numeral.Of(size)}")));
        }

        return new Figure(
            Id,
            Title,
            $"x + y mod {rows[0].Number("modulus")}, the quadratic network with cross-entropy under AdamW with decay λ. {Seeds.Words(continued)} (a) It trains on 80 % of the table up to step {Numeral.Of(change)} and then on D' of these samples; test accuracy at step {Numeral.Of(continued[0].Number("steps"))}. "
            + $"(b) For comparison, networks that have D samples from the start. (c), (d) Along training: all samples that are not trained on are tested on.",
            "Test accuracy at the end against the number of samples that training goes on with, and along training. "
            + string.Join(" ", decays.Select(decay => $"{BySize.Words(decay)}: half is kept at {Numeral.Of(BySize.Reached(BySize.Medians(BySize.Of(rows, Grokked, decay), "test_accuracy"), Half))} samples.")),
            [Accuracies("(a) " + Grokked, Grokked), Accuracies("(b) " + Fresh, Fresh), .. new[] { decays[0], decays[^1] }.Distinct().Select((decay, i) => Course(decay) is var panel ? panel with { Title = $"({(char)('c' + i)}) {panel.Title}" } : panel)])
        {
            Width = 900,
            Columns = 2,
        };
    }

    private static string SeriesOf(double decay, double samples) => $"{BySize.Words(decay)}, D' = {Numeral.Of(samples)}";

    // The samples that it is trained on in the end.
    private static int Samples(Experiment experiment)
    {
        Arithmetic.DataSplit split = ExperimentData.Split(experiment).OrThrow();
        return (ExperimentData.Later(experiment, split.Data)?.OrThrow() ?? split).Train.Length;
    }

    private static double Before(StudyRun run, Experiment experiment)
    {
        if (experiment.Later is not { FromStep: var change })
            return double.NaN;
        StudyTable metrics = run.Metrics;
        return metrics.Numbers("test_accuracy")[Array.FindLastIndex(metrics.Numbers("step"), step => step < change)];
    }
}
