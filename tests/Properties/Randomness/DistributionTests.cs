using FsCheck.Xunit;
using Grokking.Properties.Arbitraries;
using Grokking.Randomness;
using MathNet.Numerics;

namespace Grokking.Properties.Randomness;

/// <summary>Draws follow the law that their name states. Every bound fails a sound generator about once in 10^9 tries.</summary>
[Properties(Arbitrary = [typeof(Keys)], MaxTest = 20)]
public sealed class DistributionTests
{
    private const int Draws = 20_000;

    // ln(2 / 1e-9)
    private const double Rarity = 21.4;

    // Dvoretzky, Kiefer and Wolfowitz: P(sup |F_n - F| > e) ≤ 2 exp(-2 n e²).
    private static readonly double largestGap = Math.Sqrt(Rarity / (2 * Draws));

    [Property]
    public void Uniform_numbers_are_uniform(AnyKey any) =>
        Assert.InRange(Gap(i => any.Key.Uniform(i), x => x), 0, largestGap);

    [Property]
    public void Normal_numbers_are_normal(AnyKey any) =>
        Assert.InRange(Gap(i => any.Key.Normal(i), x => 0.5 * SpecialFunctions.Erfc(-x / Math.Sqrt(2))), 0, largestGap);

    [Property]
    public void The_two_halves_of_a_normal_pair_are_uncorrelated(AnyKey any) =>
        Assert.InRange(MeanProduct(i => any.Key.Normal(2 * i), i => any.Key.Normal((2 * i) + 1)), -LargestMeanProduct, LargestMeanProduct);

    [Property]
    public void Purposes_are_uncorrelated(AnyKey any)
    {
        foreach (string one in RandomPurpose.All)
        {
            foreach (string other in RandomPurpose.All.Where(name => string.CompareOrdinal(name, one) > 0))
            {
                RandomKey first = any.Key.Split(one), second = any.Key.Split(other);
                Assert.InRange(MeanProduct(first.Normal, second.Normal), -LargestMeanProduct, LargestMeanProduct);
            }
        }
    }

    [Property]
    public void Integers_below_a_bound_are_equally_likely(AnyKey any, byte extra)
    {
        int bound = 2 + extra;
        var counts = new int[bound];
        for (ulong i = 0; i < Draws; i++)
        {
            counts[any.Key.Below(bound, i)]++;
        }
        Assert.InRange(ChiSquare(counts), 0, LargestChiSquare(bound - 1));
    }

    [Property]
    public void All_orders_of_four_things_are_equally_likely(AnyKey any)
    {
        var counts = new int[256];
        for (ulong i = 0; i < Draws; i++)
        {
            counts[any.Key.Split(i).Permutation(4).Aggregate(0, (code, item) => (code * 4) + item)]++;
        }
        int[] seen = [.. counts.Where(count => count > 0)];
        Assert.Equal(24, seen.Length);
        Assert.InRange(ChiSquare(seen), 0, LargestChiSquare(23));
    }

    [Property]
    public void Logarithm_and_turn_agree_with_the_platform_to_the_last_digits(AnyKey any)
    {
        for (ulong i = 0; i < 200; i++)
        {
            double u = 1 - any.Key.Uniform(2 * i), v = any.Key.Uniform((2 * i) + 1);
            (double cosine, double sine) = BoxMuller.OfTurn(v);
            // 4 units in the last place of the larger of the result and 1, of which the reduction by 2 pi alone takes two.
            const double Bound = 4 * 2.220446049250313e-16;
            Assert.InRange((BoxMuller.NaturalLogarithm(u) - Math.Log(u)) / Math.Max(1, -Math.Log(u)), -Bound, Bound);
            Assert.InRange(cosine - Math.Cos(2 * Math.PI * v), -Bound, Bound);
            Assert.InRange(sine - Math.Sin(2 * Math.PI * v), -Bound, Bound);
        }
    }

    [Fact]
    public void The_smallest_uniform_number_gives_a_finite_normal_one()
    {
        (double cosine, double sine) = BoxMuller.Pair(1.0 / (1L << 53), 0.125);
        Assert.InRange(cosine, 6.0, 6.1);
        Assert.InRange(sine, 6.0, 6.1);
        Assert.Equal((0, 0), BoxMuller.Pair(1, 0.25));
    }

    // A product of two independent normals has variance 1; its mean over n draws has standard deviation 1/sqrt(n), and six of
    // them (plus a margin for the heavier tail of a product) are exceeded once in 10^9.
    private static double LargestMeanProduct => 6.5 / Math.Sqrt(Draws);

    private static double MeanProduct(Func<ulong, double> one, Func<ulong, double> other) =>
        Enumerable.Range(0, Draws).Average(i => one((ulong)i) * other((ulong)i));

    private static double Gap(Func<ulong, double> draw, Func<double, double> distribution)
    {
        double[] sorted = [.. Enumerable.Range(0, Draws).Select(i => draw((ulong)i)).Order()];
        return sorted.Select((x, i) => Math.Max(distribution(x) - ((double)i / Draws), ((i + 1.0) / Draws) - distribution(x))).Max();
    }

    private static double ChiSquare(int[] counts)
    {
        double expected = (double)Draws / counts.Length;
        return counts.Sum(count => (count - expected) * (count - expected) / expected);
    }

    // Laurent and Massart: P(X ≥ d + 2 sqrt(d t) + 2 t) ≤ exp(-t) for chi-square with d degrees of freedom.
    private static double LargestChiSquare(int degrees) => degrees + (2 * Math.Sqrt(degrees * Rarity)) + (2 * Rarity);
}
