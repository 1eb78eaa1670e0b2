using System.Collections.Immutable;
using Grokking.Tensors;

namespace Grokking.Optimisers;

// w weight, g gradient, o the part of g at right angles to w

/// <summary>
/// The part of a gradient that turns its weight and does not stretch it (arXiv 2501.04697, ⊥Grad): o = g − (⟨w, g⟩/⟨w, w⟩)·w for each tensor by
/// itself, then o·‖g‖/‖o‖.
/// </summary>
/// <remarks>
/// The last factor stands in the authors' program and not in their formula. Where w = 0, o = g. Where hardly anything is left, ‖o‖ ≤ 1e-6 ‖g‖, o is
/// rounding and keeps its size, which the authors' program would blow up to ‖g‖.
/// </remarks>
[Kind("orthogonal", "arXiv 2501.04697: g − (⟨w, g⟩/⟨w, w⟩)·w for each tensor")]
public sealed record OrthogonalGradient : GradientFilter
{
    /// <summary>‖o‖²/‖g‖² up to which o is taken for rounding.</summary>
    private const double LargestRounding = 1e-12;

    /// <summary>Whether what is left is scaled to the size of the gradient.</summary>
    [Setting("whether what is left is scaled to the size of the gradient", Default = 1)]
    public bool Rescale { get; init; } = true;

    /// <inheritdoc/>
    public override ImmutableArray<Slot> Slots => [];

    /// <inheritdoc/>
    public override ImmutableArray<string> CoefficientNames => [];

    /// <inheritdoc/>
    public override void WriteCoefficients(long step, Span<double> values)
    {
    }

    /// <inheritdoc/>
    public override (T Gradient, ImmutableArray<T> Slots) Apply<T>(T weight, T gradient, ImmutableArray<T> slots, Coefficients<T> with)
    {
        var along = Tensor.Total(weight * gradient) / NotZero(Tensor.Total(weight * weight));
        var turning = gradient - (along * weight);
        return (Rescale ? SizeOf(gradient, turning) * turning : turning, slots);
    }

    /// <summary>‖g‖/‖o‖, or 1 where o is rounding.</summary>
    private static T SizeOf<T>(T gradient, T turning)
        where T : ITensor<T>
    {
        var (before, after) = (Tensor.Total(gradient * gradient), Tensor.Total(turning * turning));
        var counts = Tensor.Greater(after, Tensor.Scale(before, LargestRounding));
        var ratio = Tensor.Sqrt(before / NotZero(after));
        return Tensor.Shift(counts * Tensor.Shift(ratio, -1), 1);
    }

    /// <summary>A number, and 1 in place of 0: what is divided is 0 with it.</summary>
    private static T NotZero<T>(T number)
        where T : ITensor<T> => number + Tensor.EqualTo(number, Tensor.Number<T>(0));
}
