using System.Collections.Immutable;

namespace Grokking.Tensors.Primitives;

/// <summary>A primitive that acts on each element by itself; all inputs have the result's shape.</summary>
public abstract record Elementwise : Primitive
{
    /// <summary>How many inputs the operation takes.</summary>
    public abstract int Arity { get; }

    /// <summary>
    /// Numbers of moderate size for an input, at which the operation is defined and, but for single points, differentiable. Its laws are tried
    /// there.
    /// </summary>
    /// <param name="input">Which input, from 0.</param>
    public virtual Interval Domain(int input) => new(-4, 4);

    /// <inheritdoc/>
    public sealed override Shape ShapeOf(ImmutableArray<Shape> inputs)
    {
        Require(inputs.Length == Arity, inputs, $"it takes {Arity} inputs");
        Require(inputs.All(shape => shape.Equals(inputs[0])), inputs, "shapes must be equal");
        return inputs[0];
    }
}

/// <summary>The numbers from Low to High.</summary>
/// <param name="Low">The smallest.</param>
/// <param name="High">The largest.</param>
public readonly record struct Interval(double Low, double High);

/// <summary>An elementwise function y = f(x) of one number.</summary>
public abstract record Unary : Elementwise
{
    /// <inheritdoc/>
    public sealed override int Arity => 1;

    /// <summary>The function on one float64 number: the definition.</summary>
    public abstract double Value(double x);

    /// <summary>dy/dx, elementwise, from x and y.</summary>
    public abstract T Derivative<T>(T x, T y)
        where T : ITensor<T>;

    /// <inheritdoc/>
    public sealed override Dense Evaluate(ImmutableArray<Dense> inputs)
    {
        var x = inputs[0].Span;
        var y = new double[x.Length];
        for (var i = 0; i < y.Length; i++)
        {
            y[i] = Value(x[i]);
        }

        return Dense.Own(inputs[0].Shape, y);
    }

    /// <inheritdoc/>
    public sealed override T Pushforward<T>(ImmutableArray<T> inputs, ImmutableArray<T> tangents, T output) =>
        tangents[0] * Derivative(inputs[0], output);

    /// <inheritdoc/>
    public sealed override ImmutableArray<T> Pullback<T>(ImmutableArray<T> inputs, T output, T cotangent) =>
        [cotangent * Derivative(inputs[0], output)];
}

/// <summary>An elementwise function y = f(a, b) of two numbers.</summary>
public abstract record Binary : Elementwise
{
    /// <inheritdoc/>
    public sealed override int Arity => 2;

    /// <summary>The function on two float64 numbers: the definition.</summary>
    public abstract double Value(double a, double b);

    /// <inheritdoc/>
    public sealed override Dense Evaluate(ImmutableArray<Dense> inputs)
    {
        var a = inputs[0].Span;
        var b = inputs[1].Span;
        var y = new double[a.Length];
        for (var i = 0; i < y.Length; i++)
        {
            y[i] = Value(a[i], b[i]);
        }

        return Dense.Own(inputs[0].Shape, y);
    }
}
