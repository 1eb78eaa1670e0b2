using System.Collections.Immutable;

namespace Grokking.Optimisers;

/// <summary>Gradient descent: w ← w − η (g + λ w). The decay is coupled: it is the gradient of λ|w|²/2.</summary>
[Kind("gradientDescent", "w ← w − η (g + λ w)")]
public sealed record GradientDescent : Optimiser
{
    /// <inheritdoc/>
    public override ImmutableArray<string> SlotNames => [];

    /// <inheritdoc/>
    public override (T Weight, ImmutableArray<T> Slots) Update<T>(T weight, T gradient, ImmutableArray<T> slots, Coefficients<T> with)
    {
        ArgumentNullException.ThrowIfNull(with);
        var decayed = gradient + (with["weightDecay"] * weight);
        return (weight - (with["learningRate"] * decayed), slots);
    }
}

/// <summary>How the decay λ acts.</summary>
public enum Decay
{
    /// <summary>As the gradient of λ|w|²/2, through the rule's memory like every gradient.</summary>
    Coupled,

    /// <summary>On the weight itself, w ← (1 − η λ) w before the step (arXiv 1711.05101); the memory knows nothing of it.</summary>
    Decoupled,
}

/// <summary>What momentum and Nesterov's momentum share: a velocity.</summary>
public abstract record Velocity : Optimiser
{
    /// <summary>β, in [0, 1).</summary>
    [Setting("β, the memory of the velocity", From = 0, Below = 1, Default = 0.9)]
    public required double Beta { get; init; }

    /// <summary>How the decay acts; coupled unless said otherwise.</summary>
    [Setting("how the decay acts: as part of the gradient, or on the weight itself", Default = (int)Decay.Coupled, IsLater = true)]
    public Decay Decay { get; init; }

    /// <inheritdoc/>
    public sealed override ImmutableArray<string> SlotNames => ["velocity"];

    /// <inheritdoc/>
    public sealed override ImmutableArray<string> CoefficientNames => [.. base.CoefficientNames, "beta"];

    /// <inheritdoc/>
    public sealed override void WriteCoefficients(long step, double learningRate, Span<double> values)
    {
        base.WriteCoefficients(step, learningRate, values);
        values[2] = Beta;
    }
}

/// <summary>
/// Heavy-ball momentum without dampening: v ← β v + g + λ w, w ← w − η v. On a smooth path it moves as gradient descent at rate
/// η/(1 − β) does. With the decay decoupled: v ← β v + g, w ← (1 − η λ) w − η v.
/// </summary>
[Kind("momentum", "v ← β v + g + λ w, w ← w − η v")]
public sealed record Momentum : Velocity
{
    /// <inheritdoc/>
    public override (T Weight, ImmutableArray<T> Slots) Update<T>(T weight, T gradient, ImmutableArray<T> slots, Coefficients<T> with)
    {
        ArgumentNullException.ThrowIfNull(with);
        var pushed = (with["beta"] * slots[0]) + gradient;
        var (kept, velocity) = Decay == Decay.Coupled ? (weight, pushed + (with["weightDecay"] * weight)) : (Kept(weight, with), pushed);
        return (kept - (with["learningRate"] * velocity), [velocity]);
    }
}

/// <summary>
/// Nesterov's momentum in the form that needs the gradient at the current weights only: v ← β v + g + λ w,
/// w ← w − η (g + λ w + β v). With the decay decoupled: v ← β v + g, w ← (1 − η λ) w − η (g + β v).
/// </summary>
[Kind("nesterov", "v ← β v + g + λ w, w ← w − η (g + λ w + β v)")]
public sealed record Nesterov : Velocity
{
    /// <inheritdoc/>
    public override (T Weight, ImmutableArray<T> Slots) Update<T>(T weight, T gradient, ImmutableArray<T> slots, Coefficients<T> with)
    {
        ArgumentNullException.ThrowIfNull(with);
        var (kept, slope) = Decay == Decay.Coupled ? (weight, gradient + (with["weightDecay"] * weight)) : (Kept(weight, with), gradient);
        var velocity = (with["beta"] * slots[0]) + slope;
        return (kept - (with["learningRate"] * (slope + (with["beta"] * velocity))), [velocity]);
    }
}
