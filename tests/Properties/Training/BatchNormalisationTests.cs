using FsCheck.Xunit;
using Grokking.Networks;
using Grokking.Optimisers;
using Grokking.Properties.Arbitraries;
using Grokking.Randomness;
using Grokking.Tensors;
using Grokking.Training;

namespace Grokking.Properties.Training;

/// <summary>Batch normalisation: the batch's own moments in training, running averages in evaluation. Resume, threads and derivatives are among the laws of all runs and learners.</summary>
[Properties(Arbitrary = [typeof(Keys)])]
public sealed class BatchNormalisationTests
{
    /// <summary>Some ten roundings of numbers of size one to ten.</summary>
    private const double Rounding = 1e-12;

    [Property(MaxTest = 30)]
    public void In_training_every_neuron_has_mean_zero_and_variance_one_whatever_its_weights_scale(AnyKey key)
    {
        var batch = GoldenRun.Train.ToBatch();
        var state = InitialState.Of(Recipe(), Precision.Double, key.Key);
        // With one neuron for each output and the identity to read it out, the linear network's logits are what is normalised.
        var network = new QuadraticNetwork(GoldenRun.Modulus, 2, GoldenRun.Modulus) { Normalisation = Normalisation.Batch, Degree = 1 };
        var w1 = InitialState.Of(Recipe() with { Network = network }, Precision.Double, key.Key).Weights["w1"];
        var identity = Dense.Build(Shape.Of(GoldenRun.Modulus, GoldenRun.Modulus), at => at[0] == at[1] ? GoldenRun.Modulus : 0);
        foreach (var scale in new[] { 30.0, 1000.0 })
        {
            var hidden = network.TrainingLogits(new Parameters<Dense>(["w1", "w2"], [Tensor.Scale(w1, scale), identity]), batch, Draws.Of(key.Key));
            for (var k = 0; k < GoldenRun.Modulus; k++)
            {
                double[] column = [.. Enumerable.Range(0, batch.Size).Select(b => hidden[b, k])];
                Assert.Equal(0, column.Average(), Rounding);
                Assert.Equal(1, column.Average(x => x * x), 1e-5);
            }
        }

        Assert.Equal(["running_mean", "running_variance"], state.Statistics.Names.ToArray());
        Assert.All(state.Statistics["running_variance"].Span.ToArray(), variance => Assert.Equal(1, variance));
    }

    [Property(MaxTest = 20)]
    public void Running_averages_follow_the_batches_and_evaluation_reads_them(AnyKey key)
    {
        var recipe = Recipe();
        var network = (QuadraticNetwork)recipe.Network;
        using var trainer = new Trainer(recipe, GoldenRun.Train, GoldenRun.Test, Precision.Double, threads: 1);
        var state = trainer.Start(key.Key);
        var (mean, variance) = (new double[network.Width], Enumerable.Repeat(1.0, network.Width).ToArray());
        for (var step = 0; step < 4; step++)
        {
            var hidden = network.PreActivations(state.Weights, GoldenRun.Train.ToBatch());
            for (var k = 0; k < network.Width; k++)
            {
                double[] column = [.. Enumerable.Range(0, GoldenRun.Train.Count).Select(b => hidden[b, k])];
                mean[k] += network.AveragingRate * (column.Average() - mean[k]);
                variance[k] += network.AveragingRate * (column.Average(x => Math.Pow(x - column.Average(), 2)) - variance[k]);
            }

            state = trainer.Run(state, 1);
            Assert.All(mean.Zip(state.Statistics["running_mean"].Span.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-10));
            Assert.All(variance.Zip(state.Statistics["running_variance"].Span.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-10));
        }

        // By hand: square of the pre-activation less its running mean, over the running deviation; read out.
        var test = GoldenRun.Test.ToBatch();
        var before = network.PreActivations(state.Weights, test);
        var normed = Dense.Build(before.Shape, at => (before[at[0], at[1]] - mean[at[1]]) / Math.Sqrt(variance[at[1]] + 1e-5));
        var logits = Tensor.Scale(Tensor.MatMul(normed * normed, Tensor.Transpose(state.Weights["w2"])), 1.0 / network.Width);
        Assert.Equal(recipe.Loss.Of(logits, test.Labels).Scalar, trainer.Evaluate(state, gradients: false).TestLoss, 1e-9);
    }

    [Fact]
    public void A_network_that_keeps_statistics_does_not_forget_them_between_machines()
    {
        using var first = new Trainer(Recipe(), GoldenRun.Train, GoldenRun.Test, Precision.Single, threads: 1);
        using var second = new Trainer(Recipe(), GoldenRun.Train, GoldenRun.Test, Precision.Single, threads: 1);
        var state = first.Run(first.Start(RandomKey.FromSeed(5)), 7);
        Assert.Equal(first.Evaluate(state, gradients: false).TestLoss, second.Evaluate(state, gradients: false).TestLoss);
        var forgetful = state with { Statistics = first.Start(RandomKey.FromSeed(5)).Statistics };
        Assert.NotEqual(first.Evaluate(state, gradients: false).TestLoss, second.Evaluate(forgetful, gradients: false).TestLoss);
    }

    private static Recipe Recipe() => new(
        GoldenRun.Network with { Normalisation = Normalisation.Batch }, new Loss.MeanSquaredError(), new GradientDescent { LearningRate = 0.5 }, Schedule.Constant, null);
}
