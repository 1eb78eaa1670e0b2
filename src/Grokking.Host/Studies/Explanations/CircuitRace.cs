using System.Collections.Immutable;
using Grokking.Host.Figures.Plots;
using Grokking.Host.Metrics.Parquet;
using Grokking.Measures;

namespace Grokking.Host.Studies.Explanations;

// w weight of a circuit, P its cost, κ how logits grow with parameters, q exponent of the decay

/// <summary>arXiv 2309.02390: the toy model of two circuits that compete, calculated.</summary>
internal sealed class CircuitRace : ExplanationStudy
{
    private const double Rate = 0.1;
    private const int Last = 3000;
    private const double Low = 0.1;

    // Shares of the cheaper circuit (P 1 and 2) at the least cost, by κ and q.
    private static readonly ImmutableArray<(double Growth, double Exponent, double Share)> Shares = [(1.2, 2, 0.888889), (0.5, 2, 0.613512), (3, 2, 1)];

    /// <inheritdoc/>
    public override string Name => "explanations/competition-of-circuits";

    /// <inheritdoc/>
    public override string Title => "Two circuits in competition: the quick one memorises, the cheap one wins";

    /// <inheritdoc/>
    public override string Claim => "Two circuits add to the logits: one memorises and is quick to learn, one generalises, is slow to start and needs less parameter norm for the same logits. "
        + "With decay alone this groks: the training loss falls first, then weight moves to the cheaper circuit, and the test loss falls.";

    /// <inheritdoc/>
    public override string Source => "arXiv 2309.02390";

    /// <inheritdoc/>
    public override ImmutableArray<string> Sweeps => [];

    /// <inheritdoc/>
    public override StudyTables Gather(StudyRuns runs)
    {
        var course = new List<CircuitCompetition> { CircuitCompetition.Start };
        while (course.Count <= Last)
            course.Add(course[^1].Next(Rate));
        TableColumn Number(string name, Func<CircuitCompetition, double> of) => TableColumn.Double(name, [.. course.Select(of)]);
        return StudyTables.Of(
            ("course", StudyTable.Of(
                $"a row for each step of gradient descent at the rate {Numeral.Of(Rate)}",
                TableColumn.Int64("step", [.. course.Select(each => each.Step)]),
                Number("generalising_weight", each => each.GeneralisingWeight),
                Number("memorising_weight", each => each.MemorisingWeight),
                Number("train_loss", each => each.TrainLoss),
                Number("test_loss", each => each.TestLoss))),
            ("shares", StudyTable.Of(
                "a row for each pair of exponents: the share of the cheaper of two circuits, P 1 and 2, at the least cost",
                TableColumn.Double("growth", [.. Shares.Select(each => each.Growth)]),
                TableColumn.Double("exponent", [.. Shares.Select(each => each.Exponent)]),
                TableColumn.Double("share", [.. Shares.Select(each => CircuitCompetition.CheapestShare(CircuitCompetition.GeneralisingCost, CircuitCompetition.MemorisingCost, each.Growth, each.Exponent))]))));
    }

    /// <inheritdoc/>
    public override ImmutableArray<Verdict> Judge(StudyTables tables)
    {
        StudyTable course = tables["course"];
        double At(string column, int step) => course.Numbers(column)[step];
        double First(string column) => Array.FindIndex(course.Numbers(column), loss => loss < Low);
        // What an independent calculation gives, to its last digit.
        static Verdict Near(string criterion, double value, double known, double digit) => Verdict.Within(criterion, [value], known - digit, known + digit);
        return
        [
            Near("weight of the memorising circuit after 10 steps", At("memorising_weight", 10), 1.540, 0.0005),
            Near("training loss after 100 steps", At("train_loss", 100), 0.1264, 0.00005),
            Near("test loss after 100 steps", At("test_loss", 100), 6.8471, 0.00005),
            Near("first step with a training loss below 0.1", First("train_loss"), 403, 0),
            Near("first step with a test loss below 0.1", First("test_loss"), 892, 0),
            Near("weight of the generalising circuit after 3000 steps", At("generalising_weight", Last), 7.248, 0.0005),
            Near("weight of the memorising circuit after 3000 steps", At("memorising_weight", Last), 0.906, 0.0005),
            Near("their ratio, by the condition of least cost 2^(qκ/(q − κ)) = 8", At("generalising_weight", Last) / At("memorising_weight", Last), 8, 0.05),
            .. Shares.Select((each, i) => Near($"share of the generalising circuit at the least cost, κ = {Numeral.Of(each.Growth)}, q = {Numeral.Of(each.Exponent)}", tables["shares"].Numbers("share")[i], each.Share, 5e-7)),
        ];
    }

    /// <inheritdoc/>
    public override Figure Draw(StudyTables tables)
    {
        StudyTable course = tables["course"];
        double[] steps = course.Numbers("step");
        var along = new Axis("step", 1, steps[^1], true);
        Curve Of(string column, Look look) => new([.. steps.Zip(course.Numbers(column), (step, value) => new Point(step, value)).Where(point => point.X > 0)], look);
        return new Figure(
            Id,
            Title,
            $"The toy model: each weight is a product of two factors, the generalising circuit starts 200 times smaller and costs half as much; gradient descent at the rate {Numeral.Of(Rate)}, decay {Numeral.Of(CircuitCompetition.Decay)}, {CircuitCompetition.Classes} classes. Calculated.",
            $"The memorising weight rises first and falls back to {Numeral.Of(course.Numbers("memorising_weight")[^1])} while the generalising one rises to {Numeral.Of(course.Numbers("generalising_weight")[^1])}; the training loss falls at once, the test loss rises to {Numeral.Of(course.Numbers("test_loss").Max())} before it falls.",
            [
                new("(a) weights of the circuits", along, Axis.Around("", course.Numbers("generalising_weight").Concat(course.Numbers("memorising_weight")), false),
                    [Of("memorising_weight", Train), Of("generalising_weight", Test)], [new("memorising", Train), new("generalising", Test)]),
                new("(b) losses", along, Axis.Around("", course.Numbers("train_loss").Concat(course.Numbers("test_loss")), true),
                    [new Level(Low, ""), Of("train_loss", Train), Of("test_loss", Test)], [new("train", Train), new("test", Test)]),
            ])
        {
            Width = 900,
            Columns = 2,
        };
    }
}
