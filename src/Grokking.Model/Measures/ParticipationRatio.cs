using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Grokking.Networks;

namespace Grokking.Measures;

// p modulus, k frequency, P_k = |w̃_k|² power

/// <summary>
/// Which numbers enter an inverse participation ratio. The source (arXiv 2301.02679, Eqs. 20, 21) leaves this open, and the values differ by
/// factors of two: always name the convention.
/// </summary>
public enum ParticipationConvention
{
    /// <summary>Per block (U, V, W2), one-sided: frequency 0 and each pair k, p − k counted once. A neuron is the mean of its blocks.</summary>
    HalfRfft,

    /// <summary>Per block, all p frequencies. A neuron is the mean of its blocks.</summary>
    HalfFull,

    /// <summary>The operands' blocks together, all frequencies of each. Closest to Eq. 20, whose sum runs over 2p numbers.</summary>
    PooledFull,

    /// <summary>The operands' blocks together, one-sided.</summary>
    PooledRfft,

    /// <summary>One transform over the whole row of <c>w1</c>, all frequencies.</summary>
    Stacked,
}

/// <summary>
/// The inverse participation ratio IPR = Σ P_k²/(Σ P_k)² of a neuron's power spectrum: 1 if one frequency holds all power, 1/(number of
/// frequencies) if all hold the same (arXiv 2301.02679, Eqs. 20, 21 with r = 2).
/// </summary>
public static class ParticipationRatio
{
    /// <summary>The name of a convention in files: <c>half-rfft</c>, <c>half-full</c>, <c>pooled-full</c>, <c>pooled-rfft</c>, <c>stacked</c>.</summary>
    public static string Id(ParticipationConvention convention) => convention switch
    {
        ParticipationConvention.HalfRfft => "half-rfft",
        ParticipationConvention.HalfFull => "half-full",
        ParticipationConvention.PooledFull => "pooled-full",
        ParticipationConvention.PooledRfft => "pooled-rfft",
        ParticipationConvention.Stacked => "stacked",
        _ => throw new ArgumentOutOfRangeException(nameof(convention)),
    };

    /// <summary>The mean over the hidden neurons (Eq. 21), in [<see cref="Smallest"/>, 1]; NaN if a block of some neuron is zero.</summary>
    /// <exception cref="InvalidOperationException">The network is not the quadratic one.</exception>
    public static double Mean(ParticipationConvention convention, Specimen specimen) => PerNeuron(convention, specimen).Average();

    /// <summary>One ratio per hidden neuron (Eq. 20).</summary>
    /// <exception cref="InvalidOperationException">The network is not the quadratic one.</exception>
    public static ImmutableArray<double> PerNeuron(ParticipationConvention convention, Specimen specimen)
    {
        ArgumentNullException.ThrowIfNull(specimen);
        var network = specimen.Quadratic;
        ReadOnlySpan<PowerMoments[]> blocks = convention switch
        {
            ParticipationConvention.HalfRfft or ParticipationConvention.HalfFull => specimen.Moments.AsSpan(),
            ParticipationConvention.PooledFull or ParticipationConvention.PooledRfft => specimen.Moments.AsSpan()[..network.Operands],
            ParticipationConvention.Stacked => [PowerMoments.OfRows(specimen.Weights["w1"].Span, network.Width, network.InputSize, network.InputSize, 1)],
            _ => throw new ArgumentOutOfRangeException(nameof(convention)),
        };
        var full = convention is not (ParticipationConvention.HalfRfft or ParticipationConvention.PooledRfft);
        var apart = convention is ParticipationConvention.HalfRfft or ParticipationConvention.HalfFull;
        var ratios = new double[network.Width];
        for (var neuron = 0; neuron < ratios.Length; neuron++)
        {
            var (together, sum) = (default(PowerMoments), 0.0);
            foreach (var block in blocks)
            {
                together += block[neuron];
                sum += block[neuron].Ratio(full);
            }

            ratios[neuron] = apart ? sum / blocks.Length : together.Ratio(full);
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(ratios);
    }

    /// <summary>The smallest possible value: one over the number of powers that enter (by the inequality of Cauchy and Schwarz).</summary>
    public static double Smallest(ParticipationConvention convention, QuadraticNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        var oneSided = (network.Modulus / 2) + 1;
        return 1.0 / convention switch
        {
            ParticipationConvention.HalfRfft => oneSided,
            ParticipationConvention.HalfFull => network.Modulus,
            ParticipationConvention.PooledRfft => network.Operands * oneSided,
            ParticipationConvention.PooledFull or ParticipationConvention.Stacked => network.InputSize,
            _ => throw new ArgumentOutOfRangeException(nameof(convention)),
        };
    }
}
