using FsCheck.Xunit;
using Grokking.Analytic;
using Grokking.Networks;
using Grokking.Properties.Arbitraries;
using Grokking.Tensors;

namespace Grokking.Properties.Analytic;

/// <summary>Laws of the network itself, whatever its weights.</summary>
[Properties(Arbitrary = [typeof(Moduli), typeof(Keys)])]
public sealed class QuadraticNetworkLawsTests
{
    /// <summary>Outputs are of size 1/√N/(2p) or so; sums of N terms in another order differ by a few units of the last place.</summary>
    private const double Rounding = 1e-13;

    [Property(MaxTest = 60)]
    public void The_fast_forward_pass_is_the_networks_own(TinyModulus p, byte width, AnyKey key)
    {
        var network = new QuadraticNetwork(p, 2, 1 + (width % 40));
        var weights = Networks.RandomWeights(network, key);
        var samples = Networks.AllPairs(p);
        var defined = network.Logits(weights, samples);
        Assert.Equal(0, Networks.LargestDifference(defined, ForwardPass<double>.Logits(network, weights, samples)), Rounding);
        // Outputs below 1 or so, from N + 3 rounded operations of 2⁻²⁴ each.
        Assert.Equal(0, Networks.LargestDifference(defined, ForwardPass<float>.Logits(network, weights, samples)), 1e-5);
    }

    [Property]
    public void Permuting_hidden_neurons_changes_nothing(TinyModulus p, byte width, AnyKey key)
    {
        var network = new QuadraticNetwork(p, 2, 1 + (width % 20));
        var weights = Networks.RandomWeights(network, key);
        var order = Indices.Of(key.Key.Split("order").Permutation(network.Width), network.Width);
        var permuted = weights.With<Dense>(
            [Tensor.Gather(weights["w1"], order), Tensor.Transpose(Tensor.Gather(Tensor.Transpose(weights["w2"]), order))]);
        Assert.Equal(0, Networks.LargestDifference(Logits(network, weights), Logits(network, permuted)), Rounding);
    }

    [Property]
    public void Scaling_all_weights_scales_the_output_by_the_cube(TinyModulus p, AnyKey key, sbyte exponent)
    {
        var network = new QuadraticNetwork(p, 2, 5);
        var weights = Networks.RandomWeights(network, key);
        var factor = Math.ScaleB(1, exponent % 20);
        var scaled = Logits(network, weights.Map(weight => Tensor.Scale(weight, factor)));
        var expected = Tensor.Scale(Logits(network, weights), factor * factor * factor);
        // A power of two rounds nothing: the bits are the same.
        Assert.Equal(expected.Span, scaled.Span);
    }

    [Property]
    public void Scaling_by_any_number_does_so_up_to_rounding(TinyModulus p, AnyKey key)
    {
        var network = new QuadraticNetwork(p, 2, 5);
        var weights = Networks.RandomWeights(network, key);
        var factor = 3 * key.Key.Split("factor").Uniform(0);
        var scaled = Logits(network, weights.Map(weight => Tensor.Scale(weight, factor)));
        Assert.Equal(0, Networks.LargestDifference(scaled, Tensor.Scale(Logits(network, weights), factor * factor * factor)), 27 * Rounding);
    }

    private static Dense Logits(QuadraticNetwork network, Parameters<Dense> weights) =>
        ForwardPass<double>.Logits(network, weights, Networks.AllPairs(network.Modulus));
}
