using System.Collections.Immutable;
using Grokking.Analytic;
using Grokking.Host.Figures.Plots;
using Grokking.Host.Metrics.Parquet;
using Grokking.Measures;
using Grokking.Networks;
using Grokking.Randomness;
using Grokking.Training;

namespace Grokking.Host.Studies.Gromov;

/// <summary>arXiv 2301.02679, App. C: (n + m)², a function of the sum that is not one to one.</summary>
internal sealed class Square : Study
{
    private const string Sweep = "gromov/fig7-square";
    private static readonly Look Train = Palette.At(0);
    private static readonly Look Test = Palette.At(1);

    /// <inheritdoc/>
    public override string Name => Sweep;

    /// <inheritdoc/>
    public override string Title => "Fig. 7: (n + m)² is learnt, and its read-out corrected";

    /// <inheritdoc/>
    public override string Claim =>
        "(n + m)² is learnt like the sum; an output is right on four line segments rather than two, for two sums have the same square. The read-out that the source prints takes one "
        + "of the two and answers about half of the pairs; summing over all of them answers all.";

    /// <inheritdoc/>
    public override ImmutableArray<string> Sweeps => [Sweep];

    /// <inheritdoc/>
    public override StudyTables Gather(StudyRuns runs)
    {
        (string Series, StudyRun Run)[] all = [.. runs.Of(Sweep).Select(run => ("", run))];
        StudyRun first = all[0].Run;
        Specimen trained = first.Weights(first.CheckpointSteps[^1]);
        QuadraticNetwork network = trained.Quadratic;
        int modulus = network.Modulus;
        ImmutableArray<int> squares = [.. Enumerable.Range(0, modulus).Select(s => (int)((long)s * s % modulus))];
        int place = 36 % modulus;
        AnalyticSolution random = RandomPhases.Addition(modulus, network.Width, RandomKey.FromSeed((ulong)first.Seed));
        AnalyticSolution balanced = BalancedPhases.HalfTheFrequencies(modulus);
        (string Name, AnalyticSolution Solution)[] readOuts =
        [
            ("random phases, one branch", Compositions.WithOneBranch(squares, random)),
            ("random phases, all branches", Compositions.WithForwardMap(squares, random)),
            ("balanced phases, one branch", Compositions.WithOneBranch(squares, balanced)),
            ("balanced phases, all branches", Compositions.WithForwardMap(squares, balanced)),
        ];
        AnalyticScore[] scores = [.. readOuts.Select(each => AnalyticScore.Of(each.Solution, Precision.Double))];
        AnalyticSolution mapped = readOuts[1].Solution;
        int neuron = ImageTable.PurestNeuron(trained);
        return StudyTables.Of(
            ("curves", CurveTable.Of(all, "train_loss", "test_loss", "train_accuracy", "test_accuracy")),
            ("outcomes", OutcomeTable.Of(all)),
            ("images", ImageTable.Of(
            [
                ("trained output", Images.Output(trained, place)),
                ("trained spectrum", Images.Output(trained, place).Magnitudes()),
                ("trained neuron", Images.Activation(trained, neuron)),
                ("calculated output", Images.Output(new(mapped.Network, mapped.Weights), place)),
            ])),
            ("readouts", StudyTable.Of(
                "a row for each calculated read-out; accuracy over all pairs",
                TableColumn.Text("readout", [.. readOuts.Select(each => each.Name)]),
                TableColumn.Int32("width", [.. readOuts.Select(each => each.Solution.Network.Width)]),
                TableColumn.Int32("place", [.. readOuts.Select(_ => place)]),
                TableColumn.Double("accuracy", [.. scores.Select(score => score.Accuracy)]),
                TableColumn.Double("mean_squared_error", [.. scores.Select(score => score.MeanSquaredError)]))));
    }

    /// <inheritdoc/>
    public override ImmutableArray<Verdict> Judge(StudyTables tables)
    {
        IEnumerable<double> Accuracy(string branch) => tables["readouts"].Rows.Where(row => row.Text("readout").EndsWith(branch, StringComparison.Ordinal)).Select(row => row.Number("accuracy"));
        double p = tables["outcomes"].Rows.First().Number("modulus");
        return
        [
            Verdict.Within("trained: test accuracy at the end", tables["outcomes"].Rows.Select(row => row.Number("test_accuracy")), 0.99, double.PositiveInfinity),
            Verdict.Within($"calculated, one branch as printed: accuracy (the bound is (p + 1)/(2p) = {Numeral.Of((p + 1) / (2 * p))})", Accuracy("one branch"), 0.5, 0.53),
            Verdict.Within("calculated, all branches: accuracy", Accuracy("all branches"), 1, double.PositiveInfinity),
        ];
    }

    /// <inheritdoc/>
    public override Figure Draw(StudyTables tables)
    {
        StudyRow[] curves = [.. tables["curves"].Rows];
        StudyRow[] outcomes = [.. tables["outcomes"].Rows];
        StudyRow[] readOuts = [.. tables["readouts"].Rows];
        StudyTable images = tables["images"];
        int place = (int)readOuts[0].Number("place");
        double chance = 1 / outcomes[0].Number("modulus");
        var steps = new Axis("step", 0, curves.Max(row => row.Number("step")), false);
        ImmutableArray<Mark> Of(string column, Look look) => Seeds.Marks(curves.Select(row => new Point(row.Number("step"), row.Number(column))), look);
        ImmutableArray<LegendEntry> both = [new("train", Train), new("test", Test)];
        const double Side = 233;
        return new Figure(
            Id,
            Title,
            $"(x + y)² mod {outcomes[0].Number("modulus")}, full-batch gradient descent. {Seeds.Words(outcomes)} (a) Accuracy. (b) Loss. (c) Output {place} of a trained network over all pairs: right on the lines "
            + "n + m = ±6, each in two segments. (d) Magnitude of its Fourier transform. (e) A hidden neuron after its activation. (f) The same output as (c), calculated with random phases and the read-out summed over both roots.",
            $"Test accuracy at the end: {Numeral.Range([.. outcomes.Select(row => row.Number("test_accuracy"))])}. Calculated read-outs: "
            + string.Join(", ", readOuts.Select(row => $"{row.Text("readout")} {Numeral.Of(row.Number("accuracy"))}")) + ".",
            [
                new("(a) accuracy", steps, new("", 0, 1.04, false), [new Level(chance, "chance 1/p"), .. Of("train_accuracy", Train), .. Of("test_accuracy", Test)], both),
                new("(b) loss", steps, Axis.Around("", curves.SelectMany(row => new[] { row.Number("train_loss"), row.Number("test_loss") }), true),
                    [new Level(chance, "zero output 1/p"), .. Of("train_loss", Train), .. Of("test_loss", Test)], both),
                ImageTable.Chart(images, "trained output", $"(c) output {place}, trained", ("m", "n")) with { Height = Side },
                ImageTable.Chart(images, "trained spectrum", "(d) its Fourier image", ("frequency of m", "frequency of n"), 0.1) with { Height = Side },
                ImageTable.Chart(images, "trained neuron", "(e) a hidden neuron", ("m", "n")) with { Height = Side },
                ImageTable.Chart(images, "calculated output", $"(f) output {place}, calculated", ("m", "n")) with { Height = Side },
            ])
        {
            Width = 760,
            Columns = 2,
        };
    }
}
