using System.Collections.Immutable;
using Grokking.Host.Figures.Plots;
using Grokking.Host.Metrics.Parquet;

namespace Grokking.Host.Studies.Gromov;

/// <summary>arXiv 2301.02679, App. C: functions other than the sum, each with its accuracies and losses. Which of Figs. 8 to 10 shows which is not certain.</summary>
internal abstract class Functions : SeriesStudy
{
    /// <inheritdoc/>
    public override ImmutableArray<string> Sweeps => [Name];

    /// <summary>What a run's curve is called: what is varied, in words.</summary>
    protected virtual string SeriesOf(StudyRun run) => run.Experiment.Task.Operation;

    /// <summary>Says what is to be seen, after the sentence that says what was run.</summary>
    protected abstract string Remark { get; }

    /// <inheritdoc/>
    public override StudyTables Gather(StudyRuns runs)
    {
        (string Series, StudyRun Run)[] all = [.. runs.Of(Name).Select(run => (SeriesOf(run), run))];
        return StudyTables.Of(
            ("curves", CurveTable.Of(all, "train_loss", "test_loss", "train_accuracy", "test_accuracy")),
            ("outcomes", OutcomeTable.Of(
                all,
                TableColumn.Text("operation", [.. all.Select(each => each.Run.Experiment.Task.Operation)]),
                TableColumn.Double("train_fraction", [.. all.Select(each => each.Run.Experiment.TrainFraction)]),
                TableColumn.Double("learning_rate", [.. all.Select(each => each.Run.Experiment.Optimiser.LearningRate)]))));
    }

    /// <inheritdoc/>
    public override Figure Draw(StudyTables tables)
    {
        StudyRow[] curves = [.. tables["curves"].Rows];
        StudyRow[] outcomes = [.. tables["outcomes"].Rows];
        ImmutableArray<string> series = SeriesIn(tables);
        double chance = 1 / outcomes[0].Number("modulus");
        var steps = new Axis("step", 0, curves.Max(row => row.Number("step")), false);
        Axis losses = Axis.Around("", curves.SelectMany(row => new[] { row.Number("train_loss"), row.Number("test_loss") }), true);
        ImmutableArray<LegendEntry> both = [new("train", Train), new("test", Test)];
        return new Figure(
            Id,
            Title,
            $"p = {outcomes[0].Number("modulus")}, full-batch gradient descent, learning rate {Ticks.Text(outcomes[0].Number("learning_rate"))}. {Seeds.Words(outcomes)} {Remark} Which of Figs. 8 to 10 shows which function is our guess.",
            string.Join(" ", series.Select(name => $"{name}: {Ends(name)}.")),
            [
                .. series.SelectMany(name => new Panel[]
                {
                    new($"{name}: accuracy", steps, Share, [new Level(chance, "chance 1/p"), .. FromStart(tables, name, "train_accuracy", Train), .. FromStart(tables, name, "test_accuracy", Test)], both),
                    new($"{name}: loss", steps, losses, [new Level(chance, "zero output 1/p"), .. FromStart(tables, name, "train_loss", Train), .. FromStart(tables, name, "test_loss", Test)], both),
                }),
            ])
        {
            Width = 900,
            Columns = 2,
        };

        string Ends(string name)
        {
            ImmutableArray<double> Column(string column) => Values(tables, name, column);
            return $"test accuracy at the end {Numeral.Range(Column("test_accuracy"))}, grokked at step {Numeral.Range(Column("grokked_step"))}";
        }
    }
}
