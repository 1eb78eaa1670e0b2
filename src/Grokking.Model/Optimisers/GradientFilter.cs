using System.Collections.Immutable;
using Grokking.Tensors;

namespace Grokking.Optimisers;

/// <summary>
/// What changes a gradient before the optimiser sees it: a pure function of weight, gradient and memory, tensor by tensor. Filters act one after
/// the other, each on what the one before it leaves.
/// </summary>
/// <remarks>A record that says its <see cref="KindAttribute"/> can be asked for in experiments, as an <see cref="Optimiser"/> can.</remarks>
public abstract record GradientFilter
{
    /// <summary>What the filter remembers for each weight tensor.</summary>
    public abstract ImmutableArray<Slot> Slots { get; }

    /// <summary>The names of the numbers that a step of the filter needs.</summary>
    public abstract ImmutableArray<string> CoefficientNames { get; }

    /// <summary>
    /// Writes the numbers of the step that leads from <paramref name="step"/> to the next, in the order of
    /// <see cref="CoefficientNames"/>.
    /// </summary>
    /// <param name="step">Steps taken so far, from 0.</param>
    /// <param name="values">One place per name.</param>
    public abstract void WriteCoefficients(long step, Span<double> values);

    /// <summary>What the gradient of one tensor becomes, and the new memory.</summary>
    /// <param name="weight">The weight before the step.</param>
    /// <param name="gradient">Its gradient, of the same shape.</param>
    /// <param name="slots">What is remembered, in the order of <see cref="Slots"/>.</param>
    /// <param name="with">The numbers of the step.</param>
    public abstract (T Gradient, ImmutableArray<T> Slots) Apply<T>(T weight, T gradient, ImmutableArray<T> slots, Coefficients<T> with)
        where T : ITensor<T>;
}
