using FsCheck.Xunit;
using Grokking.Differentiation;
using Grokking.Networks;
using Grokking.Optimisers;
using Grokking.Properties.Arbitraries;
using Grokking.Randomness;
using Grokking.Tensors;
using Grokking.Training;

namespace Grokking.Properties.Training;

/// <summary>s(x)/Σ s; the loss's derivatives are those of its formula in every reading, see <see cref="Readings.ReadingLaws{T}"/>.</summary>
public class StableMaxLaws
{
    private const double Rounding = 1e-12;

    [Property]
    public void It_is_x_and_one_above_zero_and_its_reciprocal_below(int hundredths)
    {
        var x = Math.Abs(hundredths / 100.0);
        Assert.Equal(x + 1, S(x), Rounding * (1 + x));
        Assert.Equal(1 / (1 + x), S(-x), Rounding);
    }

    [Fact]
    public void It_is_continuous_and_smooth_and_one_at_zero()
    {
        Assert.Equal(1, S(0));
        Assert.Equal(1, S(-1e-9), 2e-9);
        Assert.Equal(1, S(1e-9), 2e-9);

        // At zero, where its two forms meet, as on either side: a network whose output is zero learns at the right rate.
        Assert.All(new[] { -1e-9, 0, 1e-9 }, x => Assert.Equal(1, Slope(x), 1e-8));
    }

    [Property]
    public void It_increases(int one, int other)
    {
        if (one != other)
        {
            Assert.True(S(Math.Min(one, other) / 100.0) < S(Math.Max(one, other) / 100.0));
        }
    }

    [Property]
    public void Probabilities_are_those_of_s_and_sum_to_one(int seed)
    {
        var logits = Applications.Uniform(new Random(seed), Shape.Of(3, 5), -40, 40);
        var probabilities = Tensor.Exp(StableMax.LogProbabilities(logits));
        for (var row = 0; row < 3; row++)
        {
            var s = Enumerable.Range(0, 5).Select(column => S(logits.Span[(row * 5) + column])).ToList();
            Assert.All(Enumerable.Range(0, 5), column => Assert.Equal(s[column] / s.Sum(), probabilities.Span[(row * 5) + column], Rounding));
            Assert.Equal(1, probabilities.Span.Slice(row * 5, 5).ToArray().Sum(), Rounding);
        }
    }

    [Property]
    public void The_loss_is_the_mean_of_minus_the_logarithm_at_the_label(int seed)
    {
        var random = new Random(seed);
        var logits = Applications.Uniform(random, Shape.Of(4, 3), -9, 9);
        int[] labels = [.. Enumerable.Range(0, 4).Select(_ => random.Next(3))];
        var expected = labels.Select((label, row) => -Math.Log(S(logits.Span[(row * 3) + label]) / Enumerable.Range(0, 3).Sum(column => S(logits.Span[(row * 3) + column])))).Average();
        Assert.Equal(expected, new Loss.StableMaxCrossEntropy().Of(logits, Indices.Of([.. labels], 3)).Scalar, Rounding);
        Assert.Equal(Math.Log(3), new Loss.StableMaxCrossEntropy().Of(Tensor.Fill<Dense>(Shape.Of(4, 3), 7), Indices.Of([.. labels], 3)).Scalar, Rounding);
    }

    /// <summary>Where softmax has collapsed in float32 and its gradient is exactly 0, there is still something to learn.</summary>
    [Fact]
    public void Its_gradient_outlives_that_of_softmax()
    {
        var recipe = new Recipe(new QuadraticNetwork(2, 1, 1), new Loss.CrossEntropy(), new GradientDescent { LearningRate = 1 }, Schedule.Constant, null);
        double GradientOf(Loss loss)
        {
            var some = new Samples(2, [[0, 0]], [0, 0]);
            using var trainer = new Trainer(recipe with { Loss = loss }, some, some, Precision.Single, threads: 1);
            var start = trainer.Start(RandomKey.FromSeed(0));
            var sure = start with { Weights = start.Weights.With([Dense.Of(Shape.Of(1, 2), [20, 0]), Dense.Of(Shape.Of(2, 1), [1, -1])]) };
            return trainer.Evaluate(sure, gradients: true).GradientNorms.Max();
        }

        Assert.Equal(0, GradientOf(new Loss.CrossEntropy()));
        Assert.True(GradientOf(new Loss.StableMaxCrossEntropy()) > 1e-6);
    }

    private static double S(double x) => StableMax.Of(Dense.Number(x)).Scalar;

    private static double Slope(double x) => StableMax.Of(new Dual<Dense>(Dense.Number(x), Dense.Number(1))).Tangent.Scalar;
}
