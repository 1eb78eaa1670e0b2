using Grokking.Tensors;

namespace Grokking.Training;

/// <summary>
/// A softmax whose probabilities do not collapse: s(x)/Σ s with s(x) = x + 1 for x ≥ 0 and 1/(1 − x) for x &lt; 0 (arXiv 2501.04697). It grows and
/// falls as x and 1/x do and not as eˣ, so that in float32 no addend of the sum is lost and no gradient becomes zero before the loss is small.
/// </summary>
/// <remarks>
/// s is continuous and increasing, s(0) = 1 and s'(0) = 1. Its logarithm is taken as log(1 + max(x, 0)) − log(1 + max(0, −x)). The authors compute it
/// in float64; here it is computed in the precision of the run, which may be double.
/// </remarks>
public static class StableMax
{
    /// <summary>s(x), elementwise: above 0.</summary>
    public static T Of<T>(T x)
        where T : ITensor<T> => Up(x) / Down(x);

    /// <summary>log(s(x)/Σ s) over the last axis.</summary>
    /// <param name="logits">[..., V].</param>
    public static T LogProbabilities<T>(T logits)
        where T : ITensor<T>
    {
        ArgumentNullException.ThrowIfNull(logits);
        return Tensor.Log(Up(logits)) - Tensor.Log(Down(logits)) - Tensor.Log(Tensor.Sum(Of(logits), Axes.Of(logits.Shape.Rank - 1)));
    }

    private static T Up<T>(T x)
        where T : ITensor<T> => Tensor.Shift(Tensor.Maximum(x, Tensor.Fill<T>(x.Shape, 0)), 1);

    // Where both are equal, at 0, the derivative belongs to the first, the constant: so that s'(0) is 1 and not 2.
    private static T Down<T>(T x)
        where T : ITensor<T> => Tensor.Shift(Tensor.Maximum(Tensor.Fill<T>(x.Shape, 0), Tensor.Negate(x)), 1);
}
