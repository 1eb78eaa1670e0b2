using System.Collections.Immutable;
using Grokking.Tensors;

namespace Grokking.Optimisers;

/// <summary>What Adam and AdamW share (arXiv 1412.6980, Algorithm 1): first and second moment, both corrected for their start at zero.</summary>
/// <remarks>
/// m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², direction = (m/(1 − β₁ᵗ)) / (√(v/(1 − β₂ᵗ)) + ε) with t = 1 at the first step. The
/// corrections are computed in float64 and enter as coefficients. ε matters here: the first gradients of the quadratic network are about
/// 4e-9 at p = 97, N = 500, so 1e-8 would drown them; the presets use 1e-10.
/// </remarks>
public abstract record AdaptiveMoments : Optimiser
{
    /// <summary>β₁, the memory of the mean gradient, in [0, 1).</summary>
    [Setting("β₁, the memory of the mean gradient", Pair = "betas", From = 0, Below = 1, Default = 0.9)]
    public required double Beta1 { get; init; }

    /// <summary>β₂, the memory of the mean square gradient, in [0, 1).</summary>
    [Setting("β₂, the memory of the mean square gradient", Pair = "betas", From = 0, Below = 1, Default = 0.999)]
    public required double Beta2 { get; init; }

    /// <summary>ε, added to the root mean square; at least 0. There is no default on purpose.</summary>
    [Setting("ε; 1e-8 is too large for the quadratic network, the presets use 1e-10", From = 0)]
    public required double Epsilon { get; init; }

    /// <inheritdoc/>
    public sealed override ImmutableArray<string> SlotNames => ["first_moment", "second_moment"];

    /// <inheritdoc/>
    public sealed override ImmutableArray<string> CoefficientNames =>
        [.. base.CoefficientNames, "beta1", "beta2", "freshness1", "freshness2", "correction1", "correction2", "epsilon"];

    /// <inheritdoc/>
    public sealed override void WriteCoefficients(long step, double learningRate, Span<double> values)
    {
        base.WriteCoefficients(step, learningRate, values);
        values[2] = Beta1;
        values[3] = Beta2;
        values[4] = 1 - Beta1;
        values[5] = 1 - Beta2;
        values[6] = 1 / (1 - Math.Pow(Beta1, step + 1));
        values[7] = 1 / (1 - Math.Pow(Beta2, step + 1));
        values[8] = Epsilon;
    }

    /// <summary>The direction of the step and the new moments.</summary>
    protected static (T Direction, ImmutableArray<T> Slots) Moments<T>(T gradient, ImmutableArray<T> slots, Coefficients<T> with)
        where T : ITensor<T>
    {
        ArgumentNullException.ThrowIfNull(with);
        var first = (with["beta1"] * slots[0]) + (with["freshness1"] * gradient);
        var second = (with["beta2"] * slots[1]) + (with["freshness2"] * (gradient * gradient));
        var scale = Tensor.Sqrt(with["correction2"] * second) + with["epsilon"];
        return (with["correction1"] * first / scale, [first, second]);
    }
}

/// <summary>Adam: w ← w − η·direction, with the decay coupled, that is g + λ w in place of g.</summary>
[Kind("adam", "arXiv 1412.6980, with the decay coupled")]
public sealed record Adam : AdaptiveMoments
{
    /// <inheritdoc/>
    public override (T Weight, ImmutableArray<T> Slots) Update<T>(T weight, T gradient, ImmutableArray<T> slots, Coefficients<T> with)
    {
        ArgumentNullException.ThrowIfNull(with);
        var (direction, moments) = Moments(gradient + (with["weightDecay"] * weight), slots, with);
        return (weight - (with["learningRate"] * direction), moments);
    }
}

/// <summary>AdamW (arXiv 1711.05101, Algorithm 2): the decay is decoupled and comes first, w ← (1 − η λ) w − η·direction.</summary>
[Kind("adamW", "arXiv 1711.05101, with the decay decoupled")]
public sealed record AdamW : AdaptiveMoments
{
    /// <inheritdoc/>
    public override (T Weight, ImmutableArray<T> Slots) Update<T>(T weight, T gradient, ImmutableArray<T> slots, Coefficients<T> with)
    {
        ArgumentNullException.ThrowIfNull(with);
        var (direction, moments) = Moments(gradient, slots, with);
        return (Kept(weight, with) - (with["learningRate"] * direction), moments);
    }
}
