using System.Collections.Immutable;
using Grokking.Differentiation;
using Grokking.Networks;
using Grokking.Randomness;
using Grokking.Tensors;
using Grokking.Training;

namespace Grokking.Properties.Training;

/// <summary>
/// Training as the algebra defines it, step by step in <see cref="Dense"/>. Slow, obvious, and the judge of every faster way.
/// </summary>
internal sealed class DefinedTraining(Recipe recipe, Samples samples)
{
    /// <summary>The weights before the first step, after it, and so on without end; all samples make up each batch.</summary>
    public IEnumerable<Parameters<Dense>> Run(Parameters<Dense> weights)
    {
        var state = new TrainState(0, weights, [.. recipe.Slots.Select(slot => weights.Map(weight => Tensor.Fill<Dense>(slot.ShapeFor(weight.Shape), 0)))], RandomKey.FromSeed(0));
        for (; ; state = DefinedStep.Next(recipe, samples, state))
        {
            yield return state.Weights;
        }
    }

    /// <summary>The logits of a set of samples.</summary>
    public static Dense Logits(INetwork network, Parameters<Dense> weights, Samples samples) => network.Logits(weights, samples.ToBatch());

    /// <summary>The loss of a set of samples.</summary>
    public static double Loss(Recipe recipe, Parameters<Dense> weights, Samples samples) =>
        recipe.Loss.Of(Logits(recipe.Network, weights, samples), samples.ToBatch().Labels).Scalar;

    /// <summary>The gradient of the loss over a set of samples.</summary>
    public static Parameters<Dense> Gradient(Recipe recipe, Parameters<Dense> weights, Samples samples)
    {
        var variables = new Parameters<Expression>(weights.Names, [.. weights.Names.Zip(weights.Values, (name, value) => Expression.Variable(name, value.Shape))]);
        var (_, gradients) = SymbolicGradient.ValueAndGradient(
            w => recipe.Loss.Of(recipe.Network.Logits(w, samples.ToBatch()), samples.ToBatch().Labels), variables);
        var values = weights.Names.Zip(weights.Values).ToDictionary(pair => pair.First, pair => pair.Second);
        return weights.With(Interpreter.Evaluate(gradients.Values, values, ImmutableDictionary<string, ImmutableArray<int>>.Empty));
    }
}
