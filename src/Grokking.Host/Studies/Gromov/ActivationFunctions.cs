using System.Collections.Immutable;
using Grokking.Analytic;
using Grokking.Host.Figures.Plots;
using Grokking.Host.Metrics.Parquet;
using Grokking.Networks;
using Grokking.Randomness;
using Grokking.Training;

namespace Grokking.Host.Studies.Gromov;

/// <summary>arXiv 2301.02679, App. B: the calculated weights under activations that they were not made for.</summary>
internal sealed class ActivationFunctions : Study
{
    private const int Modulus = 97;
    private const int Draws = 10;
    private const int QuickDraws = 2;
    private static readonly ImmutableArray<int> Widths = [10, 25, 50, 100, 250, 500, 1000];

    private static readonly ImmutableArray<int> KnownWidths = [100, 250, 500, 1000];

    // Accuracies in % at these widths, by an independent implementation.
    private static readonly ImmutableArray<Variant> Variants =
    [
        new("h²", Activation.Monomial, 2, HiddenAmplitude.Solution, [99.7, 100, 100, 100]),
        new("h⁴", Activation.Monomial, 4, HiddenAmplitude.Solution, [100, 100, 100, 100]),
        new("|h|", Activation.Absolute, 2, HiddenAmplitude.Solution, [92, 100, 100, 100]),
        new("ReLU", Activation.Relu, 2, HiddenAmplitude.Solution, [60.9, 97.8, 100, 100]),
        new("GELU, arguments of amplitude 1", Activation.Gelu, 2, HiddenAmplitude.Unit, [68.7, 99.2, 100, 100]),
        new("GELU, arguments as trained", Activation.Gelu, 2, HiddenAmplitude.Solution, [40.9, 87.8, 99.6, 100]),
    ];

    /// <inheritdoc/>
    public override string Name => "gromov/fig6-activations";

    /// <inheritdoc/>
    public override string Title => "Fig. 6: the calculated weights under other activations";

    /// <inheritdoc/>
    public override string Claim =>
        "The weights calculated for the square answer rightly under other activations as well, once the network is wide enough; the rectifiers need more neurons, and GELU very many.";

    /// <inheritdoc/>
    public override ImmutableArray<string> Sweeps => [];

    /// <inheritdoc/>
    public override StudyTables Gather(StudyRuns runs)
    {
        int draws = runs.Quick ? QuickDraws : Draws;
        (Variant Variant, int Width, int Draw)[] all =
            [.. from variant in Variants from width in Widths from draw in Enumerable.Range(0, draws) select (variant, width, draw)];
        double[] accuracies =
        [
            .. all.AsParallel().AsOrdered().Select(each => AnalyticScore.Of(
                RandomPhases.Under(each.Variant.Activation, each.Variant.Degree, each.Variant.Amplitude, RandomPhases.Addition(Modulus, each.Width, RandomKey.FromSeed((ulong)each.Draw))),
                Precision.Single).Accuracy),
        ];
        return StudyTables.Of(("accuracies", StudyTable.Of(
            $"a row for each activation, width and draw of the phases; accuracy over all pairs, p = {Modulus}",
            TableColumn.Text("activation", [.. all.Select(each => each.Variant.Name)]),
            TableColumn.Int32("width", [.. all.Select(each => each.Width)]),
            TableColumn.Int32("draw", [.. all.Select(each => each.Draw)]),
            TableColumn.Double("accuracy", accuracies))));
    }

    /// <inheritdoc/>
    public override ImmutableArray<Verdict> Judge(StudyTables tables)
    {
        ILookup<(string, double), double> found = tables["accuracies"].Rows.ToLookup(row => (row.Text("activation"), row.Number("width")), row => row.Number("accuracy"));
        return
        [
            .. from variant in Variants
               from known in KnownWidths.Zip(variant.Known)
               let band = known.First == 100 ? 8 : 4
               select Verdict.Within(
                   $"{variant.Name}, N = {known.First}: mean accuracy of {found[(variant.Name, known.First)].Count()} draws, in %",
                   [100 * found[(variant.Name, known.First)].Average()],
                   Math.Max(0, known.Second - band),
                   Math.Min(100, known.Second + band)),
        ];
    }

    /// <inheritdoc/>
    public override Figure Draw(StudyTables tables)
    {
        StudyRow[] rows = [.. tables["accuracies"].Rows];
        string[] names = [.. rows.Select(row => row.Text("activation")).Distinct()];
        IEnumerable<Point> Of(string name) => rows.Where(row => row.Text("activation") == name).Select(row => new Point(row.Number("width"), row.Number("accuracy")));
        ImmutableArray<Point> Medians(string name) => Seeds.Medians(Of(name));
        return new Figure(
            Id,
            Title,
            $"x + y mod {Modulus}: accuracy over all pairs of weights calculated with random phases for the square, under other activations. Medians of {rows.Select(row => row.Number("draw")).Distinct().Count()} draws of the phases, strokes from the smallest "
            + "to the largest. GELU is not homogeneous, so that the size of its arguments matters: 1, or that of the network's own forward pass.",
            string.Join("; ", names.Select(name => $"{name}: " + string.Join(", ", Medians(name).Select(point => $"{Numeral.Of(point.Y)} at {Numeral.Of(point.X)}")))) + ".",
            [
                new("accuracy", Axis.Around("width N", rows.Select(row => row.Number("width")), true), new("", 0, 1.04, false),
                    [
                        new Level(1.0 / Modulus, "chance 1/p"),
                        .. names.Index().SelectMany(each => new Mark[]
                        {
                            new Whiskers([.. Of(each.Item).GroupBy(point => point.X).Select(group => (group.Key, group.Min(point => point.Y), group.Max(point => point.Y)))], Palette.At(each.Index)),
                            new Curve(Medians(each.Item), Palette.At(each.Index)),
                            new Dots(Medians(each.Item), Palette.At(each.Index)),
                        }),
                    ],
                    [.. names.Index().Select(each => new LegendEntry(each.Item, Palette.At(each.Index)))]) { Height = 300 },
            ]);
    }

    private sealed record Variant(string Name, Activation Activation, int Degree, HiddenAmplitude Amplitude, ImmutableArray<double> Known);
}
