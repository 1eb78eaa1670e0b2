using System.Collections.Immutable;
using Grokking.Host.Figures.Plots;

namespace Grokking.Host.Studies.Gromov;

/// <summary>arXiv 2301.02679, App. C: n² + n m + m², of which much is learnt from nearly the whole table only.</summary>
internal sealed class QuadraticForm : Functions
{
    /// <inheritdoc/>
    public override string Name => "gromov/fig9-quadratic-form";

    /// <inheritdoc/>
    public override string Title => "Fig. 9: n² + n m + m², of which little is learnt";

    /// <inheritdoc/>
    public override string Claim =>
        "From half of the table nothing is learnt. From more than 95 % of it the test accuracy comes to about 97 %, while the test loss stays well above the training loss: no closed form is known.";

    /// <inheritdoc/>
    protected override string Remark => "α is the share of the table that is trained on.";

    /// <inheritdoc/>
    protected override string SeriesOf(StudyRun run) => $"α = {Ticks.Text(run.Experiment.TrainFraction)}";

    /// <inheritdoc/>
    public override ImmutableArray<Verdict> Judge(StudyTables tables)
    {
        string[] series = [.. tables["outcomes"].Rows.OrderBy(row => row.Number("train_fraction")).Select(row => row.Text("series")).Distinct()];
        double Fraction(string name) => Values(tables, name, "train_fraction").First();
        return
        [
            .. series.Where(name => Fraction(name) < 0.9).Select(name =>
                Verdict.Within($"{name}: test accuracy at the end", Values(tables, name, "test_accuracy"), double.NegativeInfinity, 0.05)),
            .. series.Where(name => Fraction(name) >= 0.9).SelectMany(name => new[]
            {
                Verdict.Within($"{name}: test accuracy at the end (the source: about 0.97)", Values(tables, name, "test_accuracy"), 0.94, double.PositiveInfinity),
                Verdict.Within($"{name}: test loss / training loss at the end", Values(tables, name, "test_loss").Zip(Values(tables, name, "train_loss"), (test, train) => test / train), 3, double.PositiveInfinity),
            }),
        ];
    }
}
