using System.Collections.Immutable;

namespace Grokking.Measures;

// p modulus, (n, m) operands, k frequency, x̃ the two-dimensional transform of an activation over all pairs

/// <summary>
/// The frequencies that a network's neurons have for their own: for each neuron the k that explains most of the variance of its activation over all pairs of
/// operands, over the waves of frequency k in either operand or both; and the union over the neurons (arXiv 2301.05217).
/// </summary>
public static class KeyFrequencies
{
    /// <summary>The frequency of one neuron, in 1 … ⌊p/2⌋: the lowest among equals; none for an activation that does not vary.</summary>
    /// <param name="activation">The neuron's activation at every pair, p at least 2.</param>
    public static int? Of(Image activation)
    {
        ArgumentNullException.ThrowIfNull(activation);
        var (p, magnitudes) = (activation.Side, activation.Magnitudes());
        double Explained(int k)
        {
            // ±k or 0 along each operand, and not 0 along both; at k = p/2 both signs are one.
            ImmutableArray<int> ways = [0, .. new[] { k, p - k }.Distinct()];
            return ways.Sum(a => ways.Where(b => a + b > 0).Sum(b => magnitudes[a, b] * magnitudes[a, b]));
        }

        var powers = Enumerable.Range(1, p / 2).Select(k => (Frequency: k, Power: Explained(k))).ToImmutableArray();
        var best = powers.MaxBy(each => each.Power);
        return best.Power > 0 ? best.Frequency : null;
    }

    /// <summary>The frequencies of some neurons together, ascending.</summary>
    public static ImmutableArray<int> Of(IEnumerable<Image> activations) =>
        [.. activations.Select(Of).OfType<int>().Distinct().Order()];

    /// <summary>The key frequencies of the quadratic network's neurons, from their activations. About 1 ms a neuron at p = 97.</summary>
    /// <exception cref="InvalidOperationException">The network is not the quadratic one with two operands.</exception>
    public static ImmutableArray<int> Of(Specimen specimen)
    {
        ArgumentNullException.ThrowIfNull(specimen);
        return Of(Enumerable.Range(0, specimen.Quadratic.Width).Select(neuron => Images.Activation(specimen, neuron)));
    }
}
