using System.Collections.Immutable;
using Grokking.Networks;
using Grokking.Optimisers;
using Grokking.Tensors;

namespace Grokking.Training;

/// <summary>Differentiates a scalar function of weights: its value and its gradient there.</summary>
/// <typeparam name="T">The reading of the algebra.</typeparam>
public delegate (T Value, Parameters<T> Gradients) ValueAndGradient<T>(Func<Parameters<T>, T> function, Parameters<T> weights)
    where T : ITensor<T>;

/// <summary>What a step leaves: the next weights, memory and statistics, and on the way the loss and its gradient at the weights before.</summary>
/// <typeparam name="T">The reading of the algebra.</typeparam>
public sealed record StepResult<T>(Parameters<T> Weights, ImmutableArray<Parameters<T>> Slots, Parameters<T> Statistics, T Loss, Parameters<T> Gradients)
    where T : ITensor<T>;

/// <summary>The training step: the algorithm, once, for every reading of the algebra.</summary>
public static class TrainStep
{
    /// <summary>One step of a recipe on a batch. A pure function.</summary>
    /// <param name="recipe">Network, loss and optimiser.</param>
    /// <param name="differentiate">How this reading differentiates.</param>
    /// <param name="weights">The weights before the step.</param>
    /// <param name="slots">The optimiser's memory, one set of tensors per slot name.</param>
    /// <param name="statistics">The network's statistics before the step.</param>
    /// <param name="coefficients">The numbers of this step: learning rate, decay, ….</param>
    /// <param name="batch">The samples of this step.</param>
    /// <param name="draws">The randomness of this step.</param>
    public static StepResult<T> Next<T>(
        Recipe recipe,
        ValueAndGradient<T> differentiate,
        Parameters<T> weights,
        ImmutableArray<Parameters<T>> slots,
        Parameters<T> statistics,
        Coefficients<T> coefficients,
        Batch batch,
        Draws draws)
        where T : ITensor<T>
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(differentiate);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(statistics);

        var (loss, gradients) = differentiate(w => recipe.Loss.Of(recipe.Network.TrainingLogits(w, batch, draws), batch.Labels), weights);

        var updates = weights.Values.Select((weight, i) =>
            recipe.Optimiser.Update(weight, gradients.Values[i], [.. slots.Select(slot => slot.Values[i])], coefficients)).ToImmutableArray();

        return new(
            weights.With<T>([.. updates.Select(update => update.Weight)]),
            [.. slots.Select((slot, s) => slot.With<T>([.. updates.Select(update => update.Slots[s])]))],
            statistics.With(recipe.Network.NextStatistics(weights.And(statistics), batch)),
            loss,
            gradients);
    }
}
