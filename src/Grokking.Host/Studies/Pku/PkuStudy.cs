using System.Collections.Immutable;
using Grokking.Host.Configuration;
using Grokking.Host.Figures.Plots;
using Grokking.Host.Metrics.Parquet;
using Grokking.Measures;

namespace Grokking.Host.Studies.Pku;

/// <summary>
/// An experiment of the PKU project, as its program has it and as its report has it: accuracies and losses of several series, beside what a predictor reaches that
/// looks at no operand.
/// </summary>
internal abstract class PkuStudy : SeriesStudy
{
    /// <summary>What the source's plots let read as 99 %.</summary>
    private const double Reached = 0.985;

    /// <inheritdoc/>
    public override string Source => "PKU-Lgcat/Grokking";

    /// <summary>The metrics along training that are kept.</summary>
    protected virtual ImmutableArray<string> Metrics => ["train_loss", "test_loss", "train_accuracy", "test_accuracy"];

    /// <summary>What a run's curve is called.</summary>
    /// <param name="variant">"as coded" or "as reported", by the name of its sweep.</param>
    /// <param name="run">The run.</param>
    protected abstract string SeriesOf(string variant, StudyRun run);

    /// <inheritdoc/>
    public override StudyTables Gather(StudyRuns runs)
    {
        (string Series, StudyRun Run)[] all = [.. Sweeps.SelectMany(sweep => runs.Of(sweep).Select(run => (SeriesOf(sweep.EndsWith("-coded", StringComparison.Ordinal) ? "as coded" : "as reported", run), run)))];
        (Experiment Experiment, LabelMarginal Marginal, Course Course)[] more = [.. all.AsParallel().AsOrdered().Select(each => (each.Run.Experiment, MarginalOf(each.Run.Experiment), Course.Of(each.Run)))];
        TableColumn Number(string name, Func<(Experiment Experiment, LabelMarginal Marginal, Course Course), double> of) => TableColumn.Double(name, [.. more.Select(of)]);
        TableColumn Time(string name, Func<Course, double> of) => Number(name, each => of(each.Course));
        return StudyTables.Of(
            ("curves", CurveTable.Of(all, Metrics)),
            ("outcomes", OutcomeTable.Of(
                all,
                TableColumn.Text("operation", [.. more.Select(each => each.Experiment.Task.Operation)]),
                Number("train_fraction", each => each.Experiment.TrainFraction),
                Number("batch", each => each.Experiment.BatchSize ?? double.NaN),
                Number("learning_rate", each => each.Experiment.Optimiser.LearningRate),
                Number("weight_decay", each => each.Experiment.Optimiser.WeightDecay),
                Time("train_half", course => course.First("train_accuracy", 0.5)),
                Time("train_reached", course => course.First("train_accuracy", Reached)),
                Time("test_tenth", course => course.First("test_accuracy", 0.1)),
                Time("test_half", course => course.First("test_accuracy", 0.5)),
                Time("test_reached", course => course.First("test_accuracy", Reached)),
                Time("first_loss", course => course.At("train_loss", 0)),
                Time("test_loss_peak", course => course.PeakBefore("test_loss", course.First("test_accuracy", 0.5))),
                Time("best_test_accuracy", course => course.Largest("test_accuracy")),
                Time("best_train_accuracy", course => course.Largest("train_accuracy")),
                Time("least_train_loss", course => course.Least("train_loss")),
                Time("spikes", course => course.Spikes(0)),
                Time("spikes_after_grokking", course => course.Spikes(course.First("test_accuracy", Reached))),
                TableColumn.Double("collapses", [.. all.Select(each => each.Run.Outcome.Disturbances?.Collapses ?? double.NaN)]),
                Number("marginal_train_loss", each => each.Marginal.TrainCrossEntropy),
                Number("marginal_test_loss", each => each.Marginal.TestCrossEntropy),
                Number("marginal_train_accuracy", each => each.Marginal.TrainAccuracy),
                Number("marginal_test_accuracy", each => each.Marginal.TestAccuracy))));
    }

    /// <summary>The median over seeds must lie in a band. A time that was not reached counts as later than all others.</summary>
    protected static Verdict Median(StudyTables tables, string series, string words, string column, double low, double high) =>
        Median($"{words}, {series}", Values(tables, series, column), low, high);

    /// <summary>The median of values must lie in a band.</summary>
    protected static Verdict Median(string criterion, ImmutableArray<double> values, double low, double high) => values.IsEmpty
        ? Verdict.Within(criterion, [], low, high)
        : Verdict.Within($"median {criterion}", [Numeral.Median(values)], low, high) with { Measured = MedianWords(values) };

    /// <summary>Accuracy and loss of one series along training, with the lines of a predictor that looks at no operand.</summary>
    protected static IEnumerable<Panel> Both(StudyTables tables, string series)
    {
        ImmutableArray<StudyRow> curves = Curves(tables, series);
        StudyRow[] outcomes = [.. tables["outcomes"].Rows.Where(row => row.Text("series") == series)];
        if (curves.IsEmpty)
            yield break;
        var steps = new Axis("step", 10, Math.Max(20, curves.Max(row => row.Number("step"))), true);
        ImmutableArray<LegendEntry> both = [new("train", Train), new("test", Test)];
        double Middle(string column) => Numeral.Median(outcomes.Select(row => row.Number(column)));
        yield return new(
            $"{series}: accuracy",
            steps,
            Share,
            [new Level(Middle("marginal_test_accuracy"), "label shares"), .. Along(tables, series, "train_accuracy", Train), .. Along(tables, series, "test_accuracy", Test)],
            both);
        yield return new(
            $"{series}: loss",
            steps,
            Axis.Around("", curves.SelectMany(row => new[] { row.Number("train_loss"), row.Number("test_loss") }).Append(Middle("marginal_test_loss")), true),
            [new Level(Middle("marginal_test_loss"), "label shares, test") { Below = Middle("test_loss") > Middle("marginal_test_loss") }, .. Along(tables, series, "train_loss", Train), .. Along(tables, series, "test_loss", Test)],
            both);
    }

    /// <summary>One metric of several series in one chart, by the names that they have there.</summary>
    protected static Panel Several(StudyTables tables, string title, string column, ImmutableArray<(string Series, string Name)> series, bool isShare = true)
    {
        ImmutableArray<StudyRow> curves = Curves(tables, [.. series.Select(each => each.Series)]);
        ImmutableArray<(string Series, string Name)> present = [.. series.Where(each => curves.Any(row => row.Text("series") == each.Series))];
        double marginal = Numeral.Median(present.SelectMany(each => Values(tables, each.Series, isShare ? "marginal_test_accuracy" : "marginal_test_loss")));
        return new(
            title,
            new("step", 10, Math.Max(20, curves.Select(row => row.Number("step")).DefaultIfEmpty(20).Max()), true),
            isShare ? Share : Axis.Around("", curves.Select(row => row.Number(column)), true),
            [
                new Level(marginal, "label shares"),
                .. present.SelectMany((each, i) => Along(tables, each.Series, column, Palette.At(i))),
            ],
            Legend(present.Select(each => each.Name)));
    }

    /// <summary>How each series ended, for those who cannot see the picture.</summary>
    protected static string Ends(StudyTables tables) => string.Join(" ", SeriesIn(tables).Select(series =>
        $"{series}: best test accuracy {Numeral.Range(Values(tables, series, "best_test_accuracy"))}, training set right at step {Numeral.Range(Values(tables, series, "train_reached"))}, test set at step {Numeral.Range(Values(tables, series, "test_reached"))}."));

    /// <summary>"Medians of 5 seeds, …", for the text below a figure.</summary>
    protected static string SeedWords(StudyTables tables) => Seeds.Words(tables["outcomes"].Rows);

    private static LabelMarginal MarginalOf(Experiment experiment)
    {
        Arithmetic.DataSplit split = ExperimentData.Split(experiment).OrThrow();
        return LabelMarginal.Of(experiment.Task.Modulus, [.. split.Train.Select(i => split.Labels[i])], [.. split.Test.Select(i => split.Labels[i])]);
    }
}
