using System.Collections.Immutable;
using FsCheck.Xunit;
using Grokking.Analytic;
using Grokking.Differentiation;
using Grokking.Measures;
using Grokking.Networks;
using Grokking.Properties.Arbitraries;
using Grokking.Randomness;
using Grokking.Tensors;
using Weights = Grokking.Properties.Analytic.Networks;

namespace Grokking.Properties.Measures;

[Properties(Arbitrary = [typeof(Moduli), typeof(Keys)])]
public sealed class TangentKernelTests
{
    /// <summary>Sums of some hundred products of numbers of size one.</summary>
    private const double Rounding = 1e-10;

    [Fact]
    public void The_closed_form_is_the_product_of_gradients_at_five() => AssertIsProductOfGradients(5, 2, 4, RandomKey.FromSeed(1));

    [Property(MaxTest = 12)]
    public void The_closed_form_is_the_product_of_gradients(bool three, byte width, byte operands, AnyKey key) =>
        AssertIsProductOfGradients(three ? 3 : 2, 1 + (operands % 3), 1 + (width % 4), key);

    [Property(MaxTest = 30)]
    public void The_sum_is_the_sum_over_the_outputs(TinyModulus p, byte width, AnyKey key)
    {
        var (specimen, samples) = Random(p, 1 + (width % 5), key);
        var sum = Enumerable.Range(0, p).Select(q => TangentKernel.OfOutput(q, specimen, samples)).Aggregate((a, b) => a + b);
        Assert.Equal(0, Weights.LargestDifference(sum, TangentKernel.Of(KernelForm.Sum, specimen, samples)), Rounding);
    }

    [Property(MaxTest = 30)]
    public void Alignment_lies_between_zero_and_one_and_does_not_know_the_scale(TinyModulus p, byte width, AnyKey key)
    {
        var (specimen, samples) = Random(Math.Min(p, 6), 1 + (width % 5), key);
        var larger = new Specimen(specimen.Network, specimen.Weights.Map(weight => Tensor.Scale(weight, 3)));
        foreach (var form in Enum.GetValues<KernelForm>())
        {
            var alignment = TangentKernel.Alignment(form, specimen, samples);
            Assert.InRange(alignment, 0, 1 + Rounding);
            Assert.Equal(alignment, TangentKernel.Alignment(form, larger, samples), Rounding);
            // Four weights in each term of the kernel.
            Assert.Equal(80, TangentKernel.Drift(form, specimen, larger, samples), 1e-9);
            Assert.Equal(0, TangentKernel.Drift(form, specimen, specimen, samples));
        }
    }

    [Property(MaxTest = 20)]
    public void The_order_of_the_neurons_does_not_matter_and_that_of_the_samples_moves_rows_and_columns(TinyModulus p, AnyKey key)
    {
        var (specimen, samples) = Random(p, 4, key);
        var order = Indices.Of(key.Key.Permutation(4), 4);
        var (w1, w2) = (specimen.Weights["w1"], specimen.Weights["w2"]);
        var moved = new Specimen(specimen.Network, specimen.Weights.With<Dense>([Tensor.Gather(w1, order), Tensor.Transpose(Tensor.Gather(Tensor.Transpose(w2), order))]));
        var kernel = TangentKernel.Of(KernelForm.Sum, specimen, samples);
        Assert.Equal(0, Weights.LargestDifference(kernel, TangentKernel.Of(KernelForm.Sum, moved, samples)), Rounding);
        Assert.Equal(0, Weights.LargestDifference(kernel, Tensor.Transpose(kernel)), Rounding);

        var places = key.Key.Split("samples").Permutation(samples.Size);
        Indices Moved(Indices from) => Indices.Of([.. places.Select(i => Pairs.Known(from)[i])], from.Bound);
        var again = TangentKernel.Of(KernelForm.Sum, specimen, new([.. samples.Operands.Select(Moved)], Moved(samples.Labels)));
        Assert.Equal(0, Weights.LargestDifference(Dense.Build(kernel.Shape, at => kernel[places[at[0]], places[at[1]]]), again), Rounding);
    }

    [Fact]
    public void Exact_weights_are_aligned_with_the_task_and_random_ones_are_not()
    {
        var exact = BalancedPhases.AllFrequencies(11);
        var network = exact.Network;
        var random = Weights.RandomWeights(network, RandomKey.FromSeed(0));
        double Of(KernelForm form, Parameters<Dense> weights) => TangentKernel.Alignment(form, new(network, weights), exact.Samples);
        Assert.All(Enum.GetValues<KernelForm>(), form => Assert.True(Of(form, exact.Weights) > 1.25 * Of(form, random)));
        // Uncentred: even a constant kernel has 1/p.
        Assert.Equal(1 / 11.0, Of(KernelForm.Sum, random), 0.003);
    }

    [Fact]
    public void Other_activations_are_refused()
    {
        var network = new QuadraticNetwork(3, 2, 2) { Activation = Activation.Relu };
        Assert.Throws<InvalidOperationException>(() =>
            TangentKernel.Of(KernelForm.Sum, new(network, Weights.RandomWeights(network, RandomKey.FromSeed(0))), Weights.AllPairs(3)));
        Assert.Equal(["sum", "full"], Enum.GetValues<KernelForm>().Select(TangentKernel.Id));
    }

    private static void AssertIsProductOfGradients(int p, int operands, int width, RandomKey key)
    {
        var network = new QuadraticNetwork(p, operands, width);
        var weights = Weights.RandomWeights(network, key);
        ImmutableArray<int> tuples = [.. Enumerable.Range(0, (int)Math.Pow(p, operands)).Where(i => i % 2 == 0)];
        ImmutableArray<Indices> columns = [.. Enumerable.Range(0, operands).Select(o => Indices.Of([.. tuples.Select(i => i / (int)Math.Pow(p, o) % p)], p))];
        var samples = new Batch(columns, Indices.Of([.. tuples.Select(_ => 0)], p));

        var variables = weights.With<Expression>([.. weights.Names.Zip(weights.Values, (name, value) => Expression.Variable(name, value.Shape))]);
        var logits = network.Logits(variables, samples);
        var values = weights.Names.Zip(weights.Values).ToDictionary(pair => pair.First, pair => pair.Second);
        var gradients = Enumerable.Range(0, logits.Shape.Count).Select(place =>
        {
            var chosen = Tensor.Literal<Expression>(Dense.Build(logits.Shape, at => (at[0] * p) + at[1] == place ? 1 : 0));
            var parts = Reverse.Gradient(Tensor.Total(logits * chosen), variables.Values);
            return Interpreter.Evaluate(parts, values, ImmutableDictionary<string, ImmutableArray<int>>.Empty).SelectMany(part => part.Span.ToArray()).ToArray();
        }).ToArray();

        var full = Dense.Build(Shape.Of(gradients.Length, gradients.Length), at => gradients[at[0]].Zip(gradients[at[1]], (a, b) => a * b).Sum());
        var specimen = new Specimen(network, weights);
        Assert.Equal(0, Weights.LargestDifference(full, TangentKernel.Of(KernelForm.Full, specimen, samples)), Rounding);
        for (var q = 0; q < p; q++)
        {
            var one = Dense.Build(Shape.Of(tuples.Length, tuples.Length), at => full[(at[0] * p) + q, (at[1] * p) + q]);
            Assert.Equal(0, Weights.LargestDifference(one, TangentKernel.OfOutput(q, specimen, samples)), Rounding);
        }
    }

    private static (Specimen Specimen, Batch Samples) Random(int p, int width, RandomKey key)
    {
        var network = new QuadraticNetwork(p, 2, width);
        return (new(network, Weights.RandomWeights(network, key)), Weights.AllPairs(p));
    }
}
