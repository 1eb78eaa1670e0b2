using System.Collections.Immutable;
using FsCheck.Xunit;
using Grokking.Measures;
using Grokking.Properties.Arbitraries;
using Grokking.Randomness;
using Grokking.Tensors;
using Grokking.Training;
using Weights = Grokking.Properties.Analytic.Networks;

namespace Grokking.Properties.Measures;

[Properties(Arbitrary = [typeof(Moduli), typeof(Keys)])]
public sealed class TrigonometricSpanTests
{
    /// <summary>Sums of up to 31² numbers of size one.</summary>
    private const double Rounding = 1e-11;

    [Property(MaxTest = 40)]
    public void Logits_in_the_span_and_constants_lose_nothing_and_keep_only_the_constants(TinyModulus p, byte signs, AnyKey key)
    {
        var classes = p + (signs % 3);
        var keys = Some(p, key);
        var wave = Combination(p, classes, keys, key);
        var constants = Normal(key.Key.Split("constants"), Shape.Of(1, classes));
        var logits = Tensor.BroadcastTo(constants, wave.Shape) + wave;
        var span = TrigonometricSpan.Of(p, logits);

        Assert.Equal(0, Weights.LargestDifference(logits, span.Restricted(keys)), Rounding);
        Assert.Equal(Loss(p, logits), Loss(p, span.Restricted(keys)), Rounding);
        Assert.Equal(0, Weights.LargestDifference(Tensor.BroadcastTo(constants, wave.Shape), span.Excluded(keys)), Rounding);
    }

    [Property(MaxTest = 40)]
    public void Projecting_twice_changes_nothing_and_the_frequencies_are_at_right_angles(TinyModulus p, AnyKey key)
    {
        var logits = Normal(key, Shape.Of(p * p, p));
        var span = TrigonometricSpan.Of(p, logits);
        var keys = Some(p, key);
        var once = span.Projection(keys);
        Assert.Equal(0, Weights.LargestDifference(once, TrigonometricSpan.Of(p, once).Projection(keys)), Rounding);
        Assert.Equal(0, Weights.LargestDifference(once, keys.Select(k => span.Projection([k])).Aggregate((a, b) => a + b)), Rounding);
        Assert.Equal(Squares(once), keys.Sum(span.Power), Rounding * p * p);
        Assert.Equal(Squares(logits), Squares(once) + Squares(span.Excluded(keys)), Rounding * p * p * p);
        Assert.Equal(0, keys.Sum(TrigonometricSpan.Of(p, span.Excluded(keys)).Power), Rounding);
    }

    [Property(MaxTest = 40)]
    public void The_directions_are_those_of_the_source(TinyModulus modulus, AnyKey key)
    {
        // Built as unit vectors over the pairs, one by one; at p/2 there is no sine.
        var p = Math.Min(modulus, 12);
        var logits = Normal(key, Shape.Of(p * p, p));
        var k = Some(p, key)[0];
        var wanted = Dense.Build(logits.Shape, _ => 0);
        foreach (var wave in new Func<double, double>[] { Math.Cos, Math.Sin }.Take(2 * k == p ? 1 : 2))
        {
            double[] direction = [.. Enumerable.Range(0, p * p).Select(pair => wave(2 * Math.PI * k * ((pair / p) + (pair % p)) / p))];
            var norm = Math.Sqrt(direction.Sum(x => x * x));
            wanted += Dense.Build(logits.Shape, at => direction[at[0]] / norm * Enumerable.Range(0, p * p).Sum(pair => direction[pair] / norm * logits[pair, at[1]]));
        }

        Assert.Equal(0, Weights.LargestDifference(wanted, TrigonometricSpan.Of(p, logits).Projection([k])), Rounding);
    }

    [Property(MaxTest = 40)]
    public void Waves_of_the_sum_less_the_class_generalise_and_nothing_else_does(TinyModulus p, byte signs, AnyKey key)
    {
        var classes = p + (signs % 3);
        var keys = Some(p, key);
        var table = keys.Select(k => (K: k, Cosine: 0.1 + key.Key.Split("cosine").Uniform((ulong)k), Sine: key.Key.Split("sine").Normal((ulong)k))).ToArray();
        double Wave(int d) => table.Sum(each => (each.Cosine * Math.Cos(2 * Math.PI * each.K * d / p)) + (each.Sine * Math.Sin(2 * Math.PI * each.K * d / p)));
        // What a pair adds to all classes is seen by no answer; nor are signs a class.
        var logits = Dense.Build(Shape.Of(p * p, classes), at => at[1] >= p ? 7 : at[0] + Wave((at[0] / p) + (at[0] % p) - at[1]));
        var span = TrigonometricSpan.Of(p, logits);
        Assert.Equal(1, span.Share(keys), 1e-9);
        Assert.Equal(1, span.Share(span.Frequencies), 1e-9);
        Assert.Equal(Wave(0), span.GeneralisingLogit(keys), 1e-9);

        var memorised = TrigonometricSpan.Of(p, Dense.Build(Shape.Of(p * p, p), at => at[1] == at[0] / p ? 1 : 0));
        Assert.Equal(0, memorised.Share(memorised.Frequencies), Rounding);
        Assert.Equal(0, memorised.GeneralisingLogit(memorised.Frequencies), Rounding);
    }

    [Fact]
    public void The_strongest_frequencies_are_as_few_as_hold_the_share()
    {
        var logits = Dense.Build(Shape.Of(49, 7), at =>
        {
            var s = 2 * Math.PI * ((at[0] / 7) + (at[0] % 7)) / 7;
            return Math.Cos(s) + (3 * Math.Sin(2 * s)) + (0.1 * Math.Cos(3 * s)) + at[1];
        });
        var span = TrigonometricSpan.Of(7, logits);
        // Powers 1 : 9 : 0.01.
        Assert.Equal([2], span.Strongest(0.5).AsEnumerable());
        Assert.Equal([2, 1], span.Strongest(0.95).AsEnumerable());
        Assert.Equal([2, 1, 3], span.Strongest(1).AsEnumerable());
        Assert.Empty(TrigonometricSpan.Of(3, Tensor.Fill<Dense>(Shape.Of(9, 3), 0)).Strongest(1));
    }

    [Fact]
    public void Tables_of_other_shapes_and_frequencies_that_there_are_not_are_refused()
    {
        Assert.Throws<ArgumentException>(() => TrigonometricSpan.Of(3, Tensor.Fill<Dense>(Shape.Of(9, 2), 0)));
        Assert.Throws<ArgumentException>(() => TrigonometricSpan.Of(3, Tensor.Fill<Dense>(Shape.Of(8, 3), 0)));
        var span = TrigonometricSpan.Of(4, Tensor.Fill<Dense>(Shape.Of(16, 4), 0));
        Assert.All([0, 3], k => Assert.Throws<ArgumentOutOfRangeException>(() => span.Projection([k])));
    }

    [Property(MaxTest = 30)]
    public void A_neuron_has_the_frequency_of_its_wave(TinyModulus modulus, bool both, AnyKey key)
    {
        var p = Math.Max(3, (int)modulus);
        var k = 1 + key.Key.Below(p / 2, 0);
        var wave = new Image(p, [.. Enumerable.Range(0, p * p).Select(pair =>
        {
            var (first, second) = (Math.Cos(2 * Math.PI * k * (pair / p) / p), Math.Cos((2 * Math.PI * k * (pair % p) / p) + 0.3));
            return 5 + (both ? first * second : second) + (0.01 * key.Key.Normal((ulong)pair));
        })]);
        // A product of two waves of p/2 is one of p/2 again; of p/3 it has waves of 2p/3 too, which are p/3.
        Assert.Equal(k, KeyFrequencies.Of(wave));
        Assert.Equal([k], KeyFrequencies.Of([wave, wave, new(p, [.. Enumerable.Repeat(0.0, p * p)])]).AsEnumerable());
    }

    [Fact]
    public void Exact_weights_have_the_frequencies_that_they_were_made_of()
    {
        var exact = Grokking.Analytic.BalancedPhases.AllFrequencies(7);
        Assert.Equal([1, 2, 3], KeyFrequencies.Of(new Specimen(exact.Network, exact.Weights)).AsEnumerable());
    }

    private static double Loss(int p, Dense logits) =>
        new Loss.CrossEntropy().Of(Tensor.Slice(logits, 1, 0, p), Indices.Of([.. Enumerable.Range(0, p * p).Select(pair => ((pair / p) + (pair % p)) % p)], p)).Scalar;

    private static Dense Combination(int p, int classes, ImmutableArray<int> keys, RandomKey key)
    {
        double Amplitude(int k, int c, string of) => key.Split(of).Normal((ulong)((k * classes) + c));
        return Dense.Build(Shape.Of(p * p, classes), at =>
        {
            var s = 2 * Math.PI * ((at[0] / p) + (at[0] % p)) / p;
            return keys.Sum(k => (Amplitude(k, at[1], "cosine") * Math.Cos(k * s)) + (Amplitude(k, at[1], "sine") * Math.Sin(k * s)));
        });
    }

    private static ImmutableArray<int> Some(int p, RandomKey key) =>
        [.. key.Split("frequencies").Permutation(p / 2).Take(1 + key.Below(p / 2, 1)).Select(place => place + 1)];

    private static Dense Normal(RandomKey key, Shape shape) => Dense.Build(shape, at => key.Normal((ulong)((at[0] * shape[1]) + at[1])));

    private static double Squares(Dense of) => Norms.Frobenius(of) * Norms.Frobenius(of);
}
