using System.Collections.Immutable;
using Grokking.Randomness;

namespace Grokking.Host.Sweeps;

/// <summary>
/// The steps at which the same runs grokked when they were trained in two ways, such as on two devices or with two roundings. A pair is one run: the same seed, first weights and samples.
/// </summary>
/// <param name="Pairs">For each run the step the one way and the other, ∞ where it did not grok.</param>
internal sealed record PairedSteps(ImmutableArray<(double First, double Second)> Pairs)
{
    private const int Exchanges = 9999;
    private const ulong Seed = 0;

    /// <summary>Pairs that grokked at the same step both ways, or in neither.</summary>
    public int Equal => Pairs.Count(pair => pair.First.Equals(pair.Second));

    /// <summary>The median of second minus first, over the pairs that grokked both ways; NaN where there is none.</summary>
    public double Shift => Quantile([.. Pairs.Where(pair => double.IsFinite(pair.First) && double.IsFinite(pair.Second)).Select(pair => pair.Second - pair.First)], 0.5);

    /// <summary>The Kolmogorov–Smirnov distance: the largest difference between the shares of runs that had grokked by a step, over all steps.</summary>
    public double Distance => DistanceOf([.. Pairs.Select(pair => pair.First)], [.. Pairs.Select(pair => pair.Second)]);

    /// <summary>
    /// How often the distance would be as large if it did not matter which way is which: the share of random exchanges within the pairs, the given one counted, that make it at least so large. Exact for
    /// any distribution, ties and runs that did not grok included.
    /// </summary>
    public double Chance()
    {
        double measured = Distance;
        RandomKey key = RandomKey.FromSeed(Seed);
        double[] first = new double[Pairs.Length], second = new double[Pairs.Length];
        int atLeast = 1;
        for (int exchange = 0; exchange < Exchanges; exchange++)
        {
            RandomKey drawn = key.Split((ulong)exchange);
            for (int i = 0; i < Pairs.Length; i++)
                (first[i], second[i]) = drawn.Uniform((ulong)i) < 0.5 ? Pairs[i] : (Pairs[i].Second, Pairs[i].First);
            atLeast += DistanceOf(first, second) >= measured ? 1 : 0;
        }

        return (double)atLeast / (Exchanges + 1);
    }

    /// <summary>A quantile of values as the smallest value that has at least this share of them at or below it; NaN where there are none.</summary>
    /// <param name="values">The values, in any order.</param>
    /// <param name="share">In (0, 1].</param>
    public static double Quantile(IReadOnlyCollection<double> values, double share) =>
        values.Count == 0 ? double.NaN : values.Order().ElementAt((int)Math.Ceiling(share * values.Count) - 1);

    private static double DistanceOf(double[] first, double[] second)
    {
        double[] one = [.. first.Order()], other = [.. second.Order()];
        int i = 0, j = 0;
        double largest = 0;
        while (i < one.Length && j < other.Length)
        {
            // Past all that have this step, on both sides.
            double step = Math.Min(one[i], other[j]);
            while (i < one.Length && one[i] <= step)
                i++;
            while (j < other.Length && other[j] <= step)
                j++;
            largest = Math.Max(largest, Math.Abs(((double)i / one.Length) - ((double)j / other.Length)));
        }

        return largest;
    }
}
