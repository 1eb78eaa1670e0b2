using FsCheck.Xunit;
using Grokking.Optimisers;
using Grokking.Randomness;
using Grokking.Tensors;
using Grokking.Training;

namespace Grokking.Properties.Training;

/// <summary>The scale of all weights, at the start and after each step (arXiv 2210.01117).</summary>
public class WeightNormTests
{
    private const double Rounding = 1e-12;

    private static readonly Recipe Free = new(
        GoldenRun.Network, new Loss.MeanSquaredError(), new AdamW { LearningRate = 0.1, WeightDecay = 0.1, Beta1 = 0.9, Beta2 = 0.98, Epsilon = 1e-10 }, Schedule.Constant, null);

    [Property(MaxTest = 20)]
    public void After_each_step_all_weights_together_have_the_given_norm(byte norm, byte seed)
    {
        var recipe = Free with { WeightNorm = 0.1 + (norm / 10.0) };
        using var trainer = new Trainer(recipe, GoldenRun.Train, GoldenRun.Test, Precision.Double, threads: 1);
        var state = trainer.Start(RandomKey.FromSeed(seed));
        for (var step = 0; step < 3; step++)
        {
            state = trainer.Run(state, 1);
            Assert.Equal(recipe.WeightNorm!.Value, Norm(state), Rounding * 100);
        }
    }

    [Fact]
    public void The_direction_is_that_of_the_free_step()
    {
        var start = InitialState.Of(Free, Precision.Double, RandomKey.FromSeed(3));
        var (free, held) = (DefinedStep.Next(Free, GoldenRun.Train, start), DefinedStep.Next(Free with { WeightNorm = 2 }, GoldenRun.Train, start));
        Assert.All(All(free).Zip(All(held)), pair => Assert.Equal(pair.First * 2 / Norm(free), pair.Second, Rounding));
        Assert.Equal(free.Slots.SelectMany(slot => slot.Values).SelectMany(value => value.Span.ToArray()), held.Slots.SelectMany(slot => slot.Values).SelectMany(value => value.Span.ToArray()));
    }

    [Fact]
    public void Weights_that_are_all_zero_stay()
    {
        var recipe = Free with { WeightNorm = 2, Optimiser = new GradientDescent { LearningRate = 1 } };
        var start = InitialState.Of(recipe, Precision.Double, RandomKey.FromSeed(3));
        var nothing = start with { Weights = start.Weights.Map(weight => Tensor.Fill<Dense>(weight.Shape, 0)) };
        Assert.All(All(DefinedStep.Next(recipe, GoldenRun.Train, nothing)), weight => Assert.Equal(0, weight));
    }

    [Property(MaxTest = 20)]
    public void The_initial_scale_multiplies_every_weight(byte scale, byte seed)
    {
        var factor = (1 + scale) / 16.0;
        TrainState Start(Recipe recipe) => InitialState.Of(recipe, Precision.Double, RandomKey.FromSeed(seed));
        Assert.Equal(All(Start(Free)).Select(weight => factor * weight), All(Start(Free with { InitialScale = factor })));
    }

    private static double Norm(TrainState state) => Math.Sqrt(All(state).Sum(weight => weight * weight));

    private static IEnumerable<double> All(TrainState state) => state.Weights.Values.SelectMany(value => value.Span.ToArray());
}
