using System.Collections.Immutable;
using Grokking.Tensors;

namespace Grokking.Optimisers;

/// <summary>
/// A rule that turns a gradient into a change of the weights: a pure function of weight, gradient and memory, tensor by tensor.
/// </summary>
/// <remarks>
/// Numbers that may vary from run to run or step to step (rate, decay, …) reach the rule as <see cref="Coefficients{T}"/>, so that
/// one compiled step serves every value of them.
/// </remarks>
public abstract record Optimiser
{
    /// <summary>What the rule remembers for each weight tensor; each starts at zero. Names as in files.</summary>
    public abstract ImmutableArray<string> SlotNames { get; }

    /// <summary>The largest learning rate η; a schedule may lower it.</summary>
    [Setting("η, the largest learning rate", Above = 0)]
    public required double LearningRate { get; init; }

    /// <summary>The decay λ of the weights; what it acts on is the rule's own.</summary>
    [Setting("λ, the decay of the weights", From = 0, Default = 0)]
    public double WeightDecay { get; init; }

    /// <summary>The names of the numbers that a step of the rule needs.</summary>
    public virtual ImmutableArray<string> CoefficientNames => ["learningRate", "weightDecay"];

    /// <summary>
    /// Writes the numbers of the step that leads from <paramref name="step"/> to the next, in the order of
    /// <see cref="CoefficientNames"/>.
    /// </summary>
    /// <param name="step">Steps taken so far, from 0.</param>
    /// <param name="learningRate">The learning rate of this step.</param>
    /// <param name="values">One place per name.</param>
    public virtual void WriteCoefficients(long step, double learningRate, Span<double> values)
    {
        values[0] = learningRate;
        values[1] = WeightDecay;
    }

    /// <summary>The new weight and memory of one tensor.</summary>
    public abstract (T Weight, ImmutableArray<T> Slots) Update<T>(T weight, T gradient, ImmutableArray<T> slots, Coefficients<T> with)
        where T : ITensor<T>;
}

/// <summary>The coefficients of a step in some reading of the algebra, each a scalar.</summary>
/// <typeparam name="T">The reading.</typeparam>
public sealed class Coefficients<T>(IReadOnlyDictionary<string, T> values)
    where T : ITensor<T>
{
    /// <summary>The coefficient of a name.</summary>
    /// <exception cref="KeyNotFoundException">There is none of this name.</exception>
    public T this[string name] => values[name];
}
