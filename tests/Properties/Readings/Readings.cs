using System.Collections.Immutable;
using Grokking.Differentiation;
using Grokking.Networks;
using Grokking.Optimisers;
using Grokking.Properties.Engine;
using Grokking.Tensors;
using Grokking.Training;

namespace Grokking.Properties.Readings;

/// <summary>Numbers. They have no derivative of their own: it is the formula's, evaluated in numbers.</summary>
public class DenseTests : ReadingLaws<Dense>
{
    protected override EagerReading<Dense> Reading(Objective objective) => new("numbers", x => x, x => x, (_, at) => Formula.ValueAndGradient(objective, at));
}

/// <summary>Formulas, evaluated once they are complete; their derivative is a formula.</summary>
public class ExpressionTests : ReadingLaws<Expression>
{
    protected override (int Modulus, int Width) Quadratic => (11, 20);

    protected override (int Modulus, int Width) Attention => (5, 4);

    protected override EagerReading<Expression> Reading(Objective objective) =>
        new("formulas", Tensor.Literal<Expression>, Formula.Value, SymbolicGradient.ValueAndGradient);

    [Fact]
    public void Batches_come_in_the_engines_order()
    {
        var rule = new Momentum { LearningRate = 0.1, Beta = 0.9 };
        Follows(new(new SmallAttention(3, 2, 2), new Loss.CrossEntropy(), rule, new(4), BatchSize: 4), steps: 7);
    }
}

/// <summary>Numbers with a tangent: one pass gives the slope along one direction, so that a gradient takes one pass per weight.</summary>
public class DualTests : ReadingLaws<Dual<Dense>>
{
    protected override (int Modulus, int Width) Quadratic => (5, 3);

    protected override (int Modulus, int Width) Attention => (3, 2);

    protected override EagerReading<Dual<Dense>> Reading(Objective objective) => new("duals", Dual<Dense>.Constant, x => x.Value, Forward);

    protected override double Slope(Objective objective, Parameters<Dense> at, Parameters<Dense> along) =>
        objective.Of(at.With<Dual<Dense>>([.. at.Values.Zip(along.Values, (value, tangent) => new Dual<Dense>(value, tangent))])).Tangent.Scalar;

    private static (Dual<Dense> Value, Parameters<Dual<Dense>> Gradients) Forward(
        Func<Parameters<Dual<Dense>>, Dual<Dense>> function, Parameters<Dual<Dense>> at)
    {
        double Derivative(int tensor, int element)
        {
            var place = 0;
            Dense OneThere(Shape shape) => Dense.Build(shape, _ => place++ == element ? 1 : 0);
            return function(at.With(at.Values.SetItem(tensor, new(at.Values[tensor].Value, OneThere(at.Values[tensor].Shape))))).Tangent.Scalar;
        }

        Dense Gradient(Dual<Dense> weight, int tensor) =>
            Dense.Of(weight.Shape, [.. Enumerable.Range(0, weight.Shape.Count).Select(element => Derivative(tensor, element))]);

        return (function(at), at.With<Dual<Dense>>([.. at.Values.Select((weight, tensor) => Dual<Dense>.Constant(Gradient(weight, tensor)))]));
    }
}

/// <summary>The derivative that the others are judged by: the formula's, in float64 by plain loops.</summary>
internal static class Formula
{
    private static readonly ImmutableDictionary<string, ImmutableArray<int>> NoIndices = ImmutableDictionary<string, ImmutableArray<int>>.Empty;

    public static Dense Value(Expression formula) => Interpreter.Evaluate(formula, ImmutableDictionary<string, Dense>.Empty, NoIndices);

    public static (Dense Value, Parameters<Dense> Gradients) ValueAndGradient(Objective objective, Parameters<Dense> at)
    {
        var variables = new Parameters<Expression>(at.Names, [.. at.Names.Select(name => Expression.Variable(name, at[name].Shape))]);
        var (value, gradients) = SymbolicGradient.ValueAndGradient(objective.Of, variables);
        var numbers = Interpreter.Evaluate([value, .. gradients.Values], at.Names.ToDictionary(name => name, name => at[name]), NoIndices);
        return (numbers[0], at.With(numbers[1..]));
    }
}
