using System.Collections.Immutable;

namespace Grokking.Training;

/// <summary>The numbers that a recipe's steps need, in one fixed order: the optimiser's, each filter's, the norm of the weights.</summary>
internal sealed class StepNumbers
{
    /// <summary>The name of <see cref="Recipe.WeightNorm"/> among them.</summary>
    public const string WeightNorm = "weightNorm";

    private readonly Recipe recipe;
    private readonly int ofOptimiser;
    private readonly ImmutableArray<int> ofFilters;

    internal StepNumbers(Recipe recipe)
    {
        this.recipe = recipe;
        ofOptimiser = recipe.Optimiser.CoefficientNames.Length;
        ofFilters = [.. recipe.Filters.Select(filter => filter.CoefficientNames.Length)];
        Names =
        [
            .. recipe.Optimiser.CoefficientNames,
            .. recipe.Filters.SelectMany((filter, place) => filter.CoefficientNames.Select(name => $"{Recipe.OfFilter(place)}{name}")),
            .. recipe.WeightNorm is null ? [] : ImmutableArray.Create(WeightNorm),
        ];
    }

    /// <summary>Their names.</summary>
    public ImmutableArray<string> Names { get; }

    /// <summary>Writes those of the step that leads from <paramref name="step"/> to the next. Allocates nothing.</summary>
    public void Write(long step, Span<double> values)
    {
        recipe.Optimiser.WriteCoefficients(step, recipe.Optimiser.LearningRate * recipe.Schedule.FactorAt(step), values[..ofOptimiser]);
        values = values[ofOptimiser..];
        for (var i = 0; i < ofFilters.Length; i++)
        {
            recipe.Filters[i].WriteCoefficients(step, values[..ofFilters[i]]);
            values = values[ofFilters[i]..];
        }

        if (recipe.WeightNorm is { } norm)
        {
            values[0] = norm;
        }
    }
}
