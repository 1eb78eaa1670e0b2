using Grokking.Tensors;

namespace Grokking.Networks;

/// <summary>What networks are made of beyond the primitives, as plain functions over the algebra.</summary>
public static class Functions
{
    /// <summary>max(x, 0); its derivative at 0 is 1.</summary>
    public static T Relu<T>(T x)
        where T : ITensor<T> => Tensor.Maximum(x, Tensor.Fill<T>(x.Shape, 0));

    /// <summary>xⁿ, by repeated squaring.</summary>
    /// <exception cref="ArgumentOutOfRangeException">n is not positive.</exception>
    public static T Power<T>(T x, int n)
        where T : ITensor<T>
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(n);
        if (n == 1)
        {
            return x;
        }

        var half = Power(x, n / 2);
        return n % 2 == 0 ? half * half : half * half * x;
    }

    /// <summary>1/(1 + e^(−x)), by way of tanh, which does not overflow.</summary>
    public static T Sigmoid<T>(T x)
        where T : ITensor<T> => Tensor.Shift(Tensor.Scale(Tensor.Tanh(Tensor.Scale(x, 0.5)), 0.5), 0.5);

    /// <summary>x Φ(x), with Φ the normal distribution function (arXiv 1606.08415, the exact form).</summary>
    public static T Gelu<T>(T x)
        where T : ITensor<T> => Tensor.Scale(x, 0.5) * Tensor.Shift(Tensor.Erf(Tensor.Scale(x, 1 / Math.Sqrt(2))), 1);

    /// <summary>
    /// In training, x with each element dropped with probability <paramref name="rate"/> and the others scaled by 1/(1 − rate): x in the mean.
    /// </summary>
    /// <param name="x">Any shape; its first axis runs over samples.</param>
    /// <param name="rate">In [0, 1).</param>
    /// <param name="draws">The randomness of the step.</param>
    /// <param name="layer">Which of a network's dropouts it is.</param>
    public static T Dropout<T>(T x, double rate, Draws draws, int layer)
        where T : ITensor<T> => rate == 0 ? x : x * Tensor.Survivors<T>(draws, layer, x.Shape, rate);

    /// <summary>The mean over the last axis, which stays with length 1.</summary>
    public static T Mean<T>(T x)
        where T : ITensor<T> => Tensor.Scale(Tensor.Sum(x, Last(x)), 1.0 / x.Shape[x.Shape.Rank - 1]);

    /// <summary>log softmax over the last axis; shifted by the largest logit, so that no exponential overflows.</summary>
    public static T LogSoftmax<T>(T logits)
        where T : ITensor<T>
    {
        var shifted = logits - Tensor.Detach(Tensor.Max(logits));
        return shifted - Tensor.Log(Tensor.Sum(Tensor.Exp(shifted), Last(logits)));
    }

    /// <summary>Softmax over the last axis; shifted by the largest logit.</summary>
    public static T Softmax<T>(T logits)
        where T : ITensor<T>
    {
        var powers = Tensor.Exp(logits - Tensor.Detach(Tensor.Max(logits)));
        return powers / Tensor.Sum(powers, Last(logits));
    }

    /// <summary>(x − mean)/√(variance + ε)·scale + shift over the last axis (arXiv 1607.06450); the variance is the mean square deviation.</summary>
    public static T LayerNorm<T>(T x, T scale, T shift, double epsilon)
        where T : ITensor<T>
    {
        var centred = x - Mean(x);
        return (centred / Tensor.Sqrt(Tensor.Shift(Mean(centred * centred), epsilon)) * scale) + shift;
    }

    /// <summary>
    /// Scaled dot-product attention, softmax(Q Kᵀ/√d + mask) V (arXiv 1706.03762, Eq. 1): queries, keys, values [B, H, T, d];
    /// mask broadcasts to [B, H, T, T] and holds 0 where a key may be seen and a large negative number where not.
    /// </summary>
    public static T Attention<T>(T queries, T keys, T values, T mask)
        where T : ITensor<T>
    {
        var width = queries.Shape[queries.Shape.Rank - 1];
        var scores = Tensor.Scale(Tensor.MatMul(queries, Tensor.Transpose(keys)), 1 / Math.Sqrt(width));
        return Tensor.MatMul(Softmax(scores + mask), values);
    }

    private static Axes Last<T>(T x)
        where T : ITensor<T> => Axes.Of(x.Shape.Rank - 1);
}
