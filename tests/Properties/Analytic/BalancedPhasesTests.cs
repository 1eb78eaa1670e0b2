using FsCheck.Xunit;
using Grokking.Analytic;
using Grokking.Measures;
using Grokking.Networks;
using Grokking.Properties.Arbitraries;

namespace Grokking.Properties.Analytic;

[Properties(Arbitrary = [typeof(Moduli), typeof(Keys)])]
public sealed class BalancedPhasesTests
{
    /// <summary>Sums of up to 6p ≈ 2,400 terms, 8/N at most each, in float64: rounding leaves about 1e-15 per output.</summary>
    private const double Rounding = 1e-12;

    /// <summary>Enough samples to meet every kind of pair, few enough for hundreds of outputs of thousands of neurons.</summary>
    private const int Tried = 100;

    [Property(MaxTest = 50)]
    public void Six_neurons_of_one_frequency_add_modulo_anything(AnyModulus p, AnyKey key)
    {
        var frequency = Enumerable.Range(0, int.MaxValue).Select(i => 1 + key.Key.Below(p, (ulong)i)).First(k => Gcd(k, p) == 1);
        var solution = BalancedPhases.OneFrequency(p, frequency).Some(2000, key);
        Assert.Equal(6, solution.Network.Width);
        AssertExact(solution);
        Assert.Equal(1, Classification.Accuracy(solution.Labels, solution.SingleLogits()));
    }

    [Property(MaxTest = 50)]
    public void Three_neurons_of_one_frequency_add_modulo_anything(AnyModulus p, AnyKey key)
    {
        var frequency = Enumerable.Range(0, int.MaxValue).Select(i => 1 + key.Key.Below(p, (ulong)i)).First(k => Gcd(k, p) == 1);
        var whole = BalancedPhases.ThreeNeurons(p, frequency);
        Assert.Equal(3, whole.Network.Width);
        var solution = whole.Some(2000, key);
        var logits = solution.Logits();
        Assert.Equal(1, Classification.Accuracy(solution.Labels, logits));
        Assert.Equal(0, Networks.LargestDifference(logits, solution.PredictedLogits()), Rounding);
        if (p <= 60)
        {
            Assert.Equal(1, Classification.Margin(whole.Labels, whole.Logits()) / whole.PredictedMargin(), 1e-6);
        }
    }

    /// <summary>Without the half step the outputs of x − y = p/2 vanish at even p; what two neurons of one frequency can do at p = 2 and 3.</summary>
    [Fact]
    public void How_few_neurons_of_one_frequency_are_enough()
    {
        double Margin(int p, params Wave[] waves)
        {
            var solution = BalancedPhases.OneFrequency(p, 1);
            var weights = Wave.Weights(p, [.. waves], x => x, y => y, q => q);
            return Classification.Margin(solution.Labels, ForwardPass<double>.Logits(new(p, 2, waves.Length), weights, solution.Samples));
        }

        Assert.All([4, 6, 8], p => Assert.True(Margin(p, [.. Enumerable.Range(0, 3).Select(j => new Wave(p, 1, j / 3.0, j / 3.0, 1, 1))]) < Rounding));
        Assert.True(Margin(2, new(2, 1, 0.5, 0.5, 1, 1), new(2, 1, 0, 0.5, 1, 1)) > 0.1);
        Assert.True(Margin(3, new(3, 1, -0.27362, 0.05969, 1, 1), new(3, 1, -0.0597, 0.27362, 1, 1)) > 0.01);
    }

    [Property(MaxTest = 20)]
    public void Half_the_frequencies_add_modulo_anything(AnyModulus p, AnyKey key)
    {
        var solution = BalancedPhases.HalfTheFrequencies(p);
        Assert.Equal(p % 2 == 1 ? 3 * (p - 1) : 3 * p, solution.Network.Width);
        AssertExact(solution.Some(Tried, key));
    }

    [Property(MaxTest = 20)]
    public void All_frequencies_add_modulo_anything(AnyModulus p, AnyKey key)
    {
        var solution = BalancedPhases.AllFrequencies(p);
        Assert.Equal(6 * p, solution.Network.Width);
        AssertExact(solution.Some(Tried, key));
    }

    [Property(MaxTest = 20)]
    public void Without_frequency_zero_every_wrong_place_is_below_zero(AnyModulus p, AnyKey key)
    {
        var solution = BalancedPhases.AllFrequenciesButZero(p).Some(Tried, key);
        AssertExact(solution);
        Assert.Equal(Tried < p * p ? Tried : p * p, solution.Logits().Span.ToArray().Count(output => output > 0));
    }

    [Property(MaxTest = 20)]
    public void Half_the_frequencies_and_one_constant_neuron_are_one_hot(AnyModulus p, AnyKey key)
    {
        var solution = BalancedPhases.HalfAndConstant(p);
        Assert.Equal((6 * (p / 2)) + 1, solution.Network.Width);
        AssertExact(solution.Some(Tried, key));
    }

    [Property]
    public void Predicted_margins_are_those_of_the_predicted_outputs(TinyModulus p)
    {
        AnalyticSolution[] solutions =
        [
            BalancedPhases.OneFrequency(p, 1), BalancedPhases.ThreeNeurons(p, 1), BalancedPhases.HalfTheFrequencies(p), BalancedPhases.AllFrequencies(p),
            BalancedPhases.AllFrequenciesButZero(p), BalancedPhases.HalfAndConstant(p),
        ];
        Assert.All(solutions, solution => Assert.Equal(
            Prediction.Exact.Of(solution.Prediction.Output, solution.Samples, p).Margin, solution.PredictedMargin(), Rounding));
    }

    [Fact]
    public void Margins_have_their_known_values()
    {
        Assert.Equal(2, BalancedPhases.OneFrequency(2, 1).PredictedMargin(), Rounding);
        Assert.Equal(1.5, BalancedPhases.OneFrequency(3, 1).PredictedMargin(), Rounding);
        Assert.Equal(0.690983, BalancedPhases.OneFrequency(5, 1).PredictedMargin(), 1e-6);
        Assert.Equal(0.0020972, BalancedPhases.OneFrequency(97, 1).PredictedMargin(), 1e-7);
        Assert.Equal(97 / 96.0, BalancedPhases.HalfTheFrequencies(97).PredictedMargin(), Rounding);
        Assert.Equal(2, BalancedPhases.HalfTheFrequencies(2).PredictedMargin());
        Assert.Equal(1, BalancedPhases.HalfTheFrequencies(4).PredictedMargin());
    }

    [Fact]
    public void A_frequency_that_shares_a_divisor_with_the_modulus_is_refused() =>
        Assert.Throws<ArgumentException>(() => BalancedPhases.OneFrequency(6, 4));

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(3, 0)]
    [InlineData(4, 0)]
    [InlineData(5, 0)]
    [InlineData(6, 4)]
    [InlineData(7, 12)]
    [InlineData(8, 16)]
    [InlineData(9, 36)]
    public void The_shortest_balanced_cycle_has_six_neurons(int neurons, int balanced)
    {
        var cycles =
            from a in Enumerable.Range(0, neurons)
            from b in Enumerable.Range(0, neurons)
            select new PhaseCycle(neurons, a, b);
        Assert.Equal(balanced, cycles.Count(cycle => cycle.IsBalanced));
        Assert.True(PhaseCycle.Six.IsBalanced);
    }

    [Property]
    public void A_cycle_solves_the_task_exactly_if_it_is_balanced(TinyModulus p, byte neurons, byte a, byte b)
    {
        var cycle = new PhaseCycle(1 + (neurons % 12), a % 12, b % 12);
        var amplitude = Math.Cbrt(4.0 * p);
        var network = new QuadraticNetwork(p, 2, cycle.Neurons);
        var weights = Wave.Weights(p, [.. cycle.Waves(p, 1, amplitude, amplitude)], x => x, y => y, q => q);
        var solution = BalancedPhases.OneFrequency(p, 1) with { Network = network, Weights = weights };
        var error = Networks.LargestDifference(solution.Logits(), solution.PredictedLogits());
        // At p = 2, 3, 4 and 6 some unwanted terms are zero or coincide, and a shorter cycle may do.
        Assert.True(cycle.IsBalanced ? error < Rounding : error > 1e-3 || p <= 6, $"{cycle} is off by {error}.");
    }

    private static void AssertExact(AnalyticSolution solution)
    {
        var logits = solution.Logits();
        Assert.Equal(1, Classification.Accuracy(solution.Labels, logits));
        Assert.Equal(0, Networks.LargestDifference(logits, solution.PredictedLogits()), Rounding);
        Assert.Equal(solution.PredictedMargin(), Classification.Margin(solution.Labels, logits), AlgebraicFact.MarginTolerance);
    }

    private static int Gcd(int a, int b) => b == 0 ? a : Gcd(b, a % b);
}
