using System.Collections.Immutable;
using Grokking.Analytic;
using Grokking.Host.Figures.Plots;
using Grokking.Host.Metrics.Parquet;
using Grokking.Measures;
using Grokking.Networks;
using Grokking.Randomness;

namespace Grokking.Host.Studies.Gromov;

/// <summary>arXiv 2301.02679, Fig. 2: an output and a hidden neuron over all pairs, before and after training and calculated.</summary>
internal sealed class PreActivations : Study
{
    private const string Sweep = "gromov/fig1-dynamics";
    private const int Place = 6;
    private static readonly ImmutableArray<string> Networks = ["start", "trained", "random phases", "balanced phases"];

    /// <inheritdoc/>
    public override string Name => "gromov/fig2-images";

    /// <inheritdoc/>
    public override string Title => "Fig. 2: what the network computes, at the start, trained, and calculated";

    /// <inheritdoc/>
    public override string Claim =>
        "At the start an output over all pairs of operands is noise. Trained, it is one line n + m = q, whose Fourier image lies on the diagonal. The calculated "
        + "weights give the same line with weaker ones for 2n, 2m and n − m, which random phases leave over.";

    /// <inheritdoc/>
    public override ImmutableArray<string> Sweeps => [Sweep];

    /// <inheritdoc/>
    public override StudyTables Gather(StudyRuns runs)
    {
        StudyRun run = runs.Of(Sweep)[0];
        var network = (QuadraticNetwork)run.Weights(0).Network;
        ImmutableArray<Specimen> seen =
        [
            run.Weights(0),
            run.Weights(run.CheckpointSteps[^1]),
            Calculated(RandomPhases.Addition(network.Modulus, network.Width, RandomKey.FromSeed((ulong)run.Seed))),
            Calculated(BalancedPhases.HalfTheFrequencies(network.Modulus)),
        ];
        // The most periodic neuron shows best what a neuron does; at the start none is.
        ImmutableArray<int> neurons = [.. seen.Select(ImageTable.PurestNeuron)];
        int place = Place % network.Modulus;
        Image[] outputs = [.. seen.Select(specimen => Images.Output(specimen, place))];
        Image[] hidden = [.. seen.Select((specimen, i) => Images.Activation(specimen, neurons[i]))];
        ImagePower[] powers = [.. outputs.Select(output => output.Power())];
        TableColumn Share(string name, Func<ImagePower, double> of) => TableColumn.Double(name, [.. powers.Select(of)]);
        return StudyTables.Of(
            ("images", ImageTable.Of(
            [
                .. Networks.Select((name, i) => ($"{name}, output", outputs[i])),
                .. Networks.Select((name, i) => ($"{name}, spectrum", outputs[i].Magnitudes())),
                .. Networks.Select((name, i) => ($"{name}, neuron", hidden[i])),
            ])),
            ("shares", StudyTable.Of(
                "a row for each network: where the power of its output image lies, apart from the mean",
                TableColumn.Text("network", [.. Networks]),
                TableColumn.Int32("modulus", [.. seen.Select(_ => network.Modulus)]),
                TableColumn.Int32("width", [.. seen.Select(specimen => specimen.Quadratic.Width)]),
                TableColumn.Int32("place", [.. seen.Select(_ => place)]),
                TableColumn.Int32("neuron", [.. neurons]),
                Share("sum", power => power.Sum),
                Share("difference", power => power.Difference),
                Share("first", power => power.First),
                Share("second", power => power.Second),
                Share("rest", power => power.Rest))));
    }

    /// <inheritdoc/>
    public override ImmutableArray<Verdict> Judge(StudyTables tables)
    {
        double Share(string network) => tables["shares"].Rows.First(row => row.Text("network") == network).Number("sum");
        Verdict Of(string network, double low, double high) => Verdict.Within($"share of the power on the diagonal, {network}", [Share(network)], low, high);
        return
        [
            Of(Networks[0], double.NegativeInfinity, 0.05),
            Of(Networks[1], 0.9, double.PositiveInfinity),
            Of(Networks[2], 0.7, double.PositiveInfinity),
            Of(Networks[3], 0.999999, double.PositiveInfinity),
        ];
    }

    /// <inheritdoc/>
    public override Figure Draw(StudyTables tables)
    {
        StudyRow[] shares = [.. tables["shares"].Rows];
        StudyTable images = tables["images"];
        int place = (int)shares[0].Number("place");
        ImmutableArray<Panel> Row(string kind, Func<string, string> title, (string, string) axes, double? from = null) =>
            [.. Networks.Select(name => ImageTable.Chart(images, $"{name}, {kind}", title(name), axes, from) with { Height = 126 })];
        return new Figure(
            Id,
            Title,
            $"x + y mod {shares[0].Number("modulus")}. Upper row: output {place} of the network over all pairs (n, m). Middle: the magnitude of its two-dimensional Fourier transform, on a "
            + "logarithmic scale; a function of n + m lies on the diagonal. Lower: one hidden neuron after its activation, the one with the purest frequency. Columns: at the start, after "
            + "training by gradient descent, calculated with random phases, and calculated with balanced phases (ours), which leave nothing over.",
            $"Twelve images of four networks. Power of output {place} on the diagonal of its Fourier image: "
            + string.Join(", ", shares.Select(row => $"{row.Text("network")} {Numeral.Of(row.Number("sum"))}")) + ".",
            [
                .. Row("output", name => name, ("m", "n")),
                .. Row("spectrum", _ => "", ("frequency of m", "frequency of n"), 0.1),
                .. Row("neuron", _ => "", ("m", "n")),
            ])
        {
            Width = 1060,
            Columns = 4,
        };
    }

    private static Specimen Calculated(AnalyticSolution solution) => new(solution.Network, solution.Weights);
}
