using System.Collections.Immutable;
using FsCheck.Xunit;
using Grokking.Analytic;
using Grokking.Differentiation;
using Grokking.Networks;
using Grokking.Optimisers;
using Grokking.Properties.Arbitraries;
using Grokking.Tensors;
using Grokking.Training;

namespace Grokking.Properties.Analytic;

[Properties(Arbitrary = [typeof(Moduli), typeof(Keys)])]
public sealed class ScaleConventionTests
{
    /// <summary>Rounding of 1e-16, amplified by 40 steps of smooth training.</summary>
    private const double Rounding = 1e-9;

    private const int Steps = 40;

    private static Func<double, Optimiser>[] Optimisers { get; } =
    [
        rate => new GradientDescent { LearningRate = 3 * rate, WeightDecay = 0.03 / rate },
        rate => new Momentum { LearningRate = rate, Beta = 0.9, WeightDecay = 0.01 / rate },
        rate => new Nesterov { LearningRate = rate, Beta = 0.8, WeightDecay = 0.01 / rate },
        rate => new Adam { LearningRate = 0.05, WeightDecay = 0.02 / rate, Beta1 = 0.9, Beta2 = 0.98, Epsilon = 0.01 / rate },
        _ => new AdamW { LearningRate = 0.05, WeightDecay = 0.2, Beta1 = 0.9, Beta2 = 0.98, Epsilon = 1e-4 },
    ];

    [Property(MaxTest = 40)]
    public void The_same_run_predicts_the_same_at_every_step_in_every_convention(byte modulus, byte which, byte convention, byte activation, AnyKey key)
    {
        var p = 5 + (modulus % 3);
        var (there, kind) = (ScaleConvention.All[1 + (convention % 3)], (Activation)(activation % 3));
        var network = new QuadraticNetwork(p, 2, 6) { Activation = kind, Degree = 2 + (activation % 2) };
        var optimiser = Optimisers[which % Optimisers.Length](TrainingOutlook.TypicalRate(network));
        var weights = Networks.RandomWeights(network, key);
        var scale = there.WeightScale(network);

        var here = Run(ScaleConvention.Here, network, optimiser, weights);
        var same = Run(there, network, there.FromHere(optimiser, network), weights.Map(weight => Tensor.Scale(weight, 1 / scale)));

        Assert.All(here.Zip(same), step => Assert.Equal(0, Networks.LargestDifference(step.First, step.Second), Rounding));
        // A run that stood still would agree with anything.
        Assert.True(Networks.LargestDifference(here[0], here[^1]) > 1e-3);
    }

    [Property]
    public void There_and_back_is_where_it_began(TinyModulus p, byte width, byte which, byte convention)
    {
        var network = new QuadraticNetwork(p, 2, 1 + width);
        var (there, optimiser) = (ScaleConvention.All[convention % 4], Optimisers[which % Optimisers.Length](10));
        var again = there.FromHere(there.ToHere(optimiser, network), network);
        Assert.Equal(optimiser.LearningRate, again.LearningRate, Rounding * optimiser.LearningRate);
        Assert.Equal(optimiser.WeightDecay, again.WeightDecay, Rounding * optimiser.WeightDecay);
        Assert.Equal(optimiser.GetType(), again.GetType());
    }

    [Fact]
    public void The_published_setting_becomes_the_one_of_the_presets()
    {
        var network = new QuadraticNetwork(97, 2, 500);
        Assert.Equal(45.95, ScaleConvention.Folded.WeightScale(network), 0.005);
        Assert.Equal(2.3, ScaleConvention.Folded.WeightScale(network) * ScaleConvention.Folded.InitialDeviation(network), 0.005);
        var published = new AdamW { LearningRate = 0.01, WeightDecay = 5, Beta1 = 0.9, Beta2 = 0.98, Epsilon = 1e-8 };
        var here = Assert.IsType<AdamW>(ScaleConvention.Folded.ToHere(published, network));
        Assert.Equal(0.46, here.LearningRate, 0.001);
        Assert.Equal(0.109, here.WeightDecay, 0.0005);
        Assert.Equal(2.2e-10, here.Epsilon, 0.05e-10);
        Assert.Equal(0.9, here.Beta1);
        // Summed over classes, a loss is p times larger, and a rate of descent p times smaller.
        Assert.Equal(1e5 / 97, ScaleConvention.HereSum.FromHere(new GradientDescent { LearningRate = 1e5 }, network).LearningRate, Rounding * 1e3);
        Assert.Equal(4, ScaleConvention.All.Select(convention => convention.Id).Distinct().Count());
    }

    [Fact]
    public void What_no_scale_can_express_is_refused()
    {
        var gelu = new QuadraticNetwork(5, 2, 4) { Activation = Activation.Gelu };
        Assert.Throws<ArgumentException>(() => ScaleConvention.Folded.WeightScale(gelu));
        Assert.Throws<ArgumentException>(() => ScaleConvention.Folded.WeightScale(new QuadraticNetwork(5, 2, 4) { Normalisation = Normalisation.Batch }));
        Assert.Equal(1, ScaleConvention.Here.WeightScale(gelu));
    }

    /// <summary>The predictions for every pair, before the first step, after it, …, from a network and a loss as the convention has them.</summary>
    private static ImmutableArray<Dense> Run(ScaleConvention convention, QuadraticNetwork network, Optimiser optimiser, Parameters<Dense> weights)
    {
        var all = Networks.AllPairs(network.Modulus);
        var chosen = Enumerable.Range(0, all.Size).Where(i => i % 3 != 0).ToImmutableArray();
        Indices Choose(Indices from) => Indices.Of([.. chosen.Select(i => Pairs.Known(from)[i])], from.Bound);
        var train = new Batch([.. all.Operands.Select(Choose)], Choose(all.Labels));

        T Logits<T>(Parameters<T> w, Batch batch)
            where T : ITensor<T> => convention.IsFolded
                ? Tensor.MatMul(Activations.Apply(network.Activation, network.Degree, network.PreActivations(w, batch)), Tensor.Transpose(w["w2"]))
                : network.Logits(w, batch);
        Expression Loss(Parameters<Expression> w)
        {
            var error = Logits(w, train) - Tensor.OneHot<Expression>(train.Labels);
            return Tensor.Scale(Tensor.Total(error * error), 1.0 / (convention.IsSummed ? train.Size : train.Size * network.Modulus));
        }

        var variables = weights.With<Expression>([.. weights.Names.Zip(weights.Values, (name, value) => Expression.Variable(name, value.Shape))]);
        var (_, gradients) = SymbolicGradient.ValueAndGradient(Loss, variables);
        var recipe = new Recipe(network, new Loss.MeanSquaredError(), optimiser, Schedule.Constant, null);
        var slots = weights.Values.Select(weight => optimiser.SlotNames.Select(_ => Tensor.Fill<Dense>(weight.Shape, 0)).ToImmutableArray()).ToArray();
        var predictions = ImmutableArray.CreateBuilder<Dense>();
        for (var step = 0; step <= Steps; step++)
        {
            predictions.Add(Logits(weights, all));
            var values = weights.Names.Zip(weights.Values).ToDictionary(pair => pair.First, pair => pair.Second);
            var gradient = Interpreter.Evaluate(gradients.Values, values, ImmutableDictionary<string, ImmutableArray<int>>.Empty);
            var with = recipe.CoefficientsAt<Dense>(step);
            var next = weights.Values.ToArray();
            for (var i = 0; i < next.Length; i++)
            {
                (next[i], slots[i]) = optimiser.Update(next[i], gradient[i], slots[i], with);
            }

            weights = weights.With<Dense>([.. next]);
        }

        return predictions.ToImmutable();
    }
}
