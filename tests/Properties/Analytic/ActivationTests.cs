using FsCheck.Xunit;
using Grokking.Analytic;
using Grokking.Networks;
using Grokking.Properties.Arbitraries;
using Grokking.Randomness;
using Grokking.Tensors;
using Grokking.Training;

namespace Grokking.Properties.Analytic;

/// <summary>The activations of the two-layer network, and what the square's own weights are worth under the others (arXiv 2301.02679, Fig. 6).</summary>
[Properties(Arbitrary = [typeof(Moduli), typeof(Keys)])]
public sealed class ActivationTests
{
    /// <summary>Outputs are of size one or so; powers of up to four of sums of two, in another order.</summary>
    private const double Rounding = 1e-12;

    private static (Activation Activation, int Degree)[] All { get; } =
        [(Activation.Monomial, 1), (Activation.Monomial, 3), (Activation.Monomial, 4), .. Enum.GetValues<Activation>().Select(activation => (activation, 2))];

    [Fact]
    public void Activations_are_the_functions_that_they_are_named_after()
    {
        double[] points = [-2, -0.5, 0, 0.5, 2];
        void Is(Activation activation, int degree, Func<double, double> function) =>
            Assert.All(points, x => Assert.Equal(function(x), Of((activation, degree), x), 1e-15));
        Is(Activation.Monomial, 1, x => x);
        Is(Activation.Monomial, 2, x => x * x);
        Is(Activation.Monomial, 5, x => x * x * x * x * x);
        Is(Activation.Monomial, 8, x => Math.Pow(x, 8));
        Is(Activation.Absolute, 0, Math.Abs);
        Is(Activation.Relu, 0, x => Math.Max(x, 0));
        Assert.Equal(1.9544997361036416, Of((Activation.Gelu, 0), 2), 1e-12);
        Assert.Equal(-0.15426876936299344, Of((Activation.Gelu, 0), -0.5), 1e-12);
        Assert.Throws<ArgumentOutOfRangeException>(() => Of((Activation.Monomial, 0), 1));
    }

    [Property(MaxTest = 60)]
    public void The_degree_is_the_one_of_homogeneity(AnyKey key, byte which)
    {
        var activation = All[which % All.Length];
        var h = (8 * key.Key.Uniform(0)) - 4;
        var c = 3 * key.Key.Uniform(1);
        if (Activations.Homogeneity(activation.Activation, activation.Degree) is { } degree)
        {
            var expected = Math.Pow(c, degree) * Of(activation, h);
            Assert.Equal(expected, Of(activation, c * h), Rounding * (1 + Math.Abs(expected)));
        }
    }

    [Property(MaxTest = 60)]
    public void The_network_is_the_layered_one_of_the_paper(TinyModulus p, byte width, AnyKey key, byte which)
    {
        var (activation, degree) = All[which % All.Length];
        var network = new QuadraticNetwork(p, 2, 1 + (width % 20)) { Activation = activation, Degree = degree };
        var (weights, samples) = (Networks.RandomWeights(network, key), Networks.AllPairs(p));
        var hidden = Activations.Apply(activation, degree, Tensor.Scale(network.PreActivations(weights, samples), 1 / Math.Sqrt(2.0 * p)));
        var layered = Tensor.Scale(Tensor.MatMul(hidden, Tensor.Transpose(weights["w2"])), 1.0 / network.Width);
        Assert.Equal(0, Networks.LargestDifference(layered, network.Logits(weights, samples)), Rounding);
        Assert.Equal(0, Networks.LargestDifference(layered, ForwardPass<double>.Logits(network, weights, samples)), Rounding);
        Assert.Equal(0, Networks.LargestDifference(layered, ForwardPass<float>.Logits(network, weights, samples)), 1e-4);
    }

    /// <summary>Means of four draws at p = 97 against float64 reruns of the figure, within its bands.</summary>
    [Theory]
    [InlineData(Activation.Monomial, 100, 100.0, 8)]
    [InlineData(Activation.Monomial, 250, 100.0, 4)]
    [InlineData(Activation.Absolute, 100, 92.0, 8)]
    [InlineData(Activation.Absolute, 250, 100.0, 4)]
    [InlineData(Activation.Relu, 100, 60.9, 8)]
    [InlineData(Activation.Relu, 250, 97.8, 4)]
    [InlineData(Activation.Gelu, 100, 40.9, 8)]
    [InlineData(Activation.Gelu, 250, 87.8, 4)]
    public void The_weights_for_the_square_work_under_other_activations_if_there_are_enough(Activation activation, int width, double percent, double band)
    {
        var accuracy = Enumerable.Range(0, 4).Average(seed =>
        {
            var solution = RandomPhases.Addition(97, width, RandomKey.FromSeed((ulong)seed));
            var logits = ForwardPass<float>.Logits(solution.Network with { Activation = activation, Degree = 4 }, solution.Weights, solution.Samples);
            return Tracing.Correct(logits, solution.Samples).Scalar / solution.Samples.Size;
        });
        Assert.Equal(percent, 100 * accuracy, band);
    }

    private static double Of((Activation Activation, int Degree) function, double h) => Activations.Apply(function.Activation, function.Degree, Dense.Number(h)).Scalar;
}
