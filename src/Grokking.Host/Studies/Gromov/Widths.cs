using System.Collections.Immutable;
using Grokking.Analytic;
using Grokking.Host.Figures.Plots;
using Grokking.Host.Metrics.Parquet;
using Grokking.Randomness;
using Grokking.Training;

namespace Grokking.Host.Studies.Gromov;

/// <summary>arXiv 2301.02679, Fig. 4b: accuracy by width, of trained networks and of calculated ones.</summary>
internal sealed class Widths : Study
{
    private const string Sweep = "gromov/fig4b-width";
    private const int Draws = 20;

    // Where the accuracy depends on the draw, twenty leave its mean uncertain by more than a point.
    private const int ManyDraws = 400;
    private const int Narrow = 100;

    // Accuracies of the random-phase solution at p = 97, in %: means of four draws by an independent implementation.
    private static readonly ImmutableArray<(int Width, double Accuracy)> Known = [(10, 8.9), (25, 46.2), (50, 90.5), (75, 98.6), (100, 99.8)];

    /// <inheritdoc/>
    public override string Name => "gromov/fig4b-width";

    /// <inheritdoc/>
    public override string Title => "Fig. 4b: accuracy by width, trained and calculated";

    /// <inheritdoc/>
    public override string Claim =>
        "The calculated weights answer nearly everything from a width of about a hundred neurons on, and less below. Trained networks do better at the same width.";

    /// <inheritdoc/>
    public override ImmutableArray<string> Sweeps => [Sweep];

    /// <inheritdoc/>
    public override StudyTables Gather(StudyRuns runs)
    {
        (int Width, StudyRun Run)[] trained = [.. runs.Of(Sweep).Select(run => (run.Experiment.Network.Width, run))];
        int modulus = trained[0].Run.Modulus;
        (int Width, int Draw)[] draws = [.. trained.Select(each => each.Width).Distinct().Order().SelectMany(width => Enumerable.Range(0, width <= Narrow && !runs.Quick ? ManyDraws : Draws).Select(draw => (width, draw)))];
        AnalyticScore[] scores =
        [
            .. draws.AsParallel().AsOrdered().Select(each =>
                AnalyticScore.Of(RandomPhases.Addition(modulus, each.Width, RandomKey.FromSeed((ulong)each.Draw)), Precision.Single)),
        ];
        AnalyticSolution[] balanced = [BalancedPhases.OneFrequency(modulus, 1), BalancedPhases.HalfTheFrequencies(modulus)];
        AnalyticScore[] exact = [.. balanced.Select(solution => AnalyticScore.Of(solution, Precision.Double))];
        return StudyTables.Of(
            ("trained", OutcomeTable.Of(
                trained.Select(each => ("trained", each.Run)),
                TableColumn.Int32("width", [.. trained.Select(each => each.Width)]))),
            ("calculated", StudyTable.Of(
                "a row for each draw of the random phases; accuracy over all pairs",
                TableColumn.Int32("width", [.. draws.Select(each => each.Width)]),
                TableColumn.Int32("draw", [.. draws.Select(each => each.Draw)]),
                TableColumn.Double("accuracy", [.. scores.Select(score => score.Accuracy)]),
                TableColumn.Double("mean_squared_error", [.. scores.Select(score => score.MeanSquaredError)]))),
            ("balanced", StudyTable.Of(
                "a row for each solution with balanced phases, which are ours",
                TableColumn.Int32("width", [.. balanced.Select(solution => solution.Network.Width)]),
                TableColumn.Double("accuracy", [.. exact.Select(score => score.Accuracy)]),
                TableColumn.Double("mean_squared_error", [.. exact.Select(score => score.MeanSquaredError)]),
                TableColumn.Double("margin", [.. exact.Select(score => score.Margin)]))));
    }

    /// <inheritdoc/>
    public override ImmutableArray<Verdict> Judge(StudyTables tables)
    {
        ILookup<double, double> calculated = tables["calculated"].Rows.ToLookup(row => row.Number("width"), row => row.Number("accuracy"));
        ILookup<double, double> trained = tables["trained"].Rows.ToLookup(row => row.Number("width"), row => row.Number("test_accuracy"));
        bool known = tables["trained"].Rows.All(row => row.Number("modulus") == 97);
        double[] wide = [.. calculated.Where(width => width.Key >= 300).SelectMany(width => width)];
        return
        [
            .. Known.Where(each => known && calculated.Contains(each.Width)).Select(each => Beside(each.Width, each.Accuracy, [.. calculated[each.Width].Select(share => 100 * share)])),
            Verdict.Within("calculated with random phases, N ≥ 300: accuracy of every draw", wide, 1, double.PositiveInfinity),
            .. trained.OrderBy(width => width.Key).Select(width => Verdict.Of(
                $"trained, N = {Numeral.Of(width.Key)}: median test accuracy beside the calculated mean",
                $"above {Numeral.Of(calculated[width.Key].Average())}, or both 1",
                Numeral.Of(Numeral.Median(width)),
                Numeral.Median(width) > calculated[width.Key].Average() || Math.Min(Numeral.Median(width), calculated[width.Key].Average()) >= 1)),
            Verdict.Within("balanced phases, N = 6: accuracy", tables["balanced"].Rows.Where(row => row.Number("width") == 6).Select(row => row.Number("accuracy")), 1, double.PositiveInfinity),
        ];
    }

    // The known values are means of four draws themselves: the mean of many says which of the two scatters.
    private static Verdict Beside(int width, double known, ImmutableArray<double> percent)
    {
        double few = percent.Take(Draws).Average();
        double many = percent.Average();
        double error = Math.Sqrt(percent.Sum(value => (value - many) * (value - many)) / (percent.Length - 1.0) / percent.Length);
        return Verdict.Of(
            $"calculated with random phases, N = {width}: mean accuracy of {Draws} draws, in %",
            $"{Numeral.Of(known - 1.5)} … {Numeral.Of(Math.Min(100, known + 1.5))}",
            $"{Numeral.Of(few)}; of {percent.Length} draws {Numeral.Of(many)} ± {Numeral.Of(error)}",
            Math.Abs(few - known) <= 1.5);
    }

    /// <inheritdoc/>
    public override Figure Draw(StudyTables tables)
    {
        (Look analytic, Look learnt, Look exact) = (Palette.At(0), Palette.At(1), Palette.At(2));
        StudyRow[] draws = [.. tables["calculated"].Rows];
        StudyRow[] runs = [.. tables["trained"].Rows];
        StudyRow[] balanced = [.. tables["balanced"].Rows];
        var widths = Axis.Around("width N", draws.Select(row => row.Number("width")).Concat(balanced.Select(row => row.Number("width"))), true);
        static Point At(StudyRow row, string value) => new(row.Number("width"), row.Number(value));
        ImmutableArray<Mark> Accuracies(StudyRow[] rows, string value, Look look) =>
            [.. Seeds.Marks(rows.Select(row => At(row, value)), look), new Dots(Seeds.Medians(rows.Select(row => At(row, value))), look)];
        double chance = 1 / runs[0].Number("modulus");
        return new Figure(
            Id,
            Title,
            $"x + y mod {runs[0].Number("modulus")}. (a) Accuracy: of trained networks on the test set ({runs.Select(row => row.Number("seed")).Distinct().Count()} seeds, AdamW, half of the table seen), of weights "
            + $"calculated with random phases on all pairs ({draws.GroupBy(row => row.Number("width")).Max(width => width.Count())} draws up to N = {Narrow}, {Draws} beyond), and of those with balanced phases (ours): six neurons are enough. Lines are medians, bands reach from the smallest to the largest. "
            + "(b) Mean squared error of the calculated weights: it falls as 4/N, and is that of a zero output, 1/p, only near N = 4p, though nearly every answer has long been right.",
            "Accuracy against width. Medians of the trained networks: "
            + string.Join(", ", Seeds.Medians(runs.Select(row => At(row, "test_accuracy"))).Select(point => $"{Numeral.Of(point.Y)} at {Numeral.Of(point.X)}"))
            + "; of the calculated ones: " + string.Join(", ", Seeds.Medians(draws.Select(row => At(row, "accuracy"))).Select(point => $"{Numeral.Of(point.Y)} at {Numeral.Of(point.X)}")) + ".",
            [
                new("(a) accuracy", widths, new("", 0, 1.04, false),
                    [.. Accuracies(draws, "accuracy", analytic), .. Accuracies(runs, "test_accuracy", learnt), new Dots([.. balanced.Select(row => At(row, "accuracy"))], exact), new Level(chance, "chance 1/p")],
                    [new("trained", learnt), new("random phases", analytic), new("balanced phases", exact)]),
                new("(b) mean squared error", widths, Axis.Around("", draws.Select(row => row.Number("mean_squared_error")).Append(chance), true),
                    [.. Accuracies(draws, "mean_squared_error", analytic), new Level(chance, "zero output 1/p")],
                    [new("random phases", analytic)]),
            ])
        {
            Width = 900,
            Columns = 2,
        };
    }
}
