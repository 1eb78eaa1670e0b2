using System.Collections.Immutable;

namespace Grokking.Measures;

/// <summary>What one hidden neuron does at its own frequency: U ∝ cos(2πk n/p + φ1), V ∝ cos(2πk m/p + φ2), W2 ∝ cos(2πk q/p + φ3).</summary>
/// <param name="Neuron">The neuron, from 0.</param>
/// <param name="Frequency">k, the frequency that holds the most power of the three blocks together, in 1 … ⌊(p − 1)/2⌋.</param>
/// <param name="First">φ1 in (−π, π].</param>
/// <param name="Second">φ2 in (−π, π].</param>
/// <param name="ReadOut">φ3 in (−π, π].</param>
/// <param name="Residual">φ1 + φ2 − φ3, wrapped into (−π, π]: 0 in the analytic solution (arXiv 2301.02679, Eq. 12).</param>
/// <param name="PowerShare">The share of the neuron's one-sided power, of all three blocks, at its frequency, in [0, 1].</param>
public readonly record struct NeuronPhase(
    int Neuron, int Frequency, double First, double Second, double ReadOut, double Residual, double PowerShare);

/// <summary>The power of one neuron at one frequency, per block.</summary>
/// <param name="Neuron">The neuron, from 0.</param>
/// <param name="Frequency">k, in 0 … ⌊p/2⌋.</param>
/// <param name="First">|Ũ_k|².</param>
/// <param name="Second">|Ṽ_k|².</param>
/// <param name="ReadOut">|W̃2_k|².</param>
public readonly record struct NeuronPower(int Neuron, int Frequency, double First, double Second, double ReadOut);

/// <summary>Phases of the neurons of the quadratic network with two operands, and what they say together (the histogram of arXiv 2301.02679, Fig. 3).</summary>
/// <remarks>
/// Frequencies 0 and p/2 have signs but no phases; they are left out of the choice, and neurons with less than 1e-12 of their power elsewhere
/// are left out of the table. Choosing p − k in place of k would turn the sign of the residual only.
/// </remarks>
public static class Phases
{
    /// <summary>The standard deviation of the residuals, in radians: π/√3 ≈ 1.814 for random ones; NaN without neurons.</summary>
    public static double ResidualDeviation(ImmutableArray<NeuronPhase> phases)
    {
        var mean = Mean(phases, phase => phase.Residual);
        return Math.Sqrt(Mean(phases, phase => (phase.Residual - mean) * (phase.Residual - mean)));
    }

    /// <summary>The median of the residuals' absolute values, in radians: π/2 for random ones; NaN without neurons.</summary>
    public static double ResidualMedian(ImmutableArray<NeuronPhase> phases)
    {
        double[] sizes = [.. phases.Select(phase => Math.Abs(phase.Residual))];
        Array.Sort(sizes);
        return sizes is [] ? double.NaN : (sizes[(sizes.Length - 1) / 2] + sizes[sizes.Length / 2]) / 2;
    }

    /// <summary>The share of neurons whose residual is within a tenth of a radian of 0: 0.1/π for random ones; NaN without neurons.</summary>
    public static double ShareWithinTenth(ImmutableArray<NeuronPhase> phases) => Mean(phases, phase => Math.Abs(phase.Residual) <= 0.1 ? 1 : 0);

    /// <summary>How many frequencies some neuron has for its own.</summary>
    public static int FrequenciesInUse(ImmutableArray<NeuronPhase> phases) => phases.Select(phase => phase.Frequency).Distinct().Count();

    /// <summary>The mean share of power that neurons have at their own frequency; NaN without neurons.</summary>
    public static double MeanPowerShare(ImmutableArray<NeuronPhase> phases) => Mean(phases, phase => phase.PowerShare);

    /// <summary>The power of every neuron at every frequency, neurons outermost.</summary>
    /// <exception cref="InvalidOperationException">The network is not the quadratic one with two operands.</exception>
    public static ImmutableArray<NeuronPower> Powers(Specimen specimen)
    {
        ArgumentNullException.ThrowIfNull(specimen);
        var (first, second) = Pair(specimen.Operands);
        return
        [
            .. from neuron in Enumerable.Range(0, first.Rows)
               from k in Enumerable.Range(0, first.Frequencies)
               select new NeuronPower(neuron, k, first.Power(neuron, k), second.Power(neuron, k), specimen.ReadOut.Power(neuron, k)),
        ];
    }

    /// <summary>An angle brought into (−π, π] by whole turns.</summary>
    public static double Wrap(double angle)
    {
        var wrapped = Math.IEEERemainder(angle, 2 * Math.PI);
        return wrapped <= -Math.PI ? wrapped + (2 * Math.PI) : wrapped;
    }

    private static (Spectrum First, Spectrum Second) Pair(ImmutableArray<Spectrum> operands) => operands.Length == 2
        ? (operands[0], operands[1])
        : throw new InvalidOperationException($"Phases are compared for two operands, not {operands.Length}.");

    private static double Mean(ImmutableArray<NeuronPhase> phases, Func<NeuronPhase, double> number) =>
        phases.IsEmpty ? double.NaN : phases.Average(number);
}
