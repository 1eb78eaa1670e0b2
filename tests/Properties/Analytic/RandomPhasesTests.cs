using FsCheck.Xunit;
using Grokking.Analytic;
using Grokking.Measures;
using Grokking.Networks;
using Grokking.Properties.Arbitraries;
using Grokking.Randomness;

namespace Grokking.Properties.Analytic;

[Properties(Arbitrary = [typeof(Moduli), typeof(Keys)])]
public sealed class RandomPhasesTests
{
    /// <summary>The accuracies of random phases in percent, means over draws, measured independently; and how far a mean of ten may be off.</summary>
    [Theory]
    [InlineData(5, 50, 100, 3)]
    [InlineData(11, 25, 86.5, 8)]
    [InlineData(23, 10, 31.1, 8)]
    [InlineData(23, 25, 74.5, 8)]
    [InlineData(23, 50, 96.7, 3)]
    [InlineData(23, 100, 99.85, 3)]
    [InlineData(47, 25, 59.2, 8)]
    [InlineData(47, 50, 94.0, 3)]
    [InlineData(97, 10, 8.9, 8)]
    [InlineData(97, 50, 90.5, 3)]
    [InlineData(97, 100, 99.76, 3)]
    public void Accuracy_grows_with_the_width_as_known(int modulus, int width, double percent, double tolerance)
    {
        var mean = Draws(10).Average(key => 100 * Accuracy(RandomPhases.Addition(modulus, width, key)));
        Assert.InRange(mean, percent - tolerance, percent + tolerance);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(31)]
    [InlineData(97)]
    public void Three_hundred_neurons_are_right_in_every_draw(int modulus) =>
        Assert.All(Draws(4), key => Assert.Equal(1, Accuracy(RandomPhases.Addition(modulus, 300, key))));

    [Fact]
    public void The_squared_error_falls_as_four_over_the_width() => Assert.All([97, 194, 388], width =>
    {
        var error = Draws(4).Average(key => MeanSquaredError(RandomPhases.Addition(97, width, key)));
        Assert.Equal(1, error / RandomPhases.ExpectedMeanSquaredError(width), 0.15);
    });

    [Property]
    public void A_draw_is_the_same_for_the_same_key_and_depends_on_it(TinyModulus p, AnyKey key)
    {
        var (one, again) = (RandomPhases.Addition(p, 7, key), RandomPhases.Addition(p, 7, key));
        var other = RandomPhases.Addition(p, 7, key.Key.Split("another"));
        Assert.Equal(one.Weights["w1"].Span, again.Weights["w1"].Span);
        Assert.NotEqual(one.Weights["w1"].Span.ToArray(), other.Weights["w1"].Span.ToArray());
    }

    [Property]
    public void One_neuron_gives_the_wanted_term_and_eight_unwanted_ones(TinyModulus p, byte frequency, AnyKey key)
    {
        var wave = new Wave(p, frequency % p, key.Key.Uniform(0), key.Key.Uniform(1), 1, 1);
        var network = new QuadraticNetwork(p, 2, 1);
        var samples = Networks.AllPairs(p);
        var logits = ForwardPass<double>.Logits(network, Wave.Weights(p, [wave], x => x, y => y, q => q), samples);
        var (phi1, phi2) = (wave.First, wave.Second);
        var phi3 = phi1 + phi2;
        double C(int s, double turns) => double.CosPi(2 * (((double)wave.Frequency * s / p) + turns));
        var expanded = Tensors.Dense.Build(logits.Shape, at =>
        {
            var (n, m, q) = (at[0] / p, at[0] % p, at[1]);
            var sum = (C(n + m - q, phi1 + phi2 - phi3) / 2)
                + ((C((2 * n) - q, (2 * phi1) - phi3) + C((2 * n) + q, (2 * phi1) + phi3)) / 4)
                + ((C((2 * m) - q, (2 * phi2) - phi3) + C((2 * m) + q, (2 * phi2) + phi3)) / 4)
                + ((C(n + m + q, phi1 + phi2 + phi3) + C(n - m - q, phi1 - phi2 - phi3) + C(n - m + q, phi1 - phi2 + phi3)) / 2)
                + C(q, phi3);
            return sum / (2 * p);
        });
        Assert.Equal(0, Networks.LargestDifference(logits, expanded), 1e-12);
    }

    [Fact]
    public void The_mean_over_the_phases_is_the_wanted_term()
    {
        var solution = RandomPhases.Addition(5, 5, RandomKey.FromSeed(0));
        var outputs = Draws(4000).Select(key => RandomPhases.Addition(5, 5, key).Logits().Span[0]).ToArray();
        // One output of five neurons scatters with deviation 2/√5 about its mean; the mean of 4,000 by 0.014.
        Assert.Equal(solution.Prediction.Output(0, 0, 0), outputs.Average(), 0.07);
        Assert.Equal(1, solution.Prediction.Output(0, 0, 0), 1e-12);
        Assert.Equal(0, solution.Prediction.Output(0, 0, 1), 1e-12);
    }

    private static IEnumerable<RandomKey> Draws(int count) => Enumerable.Range(0, count).Select(seed => RandomKey.FromSeed((ulong)seed));

    private static double Accuracy(AnalyticSolution solution) => Classification.Accuracy(solution.Labels, solution.Logits());

    private static double MeanSquaredError(AnalyticSolution solution)
    {
        var p = solution.Network.Modulus;
        return solution.Logits().Span.ToArray().Select((output, place) => output - (place % p == solution.Labels[place / p] ? 1 : 0)).Average(error => error * error);
    }
}
