using FsCheck.Xunit;
using Grokking.Analytic;
using Grokking.Measures;
using Grokking.Networks;
using Grokking.Properties.Arbitraries;
using Grokking.Randomness;
using Grokking.Tensors;
using Weights = Grokking.Properties.Analytic.Networks;

namespace Grokking.Properties.Measures;

[Properties(Arbitrary = [typeof(Moduli), typeof(Keys)])]
public sealed class ImagesTests
{
    private const double Rounding = 1e-9;

    [Property(MaxTest = 50)]
    public void The_transform_is_the_double_sum_of_its_definition(TinyModulus p, AnyKey key)
    {
        var image = Random(p, key);
        var magnitudes = image.Magnitudes();
        for (var a = 0; a < p; a++)
        {
            for (var b = 0; b < p; b++)
            {
                var sum = System.Numerics.Complex.Zero;
                for (var place = 0; place < p * p; place++)
                {
                    sum += System.Numerics.Complex.FromPolarCoordinates(image[place / p, place % p], -2 * Math.PI * ((a * (place / p)) + (b * (place % p))) / p);
                }

                Assert.Equal(sum.Magnitude, magnitudes[a, b], Rounding);
            }
        }
    }

    [Property]
    public void Power_is_kept_and_shares_make_one(TinyModulus p, AnyKey key)
    {
        var image = Random(p, key);
        Assert.Equal(image.Values.Sum(x => x * x) * p * p, image.Magnitudes().Values.Sum(x => x * x), Rounding * p * p * p * p);
        var power = image.Power();
        Assert.Equal(1, power.Sum + power.Difference + power.First + power.Second + power.Rest, Rounding);
    }

    [Property]
    public void Moving_an_image_round_leaves_the_magnitudes(TinyModulus p, byte s, byte t, AnyKey key)
    {
        var image = Random(p, key);
        var moved = new Image(p, [.. Enumerable.Range(0, p * p).Select(i => image[((i / p) + s) % p, ((i % p) + t) % p])]);
        Assert.All(image.Magnitudes().Values.Zip(moved.Magnitudes().Values), pair => Assert.Equal(pair.First, pair.Second, Rounding));
    }

    [Property]
    public void A_function_of_one_combination_of_the_operands_lies_on_one_line(OddPrime p, AnyKey key)
    {
        Image Of(Func<int, int, int> index) => new(p, [.. Enumerable.Range(0, p * p).Select(i => key.Key.Normal((ulong)(index(i / p, i % p) % p)))]);
        Assert.Equal(1, Of((n, m) => n + m).Power().Sum, Rounding);
        Assert.Equal(1, Of((n, m) => n - m + p).Power().Difference, Rounding);
        Assert.Equal(1, Of((n, _) => n).Power().First, Rounding);
        Assert.Equal(1, Of((_, m) => m).Power().Second, Rounding);
    }

    [Property]
    public void The_right_answers_have_p_everywhere_on_the_line(AnyModulus p, byte q) =>
        Assert.All(
            new Image(p, [.. Enumerable.Range(0, p * p).Select(i => ((i / p) + (i % p)) % p == q % p ? 1.0 : 0)]).Magnitudes().Values.Select((value, place) => (value, place)),
            bin => Assert.Equal(bin.place / p == bin.place % p ? p : 0, bin.value, Rounding * p));

    [Property(MaxTest = 30)]
    public void Images_are_columns_of_the_forward_pass(TinyModulus p, byte width, AnyKey key, byte activation)
    {
        var network = new QuadraticNetwork(p, 2, 1 + (width % 6)) { Activation = Enum.GetValues<Activation>()[activation % Enum.GetValues<Activation>().Length] };
        var specimen = new Specimen(network, Weights.RandomWeights(network, key));
        var pairs = Weights.AllPairs(p);
        var (logits, hidden) = (network.Logits(specimen.Weights, pairs), network.PreActivations(specimen.Weights, pairs));
        var (q, k) = (key.Key.Below(p, 0), key.Key.Below(network.Width, 1));
        var (output, before, after) = (Images.Output(specimen, q), Images.PreActivation(specimen, k), Images.Activation(specimen, k));
        var root = Activations.Homogeneity(network.Activation, network.Degree) is null ? Math.Sqrt(2 * p) : 1;
        for (var n = 0; n < p; n++)
        {
            for (var m = 0; m < p; m++)
            {
                Assert.Equal(logits[(n * p) + m, q], output[n, m], Rounding);
                Assert.Equal(hidden[(n * p) + m, k], before[n, m], Rounding);
                Assert.Equal(Activations.Apply(network.Activation, 2, Dense.Number(before[n, m] / root)).Scalar, after[n, m], Rounding);
            }
        }
    }

    /// <summary>A draw has magnitude p on the line of the sum, about 39 on the difference, and 18 on the lines of one operand; the last three are noise.</summary>
    [Fact]
    public void The_images_of_the_figure_have_their_known_powers()
    {
        var network = new QuadraticNetwork(97, 2, 500);
        Image Output(Specimen specimen) => Images.Output(specimen, 6);
        var random = RandomPhases.Addition(97, 500, RandomKey.FromSeed(0));
        var (initial, drawn, exact) = (
            Output(new(network, Weights.RandomWeights(network, RandomKey.FromSeed(0)))),
            Output(new(random.Network, random.Weights)),
            Output(Of(BalancedPhases.AllFrequencies(97))));
        Assert.True(initial.Power().Sum < 0.05);
        Assert.True(drawn.Power().Sum > 0.7);
        Assert.True(exact.Power().Sum > 0.999999);
        Assert.InRange(Images.Output(Of(BalancedPhases.OneFrequency(97, 5)), 6).Power().Sum, 0.999999, 1 + Rounding);

        var magnitudes = drawn.Magnitudes();
        double Mean(Func<int, (int A, int B)> bin) => Enumerable.Range(1, 96).Average(k => magnitudes[bin(k).A, bin(k).B]);
        Assert.Equal(97.2, Mean(k => (k, k)), 6.0);
        Assert.Equal(39.0, Mean(k => (k, 97 - k)), 8.0);
        Assert.Equal(18.5, Mean(k => (0, k)), 5.0);
        Assert.Equal(17.5, Mean(k => (k, 0)), 5.0);
        Assert.True(drawn.Power().Rest < 1e-20);
    }

    [Fact]
    public void What_is_not_there_has_no_image()
    {
        var specimen = Of(BalancedPhases.OneFrequency(5, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Images.Output(specimen, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => Images.Activation(specimen, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Images.PreActivation(specimen, 6));
        var three = new QuadraticNetwork(3, 3, 2);
        Assert.Throws<InvalidOperationException>(() => Images.Output(new(three, Weights.RandomWeights(three, RandomKey.FromSeed(0))), 0));
    }

    private static Specimen Of(AnalyticSolution solution) => new(solution.Network, solution.Weights);

    private static Image Random(int p, RandomKey key) => new(p, [.. Enumerable.Range(0, p * p).Select(i => key.Normal((ulong)i))]);
}
