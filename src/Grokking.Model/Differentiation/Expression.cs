using System.Collections.Immutable;
using Grokking.Tensors;
using Grokking.Tensors.Primitives;

namespace Grokking.Differentiation;

/// <summary>
/// A formula: a primitive applied to formulas, down to named variables and constants. Building one computes nothing; it can be
/// differentiated (<see cref="Reverse"/>), evaluated in every reading (<see cref="Interpreter"/>), and compiled by the engine.
/// Immutable; two nodes are the same only if they are one object.
/// </summary>
public sealed class Expression : ITensor<Expression>
{
    private Expression(Primitive primitive, ImmutableArray<Expression> inputs)
    {
        Primitive = primitive;
        Inputs = inputs;
        Shape = primitive.ShapeOf([.. inputs.Select(input => input.Shape)]);
    }

    /// <summary>What is applied.</summary>
    public Primitive Primitive { get; }

    /// <summary>What it is applied to.</summary>
    public ImmutableArray<Expression> Inputs { get; }

    /// <inheritdoc/>
    public Shape Shape { get; }

    /// <summary>A variable to which a value of this shape is given when the formula is evaluated or run.</summary>
    public static Expression Variable(string name, Shape shape) => new(new Variable(name, shape), []);

    /// <inheritdoc/>
    public static Expression Apply(Primitive primitive, params ImmutableArray<Expression> inputs)
    {
        ArgumentNullException.ThrowIfNull(primitive);
        return new(primitive, inputs);
    }

    /// <inheritdoc/>
    public static Expression operator +(Expression left, Expression right) => Tensor.Add(left, right);

    /// <inheritdoc/>
    public static Expression operator -(Expression left, Expression right) => Tensor.Subtract(left, right);

    /// <inheritdoc/>
    public static Expression operator *(Expression left, Expression right) => Tensor.Multiply(left, right);

    /// <inheritdoc/>
    public static Expression operator /(Expression left, Expression right) => Tensor.Divide(left, right);

    /// <summary>Every node that the given ones need, each once, inputs before what uses them.</summary>
    internal static ImmutableArray<Expression> InOrder(params ReadOnlySpan<Expression> outputs)
    {
        var order = ImmutableArray.CreateBuilder<Expression>();
        var seen = new HashSet<Expression>(ReferenceEqualityComparer.Instance);
        var stack = new Stack<(Expression Node, bool Ready)>();
        for (var i = outputs.Length - 1; i >= 0; i--)
        {
            stack.Push((outputs[i], false));
        }

        while (stack.TryPop(out var top))
        {
            if (top.Ready)
            {
                order.Add(top.Node);
            }
            else if (seen.Add(top.Node))
            {
                stack.Push((top.Node, true));
                for (var i = top.Node.Inputs.Length - 1; i >= 0; i--)
                {
                    stack.Push((top.Node.Inputs[i], false));
                }
            }
        }

        return order.ToImmutable();
    }

    /// <inheritdoc/>
    public override string ToString() => Inputs.IsEmpty ? $"{Primitive.Name}{Shape}" : $"{Primitive.Name}({string.Join(", ", Inputs.Select(input => input.Primitive.Name))}){Shape}";
}

/// <summary>A named place for a value. Only a formula holds one; it has no value by itself.</summary>
public sealed record Variable(string Label, Shape Given) : Constant
{
    /// <inheritdoc/>
    public override string Name => Label;

    /// <inheritdoc/>
    public override Shape Shape => Given;

    /// <inheritdoc/>
    public override Dense Evaluate(ImmutableArray<Dense> inputs) =>
        throw new InvalidOperationException($"The variable '{Label}' has no value: evaluate the formula with values for its variables.");
}
