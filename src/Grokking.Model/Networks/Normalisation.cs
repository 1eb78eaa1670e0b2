using Grokking.Tensors;

namespace Grokking.Networks;

/// <summary>How values are normalised.</summary>
public enum Normalisation
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Each neuron over the samples of a batch in training, and by running averages in evaluation (arXiv 1502.03167).</summary>
    Batch,
}

/// <summary>
/// Mean and variance of each neuron over the samples of a batch, and (x − m)/√(v + ε) by them: batch normalisation (arXiv 1502.03167, algorithm 1).
/// Evaluation normalises by running averages of both.
/// </summary>
/// <remarks>
/// Deviations: no scale and shift, for the network has no biases and its read-out weights take up a scale; the running variance follows the
/// mean square deviation itself, not B/(B − 1) times it.
/// </remarks>
/// <param name="Mean">m, [1, N].</param>
/// <param name="Variance">v, [1, N].</param>
internal sealed record BatchMoments<T>(T Mean, T Variance)
    where T : ITensor<T>
{
    /// <summary>ε, which keeps a neuron that is the same for all samples finite.</summary>
    private const double Epsilon = 1e-5;

    /// <summary>The moments of rows over samples, [B, N].</summary>
    internal static BatchMoments<T> Of(T x)
    {
        var mean = Average(x);
        var centred = x - mean;
        return new(mean, Average(centred * centred));
    }

    /// <summary>(x − m)/√(v + ε).</summary>
    internal T Normalise(T x) => (x - Mean) / Tensor.Sqrt(Tensor.Shift(Variance, Epsilon));

    private static T Average(T x) => Tensor.Scale(Tensor.Sum(x, Axes.Of(0)), 1.0 / x.Shape[0]);
}
