using Grokking.Tensors;

namespace Grokking.Networks;

/// <summary>φ, what a hidden neuron makes of its input (arXiv 2301.02679, Appendix B).</summary>
public enum Activation
{
    /// <summary>φ(h) = hⁿ; with n = 2 the paper's own.</summary>
    Monomial,

    /// <summary>φ(h) = |h|; its derivative at 0 is 1.</summary>
    Absolute,

    /// <summary>φ(h) = max(h, 0); its derivative at 0 is 1.</summary>
    Relu,

    /// <summary>φ(h) = h Φ(h), with Φ the normal distribution function (arXiv 1606.08415, the exact form).</summary>
    Gelu,
}

/// <summary>The activations as functions over the algebra.</summary>
public static class Activations
{
    /// <summary>φ of each element.</summary>
    /// <param name="activation">φ.</param>
    /// <param name="degree">n of a monomial, at least 1; the others have none and leave it unread.</param>
    /// <param name="h">What it is applied to.</param>
    public static T Apply<T>(Activation activation, int degree, T h)
        where T : ITensor<T> => activation switch
        {
            Activation.Absolute => Tensor.Maximum(h, Tensor.Negate(h)),
            Activation.Relu => Functions.Relu(h),
            Activation.Gelu => Functions.Gelu(h),
            Activation.Monomial => Functions.Power(h, degree),
            _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "This activation has no function yet."),
        };

    /// <summary>The degree n of homogeneity, φ(c h) = cⁿ φ(h) for c &gt; 0; null where there is none.</summary>
    /// <param name="activation">φ.</param>
    /// <param name="degree">n of a monomial.</param>
    public static int? Homogeneity(Activation activation, int degree) => activation switch
    {
        Activation.Absolute or Activation.Relu => 1,
        Activation.Gelu => null,
        Activation.Monomial => degree,
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "This activation has no degree yet."),
    };
}
