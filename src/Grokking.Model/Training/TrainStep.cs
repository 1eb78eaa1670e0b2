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
    /// <param name="recipe">Network, loss, filters and optimiser.</param>
    /// <param name="differentiate">How this reading differentiates.</param>
    /// <param name="weights">The weights before the step.</param>
    /// <param name="slots">The memory of optimiser and filters, one set of tensors for each of the recipe's slots.</param>
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

        var parameters = recipe.Network.Parameters;
        var updates = weights.Values.Select((weight, i) =>
            Update(recipe, parameters[i].Role, weight, gradients.Values[i], [.. slots.Select(slot => slot.Values[i])], coefficients)).ToImmutableArray();
        var moved = weights.With<T>([.. updates.Select(update => update.Weight)]);

        return new(
            recipe.WeightNorm is null ? moved : Rescaled(moved, coefficients[StepNumbers.WeightNorm]),
            [.. slots.Select((slot, s) => slot.With<T>([.. updates.Select(update => update.Slots[s])]))],
            statistics.With(recipe.Network.NextStatistics(weights.And(statistics), batch)),
            loss,
            gradients);
    }

    /// <summary>One tensor: each filter in its turn changes the gradient, and the optimiser the weight.</summary>
    private static (T Weight, ImmutableArray<T> Slots) Update<T>(
        Recipe recipe, ParameterRole role, T weight, T gradient, ImmutableArray<T> slots, Coefficients<T> coefficients)
        where T : ITensor<T>
    {
        var (own, kept) = (recipe.Optimiser.SlotNames.Length, ImmutableArray<T>.Empty);
        foreach (var (place, filter) in recipe.Filters.Index())
        {
            (gradient, var memory) = filter.Apply(
                weight, gradient, slots.Slice(own + kept.Length, filter.Slots.Length), coefficients.Within(Recipe.OfFilter(place)));
            kept = [.. kept, .. memory];
        }

        var (next, velocity) = recipe.Optimiser.Update(weight, gradient, slots[..own], recipe.Optimiser.CoefficientsFor(role, coefficients));
        return (next, [.. velocity, .. kept]);
    }

    /// <summary>All weights times one factor, so that their Euclidean norm together is the given one; weights that are all zero stay.</summary>
    private static Parameters<T> Rescaled<T>(Parameters<T> weights, T norm)
        where T : ITensor<T>
    {
        var square = weights.Values.Select(weight => Tensor.Total(weight * weight)).Aggregate((sum, next) => sum + next);
        var factor = norm / Tensor.Sqrt(square + Tensor.EqualTo(square, Tensor.Number<T>(0)));
        return weights.Map(weight => factor * weight);
    }
}
