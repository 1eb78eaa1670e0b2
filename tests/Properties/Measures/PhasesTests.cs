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
public sealed class PhasesTests
{
    private const double Rounding = 1e-9;

    [Property]
    public void The_phases_of_analytic_weights_close(AnyModulus p, AnyKey key)
    {
        var solution = RandomPhases.Addition(p, 12, key);
        var phases = new Specimen(solution.Network, solution.Weights).NeuronPhases;
        Assert.Equal(Enumerable.Range(0, 12).Where(k => k % p != 0 && 2 * (k % p) != p), phases.Select(phase => phase.Neuron));
        Assert.All(phases, phase =>
        {
            Assert.Equal(0, phase.Residual, Rounding);
            Assert.Equal(Math.Min(phase.Neuron % p, p - (phase.Neuron % p)), phase.Frequency);
            Assert.Equal(1, phase.PowerShare, Rounding);
        });
    }

    [Property]
    public void The_phases_found_are_those_put_in(TinyPrime p, AnyKey key)
    {
        if (p == 2)
        {
            return;
        }

        var (first, second) = (key.Key.Uniform(0), key.Key.Uniform(1));
        var network = new QuadraticNetwork(p, 2, 1);
        var phase = new Specimen(network, Wave.Weights(p, [new(p, 1, first, second, 1, 2)], x => x, y => y, q => q)).NeuronPhases.Single();
        Assert.Equal(0, Phases.Wrap(phase.First - (2 * Math.PI * first)), Rounding);
        Assert.Equal(0, Phases.Wrap(phase.Second - (2 * Math.PI * second)), Rounding);
        Assert.Equal(0, Phases.Wrap(phase.ReadOut - (2 * Math.PI * (first + second))), Rounding);
    }

    [Property]
    public void Relabelling_by_a_shift_turns_the_phases_and_keeps_the_residual(TinyModulus p, byte s, byte t, AnyKey key)
    {
        var network = new QuadraticNetwork(p, 2, 4);
        var weights = Weights.RandomWeights(network, key);
        var (w1, w2) = (weights["w1"], weights["w2"]);
        var moved = weights.With<Dense>(
        [
            Dense.Build(w1.Shape, at => w1.Span[(at[0] * 2 * p) + (at[1] / p * p) + ((at[1] + (at[1] < p ? s : t)) % p)]),
            Dense.Build(w2.Shape, at => w2.Span[((at[0] + s + t) % p * 4) + at[1]]),
        ]);
        var (before, after) = (new Specimen(network, weights).NeuronPhases, new Specimen(network, moved).NeuronPhases);
        Assert.Equal(before.Length, after.Length);
        Assert.All(before.Zip(after), pair =>
        {
            Assert.Equal(pair.First.Frequency, pair.Second.Frequency);
            Assert.Equal(0, Phases.Wrap(pair.First.Residual - pair.Second.Residual), Rounding);
            Assert.Equal(0, Phases.Wrap(pair.First.First + (2 * Math.PI * pair.First.Frequency * s / p) - pair.Second.First), Rounding);
        });
    }

    [Property]
    public void Phases_are_those_of_the_spectra(TinyModulus p, byte width, AnyKey key)
    {
        var network = new QuadraticNetwork(p, 2, 1 + (width % 40));
        var specimen = new Specimen(network, Weights.RandomWeights(network, key));
        var (first, second, readOut) = (specimen.Operands[0], specimen.Operands[1], specimen.ReadOut);
        double Power(int neuron, int k) => first.Power(neuron, k) + second.Power(neuron, k) + readOut.Power(neuron, k);
        int[] all = [.. Enumerable.Range(0, first.Frequencies)], choice = [.. all.Where(k => first.Multiplicity(k) == 2)];
        Assert.Equal(choice is [] ? 0 : network.Width, specimen.NeuronPhases.Length);
        Assert.All(specimen.NeuronPhases.Index(), each =>
        {
            var (neuron, phase) = each;
            var best = choice.MaxBy(k => Power(neuron, k));
            Assert.Equal((neuron, best), (phase.Neuron, phase.Frequency));
            Assert.Equal((first.Phase(neuron, best), second.Phase(neuron, best), readOut.Phase(neuron, best)), (phase.First, phase.Second, phase.ReadOut));
            Assert.Equal(Power(neuron, best) / all.Sum(k => Power(neuron, k)), phase.PowerShare, Rounding);
        });
    }

    [Fact]
    public void Normal_weights_have_uniform_residuals()
    {
        var network = new QuadraticNetwork(97, 2, 500);
        var phases = new Specimen(network, Weights.RandomWeights(network, RandomKey.FromSeed(3))).NeuronPhases;
        Assert.Equal(500, phases.Length);
        // Means over 500 independent neurons; three standard errors of each are 0.12, 0.21 and 0.024.
        Assert.Equal(Math.PI / Math.Sqrt(3), Phases.ResidualDeviation(phases), 0.12);
        Assert.Equal(Math.PI / 2, Phases.ResidualMedian(phases), 0.21);
        Assert.Equal(0.1 / Math.PI, Phases.ShareWithinTenth(phases), 0.024);
        Assert.Equal(48, Phases.FrequenciesInUse(phases));
    }

    [Fact]
    public void Statistics_are_those_of_the_definitions()
    {
        NeuronPhase Of(double residual, int frequency) => new(0, frequency, 0, 0, 0, residual, 0.5);
        System.Collections.Immutable.ImmutableArray<NeuronPhase> phases = [Of(-0.3, 1), Of(0.1, 2), Of(0.05, 2), Of(0.15, 3)];
        Assert.Equal(Math.Sqrt((0.09 + 0.01 + 0.0025 + 0.0225) / 4), Phases.ResidualDeviation(phases), Rounding);
        Assert.Equal(0.125, Phases.ResidualMedian(phases), Rounding);
        Assert.Equal(0.5, Phases.ShareWithinTenth(phases));
        Assert.Equal(3, Phases.FrequenciesInUse(phases));
        Assert.Equal(0.5, Phases.MeanPowerShare(phases));
    }

    [Fact]
    public void Modulo_two_there_are_signs_but_no_phases()
    {
        var solution = BalancedPhases.OneFrequency(2, 1);
        var phases = new Specimen(solution.Network, solution.Weights).NeuronPhases;
        Assert.Empty(phases);
        Assert.Equal(double.NaN, Phases.ResidualDeviation(phases));
        Assert.Equal(double.NaN, Phases.ResidualMedian(phases));
        Assert.Equal(double.NaN, Phases.ShareWithinTenth(phases));
    }

    [Property]
    public void Wrapping_takes_off_whole_turns(int quarterTurns)
    {
        var angle = quarterTurns % 1000 * Math.PI / 2;
        var wrapped = Phases.Wrap(angle);
        Assert.InRange(wrapped, Math.BitIncrement(-Math.PI), Math.PI);
        Assert.Equal(0, Math.IEEERemainder(angle - wrapped, 2 * Math.PI), Rounding);
    }

    [Property]
    public void Powers_are_a_row_per_neuron_and_frequency(TinyModulus p, AnyKey key)
    {
        var network = new QuadraticNetwork(p, 2, 3);
        var specimen = new Specimen(network, Weights.RandomWeights(network, key));
        var powers = Phases.Powers(specimen);
        Assert.Equal(3 * ((p / 2) + 1), powers.Length);
        Assert.All(powers, row => Assert.Equal(
            (specimen.Operands[0].Power(row.Neuron, row.Frequency), specimen.Operands[1].Power(row.Neuron, row.Frequency), specimen.ReadOut.Power(row.Neuron, row.Frequency)),
            (row.First, row.Second, row.ReadOut)));
    }
}
