using System.Collections.Immutable;
using FsCheck.Xunit;
using Grokking.Networks;
using Grokking.Optimisers;
using Grokking.Properties.Arbitraries;
using Grokking.Randomness;
using Grokking.Tensors;
using Grokking.Training;
using Weights = Grokking.Properties.Analytic.Networks;

namespace Grokking.Properties.Training;

/// <summary>Changes of names and of units that training cannot see.</summary>
[Properties(Arbitrary = [typeof(Keys)], MaxTest = 25)]
public sealed class SymmetryTests
{
    private const int Steps = 8;

    /// <summary>Sums in another order differ by about 1e-15 of their terms; a few steps, and Adam's quotients, let that grow.</summary>
    private const double Rounding = 1e-8;

    private static ImmutableArray<Optimiser> Optimisers =>
    [
        new GradientDescent { LearningRate = 0.2, WeightDecay = 1e-3 },
        new Momentum { LearningRate = 0.05, Beta = 0.9 },
        new Nesterov { LearningRate = 0.05, Beta = 0.9 },
        new Adam { LearningRate = 0.05, WeightDecay = 1e-4, Beta1 = 0.9, Beta2 = 0.98, Epsilon = 1e-10 },
        new AdamW { LearningRate = 0.05, WeightDecay = 0.1, Beta1 = 0.9, Beta2 = 0.98, Epsilon = 1e-10 },
    ];

    [Property]
    public void Cyclic_relabelling_leaves_losses_unchanged_and_carries_a_trajectory_along(byte size, byte s, byte t, AnyKey key)
    {
        var p = 2 + (size % 6);
        var network = new QuadraticNetwork(p, 2, 3);
        var samples = SomePairs(p, key);
        Samples Relabelled(Samples old) => old with
        {
            Operands = [Shifted(old.Operands[0], s, p), Shifted(old.Operands[1], t, p)],
            Labels = Shifted(old.Labels, s + t, p),
        };
        Parameters<Dense> RelabelledWeights(Parameters<Dense> old) => old.With<Dense>(
        [
            Dense.Build(old["w1"].Shape, at => old["w1"].Span[(at[0] * 2 * p) + (at[1] < p ? Mod(at[1] - s, p) : p + Mod(at[1] - p - t, p))]),
            Dense.Build(old["w2"].Shape, at => old["w2"].Span[(Mod(at[0] - s - t, p) * 3) + at[1]]),
        ]);
        Assert.Equal(samples.Labels.AsEnumerable(), Sums(samples));
        Assert.Equal(Relabelled(samples).Labels.AsEnumerable(), Sums(Relabelled(samples)));
        AssertCarries(network, samples, Relabelled(samples), Weights.RandomWeights(network, key), RelabelledWeights);
    }

    [Property]
    public void Permuting_hidden_neurons_carries_a_trajectory_along(byte size, byte width, AnyKey key)
    {
        var network = new QuadraticNetwork(2 + (size % 6), 2, 1 + (width % 6));
        var samples = SomePairs(network.Modulus, key);
        var order = Indices.Of(key.Key.Split("order").Permutation(network.Width), network.Width);
        AssertCarries(network, samples, samples, Weights.RandomWeights(network, key), weights => weights.With<Dense>(
            [Tensor.Gather(weights["w1"], order), Tensor.Transpose(Tensor.Gather(Tensor.Transpose(weights["w2"]), order))]));
    }

    [Property]
    public void Exchanging_the_operands_of_a_symmetric_task_carries_a_trajectory_along(byte size, AnyKey key)
    {
        var p = 2 + (size % 6);
        var network = new QuadraticNetwork(p, 2, 3);
        var samples = SomePairs(p, key);
        AssertCarries(network, samples, samples with { Operands = [samples.Operands[1], samples.Operands[0]] }, Weights.RandomWeights(network, key), weights => weights.With<Dense>(
        [
            Dense.Build(weights["w1"].Shape, at => weights["w1"].Span[(at[0] * 2 * p) + ((at[1] + p) % (2 * p))]),
            weights["w2"],
        ]));
    }

    [Property]
    public void Folding_the_scale_into_the_weights_gives_the_same_predictions_at_every_step(byte size, byte width, AnyKey key)
    {
        var network = new QuadraticNetwork(2 + (size % 6), 2, 1 + (width % 6));
        var s = Math.Cbrt((double)network.InputSize * network.Width);
        var samples = SomePairs(network.Modulus, key);
        var weights = Weights.RandomWeights(network, key);
        Assert.All(Optimisers, optimiser =>
        {
            var here = Path(Of(network, optimiser), samples, weights);
            var folded = Path(Of(new FoldedNetwork(network), Folded(optimiser, s)), samples, weights.Map(weight => Tensor.Scale(weight, 1 / s)));
            Assert.All(here.Zip(folded), pair =>
            {
                AssertNear(
                    DefinedTraining.Logits(network, pair.First, samples),
                    DefinedTraining.Logits(new FoldedNetwork(network), pair.Second, samples));
                AssertNear(pair.First, pair.Second.Map(weight => Tensor.Scale(weight, s)));
            });
        });
    }

    /// <summary>The same optimiser in the convention without a prefactor: gradients there are s times larger, weights s times smaller.</summary>
    private static Optimiser Folded(Optimiser optimiser, double s) => optimiser switch
    {
        AdamW rule => rule with { LearningRate = rule.LearningRate / s, WeightDecay = rule.WeightDecay * s, Epsilon = rule.Epsilon * s },
        Adam rule => rule with { LearningRate = rule.LearningRate / s, WeightDecay = rule.WeightDecay * s * s, Epsilon = rule.Epsilon * s },
        _ => optimiser with { LearningRate = optimiser.LearningRate / (s * s), WeightDecay = optimiser.WeightDecay * s * s },
    };

    /// <summary>Training the image of the weights on the image of the samples gives the images of the weights trained, with the same losses.</summary>
    private static void AssertCarries(
        QuadraticNetwork network, Samples samples, Samples moved, Parameters<Dense> weights, Func<Parameters<Dense>, Parameters<Dense>> image) =>
        Assert.All(
            from optimiser in Optimisers
            from loss in new Loss[] { new Loss.MeanSquaredError(), new Loss.CrossEntropy() }
            select Of(network, optimiser) with { Loss = loss },
            recipe => Assert.All(Path(recipe, samples, weights).Zip(Path(recipe, moved, image(weights))), pair =>
            {
                AssertNear(image(pair.First), pair.Second);
                Assert.Equal(DefinedTraining.Loss(recipe, pair.First, samples), DefinedTraining.Loss(recipe, pair.Second, moved), Rounding);
            }));

    private static Recipe Of(INetwork network, Optimiser optimiser) => new(network, new Loss.MeanSquaredError(), optimiser, Schedule.Constant, null);

    private static IEnumerable<Parameters<Dense>> Path(Recipe recipe, Samples samples, Parameters<Dense> weights) =>
        new DefinedTraining(recipe, samples).Run(weights).Take(Steps + 1);

    private static void AssertNear(Parameters<Dense> expected, Parameters<Dense> actual) =>
        Assert.All(expected.Values.Zip(actual.Values), pair => AssertNear(pair.First, pair.Second));

    private static void AssertNear(Dense expected, Dense actual)
    {
        Assert.True(expected.Span.ToArray().All(double.IsFinite));
        Assert.Equal(0, Weights.LargestDifference(expected, actual), Rounding);
    }

    /// <summary>About half of all pairs, at least one, with their sums.</summary>
    private static Samples SomePairs(int p, RandomKey key)
    {
        ImmutableArray<int> chosen = [.. key.Split("pairs").Permutation(p * p).Take(Math.Max(1, p * p / 2))];
        return new(p, [[.. chosen.Select(i => i / p)], [.. chosen.Select(i => i % p)]], [.. chosen.Select(i => ((i / p) + (i % p)) % p)]);
    }

    private static IEnumerable<int> Sums(Samples samples) => samples.Operands[0].Zip(samples.Operands[1], (x, y) => (x + y) % samples.Modulus);

    private static ImmutableArray<int> Shifted(ImmutableArray<int> values, int by, int p) => [.. values.Select(value => Mod(value + by, p))];

    private static int Mod(int value, int p) => ((value % p) + p) % p;

    /// <summary>f = W2 (W1 x)², without a prefactor: the convention of the source's later code.</summary>
    private sealed record FoldedNetwork(QuadraticNetwork Network) : INetwork
    {
        public ImmutableArray<ParameterSpecification> Parameters => Network.Parameters;

        public T Logits<T>(Parameters<T> weights, Batch batch)
            where T : ITensor<T>
        {
            var hidden = Network.PreActivations(weights, batch);
            return Tensor.MatMul(hidden * hidden, Tensor.Transpose(weights["w2"]));
        }
    }
}
