using System.Collections.Immutable;
using FsCheck.Xunit;
using Grokking.Networks;
using Grokking.Optimisers;
using Grokking.Randomness;
using Grokking.Tensors;
using Grokking.Training;

namespace Grokking.Properties.Optimisers;

/// <summary>Which weights decay, and how.</summary>
[Properties(Arbitrary = [typeof(Descents), typeof(Rules)])]
public class DecayLaws
{
    private const double Rounding = 1e-11;

    private static readonly Samples Numbers = new(3, [[0, 1, 2]], [1, 2, 0]);

    [Property]
    public void A_tensor_decays_exactly_if_its_group_does(AnyRule any, byte groups, byte seed)
    {
        var decayed = WeightGroups.All & (WeightGroups)groups;
        var rule = any.Rule with { WeightDecay = 0.1, Decayed = decayed };
        var (some, all, none) = (After(rule, seed), After(rule with { Decayed = WeightGroups.All }, seed), After(rule with { WeightDecay = 0 }, seed));
        foreach (var parameter in new OfEveryRole().Parameters)
        {
            var decays = decayed.HasFlag(GroupOf(parameter.Role));
            Assert.Equal((decays ? all : none)[parameter.Name].Span.ToArray(), some[parameter.Name].Span.ToArray());
            Assert.NotEqual(all[parameter.Name].Span.ToArray(), none[parameter.Name].Span.ToArray());
        }
    }

    [Fact]
    public void Every_role_has_a_group_of_its_own()
    {
        var groups = Enum.GetValues<ParameterRole>().Select(GroupOf).ToList();
        Assert.Equal(groups.Count, groups.Distinct().Count());
        Assert.Equal(WeightGroups.All, groups.Aggregate((a, b) => a | b));
    }

    [Property]
    public void Decoupled_momentum_shrinks_the_weight_and_remembers_gradients_only(AnyDescent any)
    {
        var (w, decayless) = (any.Start, new List<double>());
        foreach (var g in any.Gradients)
        {
            decayless.Add(g);
            var velocity = decayless.Select((past, i) => past * Math.Pow(any.Beta, decayless.Count - 1 - i)).Sum();
            w = ((1 - (any.Rate * any.Decay)) * w) - (any.Rate * velocity);
        }

        AssertClose(w, Walk(new Momentum { LearningRate = any.Rate, WeightDecay = any.Decay, Beta = any.Beta, Decay = Decay.Decoupled }, any));
    }

    [Property]
    public void Decoupled_Nesterov_shrinks_the_weight_and_looks_ahead(AnyDescent any)
    {
        var (w, velocity) = (any.Start, 0.0);
        foreach (var g in any.Gradients)
        {
            velocity = (any.Beta * velocity) + g;
            w = ((1 - (any.Rate * any.Decay)) * w) - (any.Rate * g) - (any.Rate * any.Beta * velocity);
        }

        AssertClose(w, Walk(new Nesterov { LearningRate = any.Rate, WeightDecay = any.Decay, Beta = any.Beta, Decay = Decay.Decoupled }, any));
    }

    [Property]
    public void Without_decay_coupled_and_decoupled_are_the_same_rule(AnyDescent any)
    {
        var (momentum, nesterov) = (new Momentum { LearningRate = any.Rate, Beta = any.Beta }, new Nesterov { LearningRate = any.Rate, Beta = any.Beta });
        Assert.Equal(Walk(momentum, any), Walk(momentum with { Decay = Decay.Decoupled }, any));
        Assert.Equal(Walk(nesterov, any), Walk(nesterov with { Decay = Decay.Decoupled }, any));
    }

    private static WeightGroups GroupOf(ParameterRole role) => role switch
    {
        ParameterRole.Matrix => WeightGroups.Matrices,
        ParameterRole.Bias => WeightGroups.Biases,
        ParameterRole.Normalisation => WeightGroups.Normalisations,
        ParameterRole.Embedding => WeightGroups.Embeddings,
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "A role without a group."),
    };

    private static Parameters<Dense> After(Optimiser rule, byte seed)
    {
        var recipe = new Recipe(new OfEveryRole(), new Loss.MeanSquaredError(), rule, Schedule.Constant, null);
        return DefinedStep.Next(recipe, Numbers, InitialState.Of(recipe, Precision.Double, RandomKey.FromSeed(seed))).Weights;
    }

    private static double Walk(Optimiser rule, AnyDescent any)
    {
        var (weight, slots) = (Dense.Number(any.Start), rule.SlotNames.Select(_ => Dense.Number(0)).ToImmutableArray());
        foreach (var (step, g) in any.Gradients.Index())
        {
            var numbers = new double[rule.CoefficientNames.Length];
            rule.WriteCoefficients(step, rule.LearningRate, numbers);
            (weight, slots) = rule.Update(weight, Dense.Number(g), slots, new(rule.CoefficientNames.Zip(numbers).ToDictionary(pair => pair.First, pair => Dense.Number(pair.Second))));
        }

        return weight.Scalar;
    }

    private static void AssertClose(double expected, double actual) =>
        Assert.True(Math.Abs(expected - actual) <= Rounding * (1 + Math.Abs(expected)), $"{actual:R}, by its recurrence {expected:R}");

    /// <summary>(table[x]·matrix)·scale + bias: a tensor of every role.</summary>
    private sealed record OfEveryRole : INetwork
    {
        public ImmutableArray<ParameterSpecification> Parameters =>
        [
            new("table", Shape.Of(3, 2), 1) { Role = ParameterRole.Embedding },
            new("matrix", Shape.Of(2, 3), 1),
            new("scale", Shape.Of(3), 0.1) { Role = ParameterRole.Normalisation, InitialMean = 1 },
            new("bias", Shape.Of(3), 1) { Role = ParameterRole.Bias },
        ];

        public T Logits<T>(Parameters<T> weights, Batch batch)
            where T : ITensor<T> => (Tensor.MatMul(Tensor.Gather(weights["table"], batch.Operands[0]), weights["matrix"]) * weights["scale"]) + weights["bias"];
    }
}
