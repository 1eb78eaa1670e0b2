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

/// <summary>
/// Heavy-ball momentum without dampening: v ← β v + g + λ w, w ← w − η v. On a smooth path it moves as gradient descent at rate
/// η/(1 − β) does.
/// </summary>
[Kind("momentum", "v ← β v + g + λ w, w ← w − η v")]
public sealed record Momentum : Optimiser
{
    /// <summary>β, in [0, 1).</summary>
    [Setting("β, the memory of the velocity", From = 0, Below = 1, Default = 0.9)]
    public required double Beta { get; init; }

    /// <inheritdoc/>
    public override ImmutableArray<string> SlotNames => ["velocity"];

    /// <inheritdoc/>
    public override ImmutableArray<string> CoefficientNames => [.. base.CoefficientNames, "beta"];

    /// <inheritdoc/>
    public override void WriteCoefficients(long step, double learningRate, Span<double> values)
    {
        base.WriteCoefficients(step, learningRate, values);
        values[2] = Beta;
    }

    /// <inheritdoc/>
    public override (T Weight, ImmutableArray<T> Slots) Update<T>(T weight, T gradient, ImmutableArray<T> slots, Coefficients<T> with)
    {
        ArgumentNullException.ThrowIfNull(with);
        var velocity = (with["beta"] * slots[0]) + gradient + (with["weightDecay"] * weight);
        return (weight - (with["learningRate"] * velocity), [velocity]);
    }
}

/// <summary>
/// Nesterov's momentum in the form that needs the gradient at the current weights only: v ← β v + g + λ w,
/// w ← w − η (g + λ w + β v).
/// </summary>
[Kind("nesterov", "v ← β v + g + λ w, w ← w − η (g + λ w + β v)")]
public sealed record Nesterov : Optimiser
{
    /// <summary>β, in [0, 1).</summary>
    [Setting("β, the memory of the velocity", From = 0, Below = 1, Default = 0.9)]
    public required double Beta { get; init; }

    /// <inheritdoc/>
    public override ImmutableArray<string> SlotNames => ["velocity"];

    /// <inheritdoc/>
    public override ImmutableArray<string> CoefficientNames => [.. base.CoefficientNames, "beta"];

    /// <inheritdoc/>
    public override void WriteCoefficients(long step, double learningRate, Span<double> values)
    {
        base.WriteCoefficients(step, learningRate, values);
        values[2] = Beta;
    }

    /// <inheritdoc/>
    public override (T Weight, ImmutableArray<T> Slots) Update<T>(T weight, T gradient, ImmutableArray<T> slots, Coefficients<T> with)
    {
        ArgumentNullException.ThrowIfNull(with);
        var decayed = gradient + (with["weightDecay"] * weight);
        var velocity = (with["beta"] * slots[0]) + decayed;
        return (weight - (with["learningRate"] * (decayed + (with["beta"] * velocity))), [velocity]);
    }
}
