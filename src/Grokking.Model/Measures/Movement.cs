using Grokking.Networks;
using Grokking.Tensors;

namespace Grokking.Measures;

/// <summary>How far training has come from its beginning: little in the lazy regime, where the network stays its own linearisation (arXiv 2310.06110).</summary>
public static class Movement
{
    /// <summary>|w − w0|/|w0| over all weights together; NaN where the start is zero.</summary>
    /// <param name="before">w0, the weights at the start.</param>
    /// <param name="now">w, the weights now, of the same names.</param>
    public static double OfWeights(Parameters<Dense> before, Parameters<Dense> now)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(now);
        return Norms.Frobenius(before.With<Dense>([.. before.Names.Select(name => now[name] - before[name])])) / Norms.Frobenius(before);
    }

    /// <summary>‖K − K0‖/‖K0‖ of two kernels of the same samples; NaN where the first is zero.</summary>
    /// <param name="before">K0, the kernel at the start.</param>
    /// <param name="now">K, the kernel now.</param>
    public static double OfKernel(Dense before, Dense now)
    {
        ArgumentNullException.ThrowIfNull(before);
        return Norms.Frobenius(now - before) / Norms.Frobenius(before);
    }
}
