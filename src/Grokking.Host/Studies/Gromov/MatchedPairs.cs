using System.Collections.Immutable;
using Grokking.Host.Figures.Plots;
using Grokking.Host.Metrics.Parquet;

namespace Grokking.Host.Studies.Gromov;

/// <summary>arXiv 2406.03495: polynomials that are a function of a sum, and the same with one more term that are not.</summary>
internal sealed class MatchedPairs : Study
{
    private const string Sweep = "gromov/matched-pairs";

    // Test accuracies at p = 97 as published for the right-hand sides, in %.
    private static readonly ImmutableArray<(string Learnable, string Crossed, double Published)> Pairs =
    [
        ("(4*x + y^2)^3", "(4*x + y^2)^3 + x*y", 2.27),
        ("(2*x + 3*y)^4", "(2*x + 3*y)^4 - x^2", 3.93),
        ("(5*x^3 + 2*y^4)^2", "(5*x^3 + 2*y^4)^2 - y", 72.32),
    ];

    /// <inheritdoc/>
    public override string Name => Sweep;

    /// <inheritdoc/>
    public override string Source => "arXiv 2406.03495";

    /// <inheritdoc/>
    public override string Title => "Which polynomials are learnt: three pairs";

    /// <inheritdoc/>
    public override string Claim =>
        "A polynomial is learnt from half of its table if and only if it is a function of a sum (or product) of functions of one operand each; one term more that breaks this form leaves it unlearnt.";

    /// <inheritdoc/>
    public override ImmutableArray<string> Sweeps => [Sweep];

    /// <inheritdoc/>
    public override StudyTables Gather(StudyRuns runs)
    {
        (string Series, StudyRun Run)[] all = [.. runs.Of(Sweep).Select(run => (run.Experiment.Task.Operation, run))];
        return StudyTables.Of(
            ("curves", CurveTable.Of(all, "train_accuracy", "test_accuracy")),
            ("outcomes", OutcomeTable.Of(all, TableColumn.Int32("width", [.. all.Select(each => each.Run.Experiment.Network.Width)]))));
    }

    /// <inheritdoc/>
    public override ImmutableArray<Verdict> Judge(StudyTables tables)
    {
        IEnumerable<double> Test(string operation) => tables["outcomes"].Rows.Where(row => row.Text("series") == operation).Select(row => row.Number("test_accuracy"));
        return
        [
            .. Pairs.SelectMany(pair => new[]
            {
                Verdict.Within($"{pair.Learnable}: test accuracy at the end", Test(pair.Learnable), 0.99, double.PositiveInfinity),
                Verdict.Within($"{pair.Crossed}: test accuracy at the end (published {Numeral.Of(pair.Published / 100)})", Test(pair.Crossed), double.NegativeInfinity, pair.Published > 50 ? 0.9 : 0.1),
            }),
        ];
    }

    /// <inheritdoc/>
    public override Figure Draw(StudyTables tables)
    {
        StudyRow[] curves = [.. tables["curves"].Rows];
        StudyRow[] outcomes = [.. tables["outcomes"].Rows];
        var steps = new Axis("step", curves.Select(row => row.Number("step")).Where(step => step > 0).Min(), curves.Max(row => row.Number("step")), true);
        ImmutableArray<Mark> Of(string operation, Look look) =>
            Seeds.Marks(curves.Where(row => row.Text("series") == operation && row.Number("step") > 0).Select(row => new Point(row.Number("step"), row.Number("test_accuracy"))), look);
        return new Figure(
            Id,
            Title,
            $"Test accuracy, p = {outcomes[0].Number("modulus")}, width {outcomes[0].Number("width")}, AdamW, half of the table seen. {Seeds.Words(outcomes)}",
            string.Join("; ", outcomes.GroupBy(row => row.Text("series")).Select(group => $"{group.Key}: test accuracy at the end {Numeral.Range([.. group.Select(row => row.Number("test_accuracy"))])}")) + ".",
            [
                .. Pairs.Select((pair, i) => new Panel(
                    $"({(char)('a' + i)})", steps, new("", 0, 1.04, false),
                    [new Level(1 / outcomes[0].Number("modulus"), "chance 1/p"), .. Of(pair.Learnable, Palette.At(0)), .. Of(pair.Crossed, Palette.At(1))],
                    [new(pair.Learnable, Palette.At(0)), new(pair.Crossed, Palette.At(1))])),
            ]);
    }
}
