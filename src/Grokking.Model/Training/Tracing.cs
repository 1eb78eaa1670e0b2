using System.Collections.Immutable;
using Grokking.Differentiation;
using Grokking.Engine;
using Grokking.Networks;
using Grokking.Optimisers;
using Grokking.Tensors;

namespace Grokking.Training;

/// <summary>Writes a recipe's training step and evaluation down as formulas, once, to be compiled.</summary>
/// <remarks>
/// Variables: each weight and each statistic under its own name, each slot as <c>{slot}/{weight}</c>, each coefficient under its name. Indices:
/// <c>x1</c> … <c>xK</c> and <c>label</c>. Draws: <see cref="StepDraws"/>.
/// </remarks>
internal static class Tracing
{
    /// <summary>The place of a training step's draws.</summary>
    public const string StepDraws = "draws";

    /// <summary>
    /// One training step that updates weights and slots in place. By-products, at the weights before the step: outputs <c>loss</c> and
    /// <c>correct</c> (the number of samples of the batch classified right) and <c>gradient_norm/{weight}</c>.
    /// </summary>
    public static Computation Step(Recipe recipe, int operands, int modulus, int batchSize)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        var weights = Variables(recipe.Network.Parameters);
        ImmutableArray<Parameters<Expression>> slots = [.. recipe.Slots.Select(slot => Variables(recipe.Network.Parameters, name => SlotVariable(slot.Name, name), slot.ShapeFor))];
        var coefficients = new Coefficients<Expression>(new StepNumbers(recipe).Names.ToDictionary(name => name, name => Expression.Variable(name, Shape.Scalar)));
        var batch = Batch.Named("", batchSize, operands, modulus);

        var statistics = Variables(recipe.Network.Statistics);
        var draws = Draws.Input(StepDraws);
        var next = TrainStep.Next(recipe, SymbolicGradient.ValueAndGradient, weights, slots, statistics, coefficients, batch, draws);

        var updates = next.Weights.Names.Zip(next.Weights.Values)
            .Concat(next.Slots.SelectMany((slot, s) => slot.Names.Select((name, i) => (SlotVariable(recipe.Slots[s].Name, name), slot.Values[i]))))
            .Concat(next.Statistics.Names.Zip(next.Statistics.Values));
        return new([("loss", next.Loss), ("correct", Correct(recipe.Network.TrainingLogits(weights, batch, draws), batch)), .. Norms(next.Gradients)], [.. updates], batchSize);
    }

    /// <summary>
    /// Loss and number of right answers over a set of samples: outputs <c>loss</c> and <c>correct</c>, and with gradients
    /// <c>gradient_norm/{weight}</c> as well.
    /// </summary>
    public static Computation Evaluation(Recipe recipe, int operands, int modulus, int samples, bool gradients)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        var weights = Variables(recipe.Network.Parameters);
        var batch = Batch.Named("", samples, operands, modulus);
        var logits = recipe.Network.Logits(weights.And(Variables(recipe.Network.Statistics)), batch);
        var loss = recipe.Loss.Of(logits, batch.Labels);

        ImmutableArray<(string, Expression)> outputs = [("loss", loss), ("correct", Correct(logits, batch))];
        return gradients
            ? new([.. outputs, .. Norms(weights.With(Reverse.Gradient(loss, weights.Values)))], [], samples)
            : new(outputs, [], samples);
    }

    /// <summary>How many samples the logits answer right: the largest, the lowest place among equals, is the label.</summary>
    internal static T Correct<T>(T logits, Batch batch)
        where T : ITensor<T> => Tensor.Total(Tensor.EqualTo(Tensor.ArgMax(logits), Tensor.Numbers<T>(batch.Labels)));

    private static IEnumerable<(string, Expression)> Norms(Parameters<Expression> gradients) =>
        gradients.Names.Zip(gradients.Values, (name, gradient) => ($"gradient_norm/{name}", Tensor.Sqrt(Tensor.Total(gradient * gradient))));

    /// <summary>The variable that holds a slot of a weight.</summary>
    public static string SlotVariable(string slot, string weight) => $"{slot}/{weight}";

    /// <summary>A variable for each tensor, of its name and shape unless others are given.</summary>
    internal static Parameters<Expression> Variables(ImmutableArray<ParameterSpecification> tensors, Func<string, string>? name = null, Func<Shape, Shape>? shape = null) => new(
        [.. tensors.Select(tensor => tensor.Name)],
        [.. tensors.Select(tensor => Expression.Variable(name?.Invoke(tensor.Name) ?? tensor.Name, shape?.Invoke(tensor.Shape) ?? tensor.Shape))]);
}
