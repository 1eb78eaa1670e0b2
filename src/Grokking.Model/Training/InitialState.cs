using System.Collections.Immutable;
using Grokking.Networks;
using Grokking.Randomness;
using Grokking.Tensors;

namespace Grokking.Training;

/// <summary>Where a run begins.</summary>
public static class InitialState
{
    /// <summary>The state before the first update: random weights as the network says times the recipe's scale, and no memories.</summary>
    /// <param name="recipe">Network and optimiser.</param>
    /// <param name="precision">The arithmetic: weights are rounded to it.</param>
    /// <param name="key">What all randomness of the run comes from.</param>
    public static TrainState Of(Recipe recipe, Precision precision, RandomKey key)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        var init = key.Split(RandomPurpose.Init);
        var parameters = recipe.Network.Parameters;
        ImmutableArray<string> names = [.. parameters.Select(parameter => parameter.Name)];
        var weights = new Parameters<Dense>(names, [.. parameters.Select((parameter, i) => Drawn(parameter, recipe.InitialScale, precision, init.Split((ulong)i)))]);
        return new(0, weights, [.. recipe.Slots.Select(slot => weights.Map(weight => Tensor.Fill<Dense>(slot.ShapeFor(weight.Shape), 0)))], key)
        {
            Statistics = new(
                [.. recipe.Network.Statistics.Select(statistic => statistic.Name)],
                [.. recipe.Network.Statistics.Select(statistic => Tensor.Fill<Dense>(statistic.Shape, statistic.InitialMean))]),
        };
    }

    private static Dense Drawn(ParameterSpecification parameter, double scale, Precision precision, RandomKey key)
    {
        var draws = new double[parameter.Shape.Count];
        if (parameter.IsUniform)
        {
            for (var i = 0; i < draws.Length; i++)
            {
                draws[i] = Math.Sqrt(3) * ((2 * key.Uniform((ulong)i)) - 1);
            }
        }
        else
        {
            key.FillNormal(draws, 0);
        }

        for (var i = 0; i < draws.Length; i++)
        {
            draws[i] = scale * (parameter.InitialMean + (parameter.InitialDeviation * draws[i]));
            draws[i] = precision == Precision.Single ? (float)draws[i] : draws[i];
        }

        return Dense.Own(parameter.Shape, draws);
    }
}
