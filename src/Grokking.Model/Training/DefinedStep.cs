using System.Collections.Immutable;
using Grokking.Differentiation;
using Grokking.Tensors;

namespace Grokking.Training;

/// <summary>
/// The training step as its definition: <see cref="TrainStep"/> written down as a formula and evaluated in float64 by plain loops. Slow
/// and obvious; <see cref="Trainer"/> in double precision is the same function up to rounding, and fast.
/// </summary>
public static class DefinedStep
{
    /// <summary>The state one step later. A pure function: whoever asks, and however often, the same bits.</summary>
    /// <param name="recipe">What is trained and how.</param>
    /// <param name="train">The training set; a recipe with a batch size takes the batch of this step from it.</param>
    /// <param name="state">Where the step begins; its weights and slots are the network's and the optimiser's.</param>
    public static TrainState Next(Recipe recipe, Samples train, TrainState state)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(state);
        var next = TrainStep.Next(
            recipe,
            SymbolicGradient.ValueAndGradient,
            state.Weights.Map(Tensor.Literal<Expression>),
            [.. state.Slots.Select(slot => slot.Map(Tensor.Literal<Expression>))],
            state.Statistics.Map(Tensor.Literal<Expression>),
            recipe.CoefficientsAt<Expression>(state.Step),
            BatchAt(recipe, train, state).ToBatch(),
            Draws.Of(Recipe.DrawsOf(state.Key).Split((ulong)state.Step)));

        var formulas = next.Slots.Aggregate(next.Weights.Values, (all, slot) => all.AddRange(slot.Values)).AddRange(next.Statistics.Values);
        var values = Interpreter.Evaluate(formulas, ImmutableDictionary<string, Dense>.Empty, ImmutableDictionary<string, ImmutableArray<int>>.Empty);
        var count = next.Weights.Values.Length;
        return state with
        {
            Step = state.Step + 1,
            Weights = state.Weights.With(values[..count]),
            Slots = [.. state.Slots.Select((slot, s) => slot.With(values.Slice((s + 1) * count, count)))],
            Statistics = state.Statistics.With(values[((state.Slots.Length + 1) * count)..]),
        };
    }

    private static Samples BatchAt(Recipe recipe, Samples train, TrainState state) =>
        recipe.BatchSize is null ? train : train.Choose(recipe.BatchAt(state.Key, state.Step, train.Count));
}
