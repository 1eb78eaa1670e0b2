using Grokking.Networks;
using Grokking.Tensors;

namespace Grokking.Measures;

// p modulus, n first operand (rows), m second (columns), k hidden neuron, q place of the output

/// <summary>
/// What the quadratic network with two operands computes for every pair of them, as images (arXiv 2301.02679, Fig. 2): outputs h2_q, and a
/// hidden neuron before and after its activation. Their two-dimensional transforms: <see cref="Image.Magnitudes"/>.
/// </summary>
public static class Images
{
    /// <summary>The output at place q, f_q(n, m).</summary>
    /// <param name="specimen">The weights.</param>
    /// <param name="place">q, in 0 … p − 1.</param>
    /// <exception cref="InvalidOperationException">The network is not the quadratic one with two operands.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such place.</exception>
    public static Image Output(Specimen specimen, int place)
    {
        var network = Pairwise(specimen);
        RequireBelow(network.Modulus, place, nameof(place));
        var row = Replaced(specimen.Weights, (name, weight) => name == "w2" ? Tensor.Slice(weight, 0, place, 1) : weight);
        return Of(network, network.Logits(row, AllPairs(network)));
    }

    /// <summary>A hidden neuron before its activation, h_k(n, m) = U[k, n] + V[k, m].</summary>
    /// <param name="specimen">The weights.</param>
    /// <param name="neuron">k, in 0 … N − 1.</param>
    /// <exception cref="InvalidOperationException">The network is not the quadratic one with two operands.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such neuron.</exception>
    public static Image PreActivation(Specimen specimen, int neuron)
    {
        var network = Pairwise(specimen);
        RequireBelow(network.Width, neuron, nameof(neuron));
        return Of(network, network.PreActivations(Neuron(specimen.Weights, neuron), AllPairs(network)));
    }

    /// <summary>
    /// A hidden neuron after its activation: φ(h_k), for the square h_k(n, m)². Where φ is not homogeneous its argument is h_k/√D, as in the
    /// forward pass; with batch normalisation it is normalised.
    /// </summary>
    /// <param name="specimen">The weights.</param>
    /// <param name="neuron">k, in 0 … N − 1.</param>
    /// <exception cref="InvalidOperationException">The network is not the quadratic one with two operands.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such neuron.</exception>
    public static Image Activation(Specimen specimen, int neuron)
    {
        var network = Pairwise(specimen);
        RequireBelow(network.Width, neuron, nameof(neuron));
        return Of(network, Tensor.Scale(Contribution(specimen, neuron, AllPairs(network)), 1 / network.OutputScale));
    }

    /// <summary>What a neuron's activation adds to an output for each unit of its read-out weight, [B, 1]: φ(h_k) times the scale of the output.</summary>
    internal static Dense Contribution(Specimen specimen, int neuron, Batch samples)
    {
        var alone = Replaced(Neuron(specimen.Weights, neuron), (name, weight) => name == "w2" ? Dense.Of(Shape.Of(1, 1), 1) : weight);
        return specimen.Quadratic.Logits(alone, samples);
    }

    /// <summary>The weights and statistics of one neuron alone.</summary>
    private static Parameters<Dense> Neuron(Parameters<Dense> weights, int neuron) =>
        Replaced(weights, (name, weight) => Tensor.Slice(weight, name == "w1" ? 0 : 1, neuron, 1));

    private static Parameters<Dense> Replaced(Parameters<Dense> weights, Func<string, Dense, Dense> with) =>
        weights.With<Dense>([.. weights.Names.Zip(weights.Values, with)]);

    private static QuadraticNetwork Pairwise(Specimen specimen)
    {
        ArgumentNullException.ThrowIfNull(specimen);
        return specimen.Quadratic.Operands == 2
            ? specimen.Quadratic
            : throw new InvalidOperationException($"An image is of two operands, not {specimen.Quadratic.Operands}.");
    }

    private static Batch AllPairs(QuadraticNetwork network)
    {
        var p = network.Modulus;
        Indices Column(Func<int, int> of) => Indices.Of([.. Enumerable.Range(0, p * p).Select(of)], p);
        return new([Column(i => i / p), Column(i => i % p)], Column(i => 0));
    }

    private static Image Of(QuadraticNetwork network, Dense column) => new(network.Modulus, [.. column.Span]);

    private static void RequireBelow(int count, int value, string name)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(value, count, name);
    }
}
