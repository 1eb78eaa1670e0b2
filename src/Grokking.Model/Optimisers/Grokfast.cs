using System.Collections.Immutable;
using Grokking.Tensors;

namespace Grokking.Optimisers;

// g gradient, μ its slow part, λ amplification, α memory, w window

/// <summary>
/// Grokfast with an exponential moving average (arXiv 2405.20233): μ ← α μ + (1 − α) g, g ← g + λ μ. The slow part of the gradient
/// is amplified.
/// </summary>
/// <remarks>
/// μ starts at the first gradient, as in the authors' program (the paper prints μ ← θ₀). A gradient that stays is multiplied by 1 + λ: a fair
/// comparison gives the other run the learning rate η (1 + λ).
/// </remarks>
[Kind("grokfastEma", "arXiv 2405.20233: μ ← α μ + (1 − α) g, g ← g + λ μ")]
public sealed record GrokfastEma : GradientFilter
{
    /// <summary>α, the memory of the slow gradient, in [0, 1); 0.8 to 0.99 is advised.</summary>
    [Setting("α, the memory of the slow gradient", From = 0, Below = 1, Default = 0.98)]
    public double Memory { get; init; } = 0.98;

    /// <summary>λ, how much of the slow gradient is added, at least 0; 0.1 to 5 is advised.</summary>
    [Setting("λ, how much of the slow gradient is added", From = 0, Default = 2)]
    public double Amplification { get; init; } = 2;

    /// <inheritdoc/>
    public override ImmutableArray<Slot> Slots => [new("slow_gradient")];

    /// <inheritdoc/>
    public override ImmutableArray<string> CoefficientNames => ["memory", "freshness", "amplification"];

    /// <inheritdoc/>
    public override void WriteCoefficients(long step, Span<double> values)
    {
        values[0] = step == 0 ? 0 : Memory;
        values[1] = step == 0 ? 1 : 1 - Memory;
        values[2] = Amplification;
    }

    /// <inheritdoc/>
    public override (T Gradient, ImmutableArray<T> Slots) Apply<T>(T weight, T gradient, ImmutableArray<T> slots, Coefficients<T> with)
    {
        ArgumentNullException.ThrowIfNull(with);
        var slow = (with["memory"] * slots[0]) + (with["freshness"] * gradient);
        return (gradient + (with["amplification"] * slow), [slow]);
    }
}

/// <summary>
/// Grokfast with a moving average (arXiv 2405.20233): g ← g + λ·mean of the last w gradients, this one included, and only once there
/// have been w.
/// </summary>
/// <remarks>
/// The gradients lie in a ring: that of step s takes place s mod w of a tensor [w, ...]. Sums run over the places in their order. The memory is w
/// times the weights, and a step passes over all of it.
/// </remarks>
[Kind("grokfastMa", "arXiv 2405.20233: g ← g + λ·mean of the last w gradients, once there have been w")]
public sealed record GrokfastMa : GradientFilter
{
    /// <summary>w, gradients in the mean, at least 1.</summary>
    [Setting("w, gradients in the mean", From = 1, To = 10000, Default = 100)]
    public int Window { get; init; } = 100;

    /// <summary>λ, how much of the mean is added, at least 0.</summary>
    [Setting("λ, how much of the mean gradient is added", From = 0, Default = 5)]
    public double Amplification { get; init; } = 5;

    /// <inheritdoc/>
    public override ImmutableArray<Slot> Slots => [new("gradients") { Window = Window }];

    /// <inheritdoc/>
    public override ImmutableArray<string> CoefficientNames => ["place", "amplification"];

    /// <inheritdoc/>
    public override void WriteCoefficients(long step, Span<double> values)
    {
        values[0] = step % Window;
        values[1] = step + 1 >= Window ? Amplification : 0;
    }

    /// <inheritdoc/>
    public override (T Gradient, ImmutableArray<T> Slots) Apply<T>(T weight, T gradient, ImmutableArray<T> slots, Coefficients<T> with)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        ArgumentNullException.ThrowIfNull(with);
        ImmutableArray<int> shape = [.. gradient.Shape.Lengths];
        var places = Tensor.Literal<T>(Dense.Build(Shape.Of([Window, .. shape.Select(_ => 1)]), at => at[0]));
        var here = Tensor.EqualTo(places, with["place"]);
        var elsewhere = Tensor.Shift(Tensor.Negate(here), 1);
        var ring = (elsewhere * slots[0]) + (here * Tensor.Reshape(gradient, Shape.Of([1, .. shape])));
        var mean = Tensor.Scale(Tensor.Reshape(Tensor.Sum(ring, Axes.Of(0)), gradient.Shape), 1.0 / Window);
        return (gradient + (with["amplification"] * mean), [ring]);
    }
}
