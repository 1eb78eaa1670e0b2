using System.Collections.Immutable;
using Grokking.Networks;

namespace Grokking.Analytic;

// p modulus, N hidden width, D = 2p inputs, k frequency, s = x + y − q, δ = 1 where s = 0 mod p and 0 elsewhere

/// <summary>
/// Exact solutions of x + y mod p for every p ≥ 2, prime or not: the cosines of arXiv 2301.02679 (Eqs. 6, 7, 12) with six neurons per
/// frequency, whose phases (<see cref="PhaseCycle"/>) cancel every unwanted term exactly.
/// </summary>
/// <remarks>
/// Amplitude (2D)^(1/3) = (4p)^(1/3) on all blocks: six neurons of frequency k then contribute (6/N) cos(2πk s/p). Deviations from the
/// source: its phases are random, its amplitude is 1, and it has no exact solution; these are our own.
/// </remarks>
public static class BalancedPhases
{
    private const string Source = "arXiv 2301.02679, Eqs. 6, 7, 12, with balanced phases (own derivation)";

    /// <summary>Six neurons of one frequency: f = cos(2πk s/p), right by a margin of 1 − cos(2π/p).</summary>
    /// <param name="modulus">p ≥ 2.</param>
    /// <param name="frequency">k, without a common divisor with p.</param>
    /// <exception cref="ArgumentOutOfRangeException">p &lt; 2.</exception>
    /// <exception cref="ArgumentException">k and p have a common divisor: places that differ by p over it would tie.</exception>
    public static AnalyticSolution OneFrequency(int modulus, int frequency)
    {
        var k = RequireCoprime(modulus, frequency);
        return Addition(
            "one_frequency",
            modulus,
            [.. PhaseCycle.Six.Waves(modulus, k, Amplitude(modulus), Amplitude(modulus))],
            s => double.CosPi(2 * (double)((long)k * s % modulus) / modulus),
            1 - double.CosPi(2.0 / modulus));
    }

    /// <summary>
    /// Three neurons of one frequency: f = cos(2πk s/p) (1 + cos(2πk(x − y)/p − δ)), right for every pair by a margin of (1 − cos(2π/p))(1 − cos(π/p)).
    /// </summary>
    /// <remarks>
    /// With φ1 = j/3 and φ2 = φ1 + δ, in turns, all unwanted terms cancel but those in 2x − q and 2y − q. Their sum is the wanted term times
    /// cos(2πk(x − y)/p − δ): it changes how large the answer is and not which one, as long as that cosine is never −1. At odd p it never is; at
    /// even p a δ of half a step, 1/(2p) of a turn, keeps it off. The margin falls as 1/p⁴, below the errors of float32 from p of about 50 on. Own result; a
    /// numerical search at p = 4, 5 and 6 found two neurons of one frequency to be too few, while at p = 2 and 3 two are enough.
    /// </remarks>
    /// <param name="modulus">p ≥ 2.</param>
    /// <param name="frequency">k, without a common divisor with p.</param>
    /// <exception cref="ArgumentOutOfRangeException">p &lt; 2.</exception>
    /// <exception cref="ArgumentException">k and p have a common divisor.</exception>
    public static AnalyticSolution ThreeNeurons(int modulus, int frequency)
    {
        var k = RequireCoprime(modulus, frequency);
        var shift = modulus % 2 == 0 ? 0.5 / modulus : 0;
        double Cosine(int index, double turns) => double.CosPi(2 * (((double)((long)k * Pairs.Mod(index, modulus) % modulus) / modulus) + turns));
        var six = OneFrequency(modulus, frequency);
        return six with
        {
            Name = "three_neurons",
            Network = six.Network with { Width = 3 },
            Weights = Wave.Weights(
                modulus,
                [.. Enumerable.Range(0, 3).Select(j => new Wave(modulus, k, j / 3.0, (j / 3.0) + shift, Amplitude(modulus), Amplitude(modulus)))],
                x => x,
                y => y,
                q => q),
            Prediction = new Prediction.Exact(
                (x, y, q) => Cosine(x + y - q, 0) * (1 + Cosine(x - y, -shift)),
                (1 - double.CosPi(2.0 / modulus)) * (1 - double.CosPi(1.0 / modulus))),
        };
    }

    /// <summary>
    /// Six neurons for each frequency 1 … ⌊p/2⌋. Odd p: N = 3(p − 1), f = (pδ − 1)/(p − 1), margin p/(p − 1). Even p: N = 3p,
    /// f = (pδ − 1 + (−1)^s)/p, margin 1 (2 at p = 2).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">p &lt; 2.</exception>
    public static AnalyticSolution HalfTheFrequencies(int modulus)
    {
        RequireModulus(modulus);
        double p = modulus;
        var odd = modulus % 2 == 1;
        return Addition(
            "half_the_frequencies",
            modulus,
            Cycles(modulus, 1, modulus / 2),
            s => odd ? ((s == 0 ? p : 0) - 1) / (p - 1) : ((s == 0 ? p : 0) - 1 + (s % 2 == 0 ? 1 : -1)) / p,
            odd ? p / (p - 1) : modulus == 2 ? 2 : 1);
    }

    /// <summary>Six neurons for each frequency 1 … p − 1: N = 6(p − 1), f = (pδ − 1)/(p − 1), margin p/(p − 1): every wrong place is below zero.</summary>
    /// <exception cref="ArgumentOutOfRangeException">p &lt; 2.</exception>
    public static AnalyticSolution AllFrequenciesButZero(int modulus)
    {
        RequireModulus(modulus);
        double p = modulus;
        return Addition(
            "all_frequencies_but_zero", modulus, Cycles(modulus, 1, modulus - 1), s => ((s == 0 ? p : 0) - 1) / (p - 1), p / (p - 1));
    }

    /// <summary>Six neurons for each frequency 0 … p − 1: N = 6p, f = δ exactly, margin 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">p &lt; 2.</exception>
    public static AnalyticSolution AllFrequencies(int modulus)
    {
        RequireModulus(modulus);
        return Addition("all_frequencies", modulus, Cycles(modulus, 0, modulus - 1), Delta, 1);
    }

    /// <summary>
    /// Six neurons for each frequency 1 … ⌊p/2⌋ and one constant neuron: N = 6⌊p/2⌋ + 1, f = δ exactly, margin 1. The amplitude is
    /// (4N/3)^(1/3), the constant neuron's weights are (N/2)^(1/3), and the read-out of frequency p/2, its own mirror image, is halved.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">p &lt; 2.</exception>
    public static AnalyticSolution HalfAndConstant(int modulus)
    {
        RequireModulus(modulus);
        var width = (6 * (modulus / 2)) + 1;
        var amplitude = Math.Cbrt(4 * width / 3.0);
        var constant = Math.Cbrt(width / 2.0);
        var waves = Enumerable.Range(1, modulus / 2)
            .SelectMany(k => PhaseCycle.Six.Waves(modulus, k, amplitude, 2 * k == modulus ? amplitude / 2 : amplitude))
            .Append(new Wave(modulus, 0, 0, 0, constant, constant));
        return Addition("half_and_constant", modulus, [.. waves], Delta, 1);
    }

    private static ImmutableArray<Wave> Cycles(int modulus, int from, int to) =>
    [
        .. Enumerable.Range(from, to - from + 1)
            .SelectMany(k => PhaseCycle.Six.Waves(modulus, k, Amplitude(modulus), Amplitude(modulus))),
    ];

    private static AnalyticSolution Addition(string name, int modulus, ImmutableArray<Wave> waves, Func<int, double> output, double margin)
    {
        var network = new QuadraticNetwork(modulus, 2, waves.Length);
        return new(
            name,
            Source,
            network,
            Wave.Weights(modulus, waves, x => x, y => y, q => q),
            Pairs.Of(modulus, (x, y) => (x + y) % modulus),
            new Prediction.Exact((x, y, q) => output((x + y - q + modulus) % modulus), margin));
    }

    private static double Delta(int s) => s == 0 ? 1 : 0;

    private static double Amplitude(int modulus) => Math.Cbrt(4.0 * modulus);

    private static int RequireCoprime(int modulus, int frequency)
    {
        RequireModulus(modulus);
        var k = Pairs.Mod(frequency, modulus);
        return System.Numerics.BigInteger.GreatestCommonDivisor(k, modulus) == 1
            ? k
            : throw new ArgumentException($"Frequency {frequency} and modulus {modulus} have a common divisor; one frequency solves the task only without.", nameof(frequency));
    }

    private static void RequireModulus(int modulus) => ArgumentOutOfRangeException.ThrowIfLessThan(modulus, 2);
}
