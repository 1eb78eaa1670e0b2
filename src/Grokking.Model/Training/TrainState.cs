using System.Collections.Immutable;
using Grokking.Networks;
using Grokking.Randomness;
using Grokking.Tensors;

namespace Grokking.Training;

/// <summary>Everything that decides the next step. Immutable.</summary>
/// <param name="Step">Updates taken so far; 0 before the first.</param>
/// <param name="Weights">The weights. In single precision every element is a float32 value.</param>
/// <param name="Slots">What optimiser and filters remember: one set of tensors for each of the recipe's slots, in their order.</param>
/// <param name="Key">The key that all randomness of the run comes from: initialisation, data order. The order of samples at a step is a function of it.</param>
public sealed record TrainState(long Step, Parameters<Dense> Weights, ImmutableArray<Parameters<Dense>> Slots, RandomKey Key)
{
    /// <summary>The network's statistics, such as running averages; empty for most networks.</summary>
    public Parameters<Dense> Statistics { get; init; } = new([], []);
}
