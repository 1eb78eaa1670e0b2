using System.Collections.Immutable;
using Grokking.Arithmetic;
using Grokking.Networks;
using Grokking.Tensors;

namespace Grokking.Analytic;

// p prime modulus, L = p − 1 order of its units, N hidden width, D = 2p inputs, g primitive root, log to the base g

/// <summary>
/// Exact solutions of x·y and x/y modulo a prime. The logarithm makes addition modulo L of the units' multiplication, which balanced
/// phases solve; neurons of their own see the zero, which has no logarithm.
/// </summary>
/// <remarks>
/// Own derivation: arXiv 2301.02679 trains on x·y and gives no weights. Six neurons for each frequency 0 … L − 1, as in
/// <see cref="BalancedPhases.AllFrequencies"/> but with log x, log y, log q in place of x, y, q, and with zero weights at the index 0;
/// amplitude (2DN/(6L))^(1/3) on all blocks, so that the six of a frequency contribute 1/L. A zero operand leaves one cosine of h, whose
/// square brings only terms that cancel. The outputs are one-hot, the margin 1. The units of a composite modulus are no cycle in general.
/// </remarks>
public static class LogarithmicPhases
{
    private const string Source = "balanced phases over discrete logarithms (own derivation)";

    /// <summary>
    /// x·y: N = 6(p − 1) + 2. The two last neurons are h = [x = 0] ± [y = 0], read out at 0 with DN/4 and 3DN/4, which makes 1 of one zero
    /// and of two.
    /// </summary>
    /// <param name="modulus">p, a prime.</param>
    /// <exception cref="ArgumentOutOfRangeException">p &lt; 2.</exception>
    /// <exception cref="InvalidOperationException">p is not prime.</exception>
    public static AnalyticSolution Multiplication(int modulus)
    {
        var field = new Modulus(modulus);
        return Solution("multiplication", field, inverted: false, [new(1, 1, 0.25), new(1, -1, 0.75)], field.Multiply);
    }

    /// <summary>x/y for y ≠ 0: N = 6(p − 1) + 1, with −log y in place of log y. The last neuron is h = [x = 0], read out at 0 with DN.</summary>
    /// <param name="modulus">p, a prime.</param>
    /// <exception cref="ArgumentOutOfRangeException">p &lt; 2.</exception>
    /// <exception cref="InvalidOperationException">p is not prime.</exception>
    public static AnalyticSolution Division(int modulus)
    {
        var field = new Modulus(modulus);
        return Solution("division", field, inverted: true, [new(1, 0, 1)], (x, y) => y == 0 ? -1 : field.Multiply(x, field.Inverse(y)));
    }

    private static AnalyticSolution Solution(
        string name, Modulus field, bool inverted, ImmutableArray<ZeroNeuron> zeros, Func<int, int, int> answer)
    {
        var logarithm = new DiscreteLogarithm(field);
        var (p, order) = (field.Value, logarithm.Order);
        var network = new QuadraticNetwork(p, 2, (6 * order) + zeros.Length);
        var scale = (double)network.InputSize * network.Width;
        var amplitude = Math.Cbrt(2 * scale / (6 * order));
        ImmutableArray<Wave> waves = [.. Enumerable.Range(0, order).SelectMany(k => PhaseCycle.Six.Waves(order, k, amplitude, amplitude))];
        int Index(int x) => x == 0 ? -1 : logarithm.Of(x);
        int Opposite(int y) => y == 0 ? -1 : (order - logarithm.Of(y)) % order;
        var units = Wave.Weights(p, waves, Index, inverted ? Opposite : Index, Index);

        var w1 = Dense.Build(network.Parameters[0].Shape, at => at[0] < waves.Length || at[1] % p != 0
            ? 0
            : at[1] == 0 ? zeros[at[0] - waves.Length].First : zeros[at[0] - waves.Length].Second);
        var w2 = Dense.Build(network.Parameters[1].Shape, at => at[0] > 0 || at[1] < waves.Length ? 0 : scale * zeros[at[1] - waves.Length].Share);
        return new(
            name,
            Source,
            network,
            units.With<Dense>([Tensor.Pad(units["w1"], 0, 0, network.Width) + w1, Tensor.Pad(units["w2"], 1, 0, network.Width) + w2]),
            Pairs.Of(p, answer),
            new Prediction.Exact((x, y, q) => answer(x, y) == q ? 1 : 0, 1));
    }

    /// <summary>A neuron that answers to zeros only: U[0], V[0], and W2[0] as a share of DN.</summary>
    private readonly record struct ZeroNeuron(double First, double Second, double Share);
}
