using System.Collections.Immutable;
using Grokking.Networks;
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

    /// <summary>The groups of weights that decay; λ is 0 for the others. All, unless said otherwise.</summary>
    [Setting("the groups of weights that decay", Default = (int)WeightGroups.All, IsLater = true)]
    public WeightGroups Decayed { get; init; } = WeightGroups.All;

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

    /// <summary>The numbers of a step for the weights of a role: without decay where its group does not decay.</summary>
    internal Coefficients<T> CoefficientsFor<T>(ParameterRole role, Coefficients<T> with)
        where T : ITensor<T> => Decayed.HasFlag((WeightGroups)(1 << (int)role)) ? with : with.But("weightDecay", Tensor.Number<T>(0));

    /// <summary>What decoupled decay leaves of a weight: (1 − η λ) w (arXiv 1711.05101).</summary>
    protected static T Kept<T>(T weight, Coefficients<T> with)
        where T : ITensor<T>
    {
        ArgumentNullException.ThrowIfNull(with);
        return weight - (with["learningRate"] * with["weightDecay"] * weight);
    }
}

/// <summary>The coefficients of a step in some reading of the algebra, each a scalar.</summary>
/// <typeparam name="T">The reading.</typeparam>
public sealed class Coefficients<T>(IReadOnlyDictionary<string, T> values)
    where T : ITensor<T>
{
    /// <summary>The coefficient of a name.</summary>
    /// <exception cref="KeyNotFoundException">There is none of this name.</exception>
    public T this[string name] => values[name];

    /// <summary>The same but for one.</summary>
    internal Coefficients<T> But(string name, T value) => new(new Dictionary<string, T>(values) { [name] = value });

    /// <summary>Those whose names begin so, without this beginning.</summary>
    internal Coefficients<T> Within(string beginning) => new(
        values.Where(pair => pair.Key.StartsWith(beginning, StringComparison.Ordinal)).ToDictionary(pair => pair.Key[beginning.Length..], pair => pair.Value));
}
