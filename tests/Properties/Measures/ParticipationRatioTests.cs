using System.Collections.Immutable;
using FsCheck.Xunit;
using Grokking.Analytic;
using Grokking.Measures;
using Grokking.Networks;
using Grokking.Properties.Arbitraries;
using Grokking.Randomness;
using Grokking.Tensors;
using static Grokking.Measures.ParticipationConvention;
using Weights = Grokking.Properties.Analytic.Networks;

namespace Grokking.Properties.Measures;

[Properties(Arbitrary = [typeof(Moduli), typeof(Keys)])]
public sealed class ParticipationRatioTests
{
    private const double Rounding = 1e-9;

    private static ImmutableArray<ParticipationConvention> All => [.. Enum.GetValues<ParticipationConvention>()];

    [Property]
    public void Every_ratio_lies_between_the_smallest_and_one(TinyModulus p, byte width, AnyKey key)
    {
        var network = new QuadraticNetwork(p, 2, 1 + (width % 8));
        var specimen = new Specimen(network, Weights.RandomWeights(network, key));
        Assert.All(All, convention => Assert.All(ParticipationRatio.PerNeuron(convention, specimen), ratio =>
            Assert.InRange(ratio, ParticipationRatio.Smallest(convention, network) - Rounding, 1 + Rounding)));
    }

    [Property]
    public void Ratios_are_those_of_the_spectra(TinyModulus p, byte width, AnyKey key)
    {
        var network = new QuadraticNetwork(p, 2, 1 + (width % 40));
        var specimen = new Specimen(network, Weights.RandomWeights(network, key));
        ImmutableArray<Spectrum> operands = specimen.Operands, all = operands.Add(specimen.ReadOut), whole = [Spectrum.OfRows(specimen.Weights["w1"])];
        double Ratio(IEnumerable<Spectrum> blocks, int neuron, bool full)
        {
            double[] powers = [.. blocks.SelectMany(block => Enumerable.Range(0, block.Frequencies).SelectMany(k => Enumerable.Repeat(block.Power(neuron, k), full ? block.Multiplicity(k) : 1)))];
            return powers.Sum(power => power * power) / (powers.Sum() * powers.Sum());
        }

        for (var neuron = 0; neuron < network.Width; neuron++)
        {
            double[] expected =
            [
                all.Average(block => Ratio([block], neuron, full: false)), all.Average(block => Ratio([block], neuron, full: true)),
                Ratio(operands, neuron, full: true), Ratio(operands, neuron, full: false), Ratio(whole, neuron, full: true),
            ];
            Assert.All(All.Zip(expected), pair => Assert.Equal(1, ParticipationRatio.PerNeuron(pair.First, specimen)[neuron] / pair.Second, Rounding));
        }
    }

    [Property]
    public void An_impulse_has_the_smallest_ratio_and_a_constant_the_largest(TinyModulus p)
    {
        var network = new QuadraticNetwork(p, 2, 1);
        Specimen Filled(Func<int, double> value) => new(network, new(
            ["w1", "w2"], [Dense.Build(Shape.Of(1, 2 * p), at => value(at[1] % p)), Dense.Build(Shape.Of(p, 1), at => value(at[0]))]));
        var (impulse, constant) = (Filled(n => n == 0 ? 3 : 0), Filled(_ => 3));
        Assert.All([HalfRfft, HalfFull, PooledFull, PooledRfft], convention =>
            Assert.Equal(ParticipationRatio.Smallest(convention, network), ParticipationRatio.Mean(convention, impulse), Rounding));
        Assert.All([HalfRfft, HalfFull, Stacked], convention => Assert.Equal(1, ParticipationRatio.Mean(convention, constant), Rounding));
    }

    [Fact]
    public void Analytic_weights_have_the_known_values_in_each_convention()
    {
        var solution = RandomPhases.Addition(97, 500, RandomKey.FromSeed(1));
        var specimen = new Specimen(solution.Network, solution.Weights);
        Assert.Equal(1, ParticipationRatio.Mean(HalfRfft, specimen), Rounding);
        // Six of the 500 neurons have frequency 0; they alone make these differ from 1/2, 1/4, 1/2 and 1/4.
        Assert.Equal(0.506, ParticipationRatio.Mean(HalfFull, specimen), 1e-4);
        Assert.Equal(0.254, ParticipationRatio.Mean(PooledFull, specimen), 2e-3);
        Assert.Equal(0.502, ParticipationRatio.Mean(PooledRfft, specimen), 3e-3);
        Assert.Equal(0.254, ParticipationRatio.Mean(Stacked, specimen), 1e-2);
    }

    [Property]
    public void Balanced_weights_hold_all_power_at_one_frequency(OddPrime p)
    {
        var solution = BalancedPhases.OneFrequency(p, 1);
        var specimen = new Specimen(solution.Network, solution.Weights);
        Assert.Equal([1, 0.5, 0.25, 0.5], All.Take(4).Select(convention => Math.Round(ParticipationRatio.Mean(convention, specimen), 9)));
    }

    [Fact]
    public void Normal_weights_have_the_known_values()
    {
        var network = new QuadraticNetwork(97, 2, 500);
        var specimen = new Specimen(network, Weights.RandomWeights(network, RandomKey.FromSeed(2)));
        Assert.All(
            All.Zip([0.0403, 0.0203, 0.0102, 0.0203, 0.0102]),
            known => Assert.Equal(1, ParticipationRatio.Mean(known.First, specimen) / known.Second, 0.03));
    }

    [Property]
    public void Multiplying_operands_and_results_by_a_unit_permutes_frequencies_and_keeps_the_ratio(TinyModulus p, byte seed, AnyKey key)
    {
        var g = Enumerable.Range(seed, p).First(n => Gcd(n % p, p) == 1) % p;
        var network = new QuadraticNetwork(p, 2, 3);
        var weights = Weights.RandomWeights(network, key);
        var (w1, w2) = (weights["w1"], weights["w2"]);
        var moved = weights.With<Dense>(
        [
            Dense.Build(w1.Shape, at => w1.Span[(at[0] * 2 * p) + (at[1] / p * p) + (at[1] % p * g % p)]),
            Dense.Build(w2.Shape, at => w2.Span[(at[0] * g % p * 3) + at[1]]),
        ]);
        var (before, after) = (new Specimen(network, weights), new Specimen(network, moved));

        // Row n ↦ w(g n) has at frequency g k, or at its mirror image, what w has at k.
        int Image(int k) => Math.Min(k * g % p, p - (k * g % p));
        foreach (var (old, now) in before.Operands.Add(before.ReadOut).Zip(after.Operands.Add(after.ReadOut)))
        {
            Assert.All(Enumerable.Range(0, old.Frequencies), k => Assert.Equal(old.Power(1, k), now.Power(1, k == 0 ? 0 : Image(k)), Rounding * p));
        }

        Assert.All([HalfRfft, HalfFull, PooledFull, PooledRfft], convention =>
            Assert.Equal(ParticipationRatio.Mean(convention, before), ParticipationRatio.Mean(convention, after), Rounding));
    }

    [Property]
    public void The_scale_of_the_weights_does_not_matter(TinyModulus p, AnyKey key)
    {
        var network = new QuadraticNetwork(p, 2, 3);
        var weights = Weights.RandomWeights(network, key);
        var (small, large) = (new Specimen(network, weights), new Specimen(network, weights.Map(weight => Tensor.Scale(weight, 64))));
        Assert.All(All, convention => Assert.Equal(
            ParticipationRatio.PerNeuron(convention, small).AsEnumerable(), ParticipationRatio.PerNeuron(convention, large)));
    }

    [Fact]
    public void A_dead_neuron_has_no_ratio()
    {
        var network = new QuadraticNetwork(5, 2, 2);
        var zero = new Specimen(network, new(["w1", "w2"], [.. network.Parameters.Select(parameter => Tensor.Fill<Dense>(parameter.Shape, 0))]));
        Assert.All(All, convention => Assert.Equal(double.NaN, ParticipationRatio.Mean(convention, zero)));
    }

    private static int Gcd(int a, int b) => b == 0 ? a : Gcd(b, a % b);
}
