using FsCheck.Xunit;
using Grokking.Measures;
using Grokking.Networks;
using Grokking.Optimisers;
using Grokking.Properties.Arbitraries;
using Grokking.Randomness;
using Grokking.Tensors;
using Grokking.Training;
using Weights = Grokking.Properties.Analytic.Networks;

namespace Grokking.Properties.Measures;

[Properties(Arbitrary = [typeof(Moduli), typeof(Keys)])]
public sealed class MovementTests
{
    private const double Rounding = 1e-10;

    [Property(MaxTest = 30)]
    public void Weights_move_by_as_much_as_they_are_scaled(TinyModulus p, AnyKey key)
    {
        var network = new QuadraticNetwork(p, 2, 3);
        var weights = Weights.RandomWeights(network, key);
        Assert.Equal(0, Movement.OfWeights(weights, weights));
        Assert.Equal(2, Movement.OfWeights(weights, weights.Map(weight => Tensor.Scale(weight, 3))), Rounding);
        Assert.Equal(Norms.Frobenius(weights["w2"]) / Norms.Frobenius(weights), Movement.OfWeights(weights, weights.With<Dense>([weights["w1"], Tensor.Fill<Dense>(weights["w2"].Shape, 0)])), Rounding);
    }

    [Property(MaxTest = 10)]
    public void The_kernel_of_gradients_is_the_closed_form_of_the_quadratic_network(TinyModulus modulus, byte width, AnyKey key)
    {
        var p = Math.Min(modulus, 6);
        var network = new QuadraticNetwork(p, 2, 1 + (width % 20));
        var weights = Weights.RandomWeights(network, key);
        var samples = AllPairs(p);
        using var kernel = new GradientKernel(network, samples, threads: 1);
        Assert.Equal(0, Weights.LargestDifference(TangentKernel.Of(KernelForm.Sum, new(network, weights), samples.ToBatch()), kernel.Of(weights)), Rounding);
    }

    [Fact]
    public void Every_network_has_a_kernel_of_gradients_and_scaled_it_is_as_well_aligned()
    {
        // What is normalised over the batch has no answer to one sample.
        foreach (var subject in Enum.GetValues<Subject>().Except([Subject.Normalised]))
        {
            var learner = Learners.Make(subject, crossEntropy: true, p: 5, k: 2, width: 4, samples: 1, seed: 3);
            using var kernel = new GradientKernel(learner.Network, AllPairs(5), threads: 2);
            var of = kernel.Of(learner.Weights);
            Assert.Equal(0, Weights.LargestDifference(of, Tensor.Transpose(of)));
            var alignment = TangentKernel.AlignmentOf(KernelForm.Sum, of, AllPairs(5).ToBatch());
            Assert.InRange(alignment, 0, 1);
            Assert.Equal(alignment, TangentKernel.AlignmentOf(KernelForm.Sum, Tensor.Scale(of, 7), AllPairs(5).ToBatch()), Rounding);
            Assert.Equal(6, Movement.OfKernel(of, Tensor.Scale(of, 7)), Rounding);
        }
    }

    [Property(MaxTest = 10)]
    public void A_scaled_output_starts_at_zero_with_its_kernel_scaled_by_the_square(TinyModulus modulus, byte scale, AnyKey key)
    {
        var (p, a) = (Math.Min(modulus, 6), Math.Pow(2, (scale % 7) - 2));
        var inner = new QuadraticNetwork(p, 2, 5);
        var start = Weights.RandomWeights(inner, key);
        var scaled = new OutputScaled(inner, a, start);
        var (samples, later) = (AllPairs(p), Weights.RandomWeights(inner, key.Key.Split("later")));
        Assert.Equal(0, Norms.Frobenius(scaled.Logits(start, samples.ToBatch())));
        var difference = inner.Logits(later, samples.ToBatch()) - inner.Logits(start, samples.ToBatch());
        Assert.Equal(0, Weights.LargestDifference(Tensor.Scale(difference, a), scaled.Logits(later, samples.ToBatch())), Rounding);

        using var kernel = new GradientKernel(inner, samples, threads: 1);
        using var scaledKernel = new GradientKernel(scaled, samples, threads: 1);
        Assert.Equal(0, Weights.LargestDifference(Tensor.Scale(kernel.Of(start), a * a), scaledKernel.Of(start)), 1e-7);
    }

    [Fact]
    public void The_larger_the_scale_the_less_the_weights_move_at_the_same_speed_of_the_output()
    {
        var inner = new QuadraticNetwork(5, 2, 40);
        var samples = AllPairs(5);
        double[] losses = new double[3], movements = new double[3];
        foreach (var (place, a) in new[] { (0, 8.0), (1, 64.0), (2, 512.0) })
        {
            var recipe = new Recipe(inner, new Loss.MeanSquaredError(), new GradientDescent { LearningRate = 2000 / (a * a) }, Schedule.Constant, null);
            var start = InitialState.Of(recipe, Precision.Double, RandomKey.FromSeed(3));
            using var trainer = new Trainer(recipe with { Network = new OutputScaled(inner, a, start.Weights) }, samples, samples, Precision.Double, 1);
            var end = trainer.Run(start, 100);
            (losses[place], movements[place]) = (trainer.Evaluate(end, false).TrainLoss, Movement.OfWeights(start.Weights, end.Weights));
        }

        Assert.InRange(losses[1], 0, 0.15);
        // From lazy to lazier: the same loss, an eighth of the way.
        Assert.Equal(losses[1], losses[2], 0.01);
        Assert.InRange(movements[1] / movements[2], 7.7, 8.3);
        Assert.InRange(movements[0] / movements[1], 6, 8);
    }

    private static Samples AllPairs(int p) => new(
        p,
        [[.. Enumerable.Range(0, p * p).Select(i => i / p)], [.. Enumerable.Range(0, p * p).Select(i => i % p)]],
        [.. Enumerable.Range(0, p * p).Select(i => ((i / p) + (i % p)) % p)]);
}
