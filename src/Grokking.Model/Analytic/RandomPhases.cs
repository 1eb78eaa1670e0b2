using System.Collections.Immutable;
using Grokking.Networks;
using Grokking.Randomness;
using Grokking.Tensors;

namespace Grokking.Analytic;

// p modulus, N hidden width, D = 2p inputs, s = x + y − q

/// <summary>
/// The solution of x + y mod p that arXiv 2301.02679 gives (Eqs. 6, 7, 12): cosines with random phases, whose unwanted terms average
/// out as the network grows wider (Eqs. 13–16).
/// </summary>
/// <remarks>
/// Neuron k = 0 … N − 1 has frequency k mod p; φ1 and φ2 are uniform over a turn, φ3 = φ1 + φ2. Deviation: amplitude (4p)^(1/3) on all
/// blocks where the source has 1, so that the wanted term peaks at 1 and the squared error means something. Accuracy is a matter of the
/// draw: about 99.8 % at N = 100 and 100 % from N = 300 on, for p up to 113.
/// </remarks>
public static class RandomPhases
{
    /// <summary>A draw of the solution.</summary>
    /// <param name="modulus">p ≥ 2.</param>
    /// <param name="width">N ≥ 1.</param>
    /// <param name="key">The run's randomness; the draws come from its part for phases.</param>
    /// <exception cref="ArgumentOutOfRangeException">p &lt; 2 or N &lt; 1.</exception>
    public static AnalyticSolution Addition(int modulus, int width, RandomKey key)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(modulus, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        var network = new QuadraticNetwork(modulus, 2, width);
        var waves = Waves(modulus, width, key);
        var mean = Enumerable.Range(0, modulus)
            .Select(s => Enumerable.Range(0, width).Sum(k => double.CosPi(2 * (double)((long)k * s % modulus) / modulus)) / width)
            .ToImmutableArray();
        return new(
            "random_phases",
            "arXiv 2301.02679, Eqs. 6, 7, 12",
            network,
            Wave.Weights(modulus, waves, x => x, y => y, q => q),
            Pairs.Of(modulus, (x, y) => (x + y) % modulus),
            new Prediction.Mean((x, y, q) => mean[Pairs.Mod(x + y - q, modulus)]));
    }

    /// <summary>
    /// The mean squared error to be expected, over samples, places and draws: 4/N, to within a share 1/p. Each neuron scatters with variance 1 at a wrong
    /// place (1/4·1/2 each for three unwanted terms, 1/2 for the one in q alone, 1/16 for the two of 3φ1 + φ2 and φ1 + 3φ2, 1/16 for the pair
    /// of ±(φ1 − φ2)), and counts 2/N.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">N &lt; 1.</exception>
    public static double ExpectedMeanSquaredError(int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        return 4.0 / width;
    }

    /// <summary>
    /// A draw's weights under another activation (arXiv 2301.02679, Appendix B, Fig. 6). They are made for the square: what is wanted of them
    /// elsewhere is the accuracy, while the outputs' scale, and with it the squared error, is another.
    /// </summary>
    /// <param name="activation">φ.</param>
    /// <param name="degree">n of a monomial.</param>
    /// <param name="amplitude">How large the argument of φ is; without effect where φ is homogeneous.</param>
    /// <param name="solution">The weights, of any draw.</param>
    public static AnalyticSolution Under(Activation activation, int degree, HiddenAmplitude amplitude, AnalyticSolution solution)
    {
        ArgumentNullException.ThrowIfNull(solution);
        var network = solution.Network with { Activation = activation, Degree = degree };
        // The forward pass divides by √D where φ is not homogeneous.
        var scale = amplitude == HiddenAmplitude.Unit ? Math.Sqrt(network.InputSize) / Amplitude(network.Modulus) : 1;
        return solution with
        {
            Name = $"{solution.Name}_{activation.ToString().ToLowerInvariant()}",
            Network = network,
            Weights = solution.Weights.With<Dense>([Tensor.Scale(solution.Weights["w1"], scale), solution.Weights["w2"]]),
        };
    }

    private static ImmutableArray<Wave> Waves(int modulus, int width, RandomKey key)
    {
        var phases = key.Split(RandomPurpose.Phases);
        var amplitude = Amplitude(modulus);
        return
        [
            .. Enumerable.Range(0, width).Select(k => new Wave(
                modulus, k % modulus, phases.Uniform((ulong)(2 * k)), phases.Uniform((ulong)((2 * k) + 1)), amplitude, amplitude)),
        ];
    }

    private static double Amplitude(int modulus) => Math.Cbrt(4.0 * modulus);
}

/// <summary>How large the arguments of an activation are that the solution was not made for.</summary>
public enum HiddenAmplitude
{
    /// <summary>φ((4p)^(1/3) (cos + cos)/√D), as the network's forward pass has it: arguments of about 1 at p = 97.</summary>
    Solution,

    /// <summary>φ(cos + cos), as with the weights of amplitude 1 that the source prints.</summary>
    Unit,
}
