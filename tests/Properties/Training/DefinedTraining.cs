using System.Collections.Immutable;
using Grokking.Differentiation;
using Grokking.Engine;
using Grokking.Networks;
using Grokking.Tensors;
using Grokking.Training;

namespace Grokking.Properties.Training;

/// <summary>
/// Training as the algebra defines it: the step traced once and evaluated by the interpreter in <see cref="Dense"/>. Slow, obvious, and the
/// judge of every faster way.
/// </summary>
internal sealed class DefinedTraining
{
    private readonly Recipe recipe;
    private readonly Samples samples;
    private readonly Computation step;

    public DefinedTraining(Recipe recipe, Samples samples)
    {
        (this.recipe, this.samples) = (recipe, samples);
        step = Tracing.Step(recipe, samples.Operands.Length, samples.Modulus, samples.Count);
    }

    /// <summary>The weights before the first step, after it, and so on without end; all samples make up each batch.</summary>
    public IEnumerable<Parameters<Dense>> Run(Parameters<Dense> weights)
    {
        var state = weights.Names.Zip(weights.Values).ToDictionary(pair => pair.First, pair => pair.Second);
        foreach (var (name, _) in step.Updates.Where(update => !state.ContainsKey(update.Variable)))
        {
            state[name] = Tensor.Fill<Dense>(weights[name.Split('/')[1]].Shape, 0);
        }

        for (var at = 0L; ; at++)
        {
            yield return weights.With([.. weights.Names.Select(name => state[name])]);
            var coefficients = new double[recipe.Optimiser.CoefficientNames.Length];
            recipe.Optimiser.WriteCoefficients(at, recipe.Optimiser.LearningRate * recipe.Schedule.FactorAt(at), coefficients);
            var variables = recipe.Optimiser.CoefficientNames.Zip(coefficients).ToDictionary(pair => pair.First, pair => Dense.Number(pair.Second));
            foreach (var (name, value) in state)
            {
                variables[name] = value;
            }

            var values = Interpreter.Evaluate([.. step.Updates.Select(update => update.Value)], variables, Indices(samples));
            state = step.Updates.Zip(values).ToDictionary(pair => pair.First.Variable, pair => pair.Second);
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
        return weights.With(Interpreter.Evaluate(gradients.Values, values, Indices(samples)));
    }

    private static Dictionary<string, ImmutableArray<int>> Indices(Samples samples) => samples.Operands
        .Select((operand, place) => ($"x{place + 1}", operand))
        .Append(("label", samples.Labels))
        .ToDictionary(pair => pair.Item1, pair => pair.Item2);
}
