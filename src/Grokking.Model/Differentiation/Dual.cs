using System.Collections.Immutable;
using Grokking.Tensors;

namespace Grokking.Differentiation;

/// <summary>
/// Forward mode over any other reading: a value together with its change along one direction. Over <see cref="Dense"/> it gives
/// J·v; evaluating the formula of a gradient in it gives Hessian-vector products.
/// </summary>
/// <typeparam name="T">The reading of values and tangents.</typeparam>
public sealed class Dual<T> : ITensor<Dual<T>>
    where T : ITensor<T>
{
    /// <summary>A value and its tangent, of one shape.</summary>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public Dual(T value, T tangent)
    {
        if (!value.Shape.Equals(tangent.Shape))
        {
            throw new ArgumentException($"A value of shape {value.Shape} cannot have a tangent of shape {tangent.Shape}.");
        }

        Value = value;
        Tangent = tangent;
    }

    /// <summary>The value.</summary>
    public T Value { get; }

    /// <summary>The derivative of the value along the direction.</summary>
    public T Tangent { get; }

    /// <inheritdoc/>
    public Shape Shape => Value.Shape;

    /// <summary>A value that does not change along the direction.</summary>
    public static Dual<T> Constant(T value) => new(value, Tensor.Fill<T>(value.Shape, 0));

    /// <inheritdoc/>
    public static Dual<T> Apply(Primitive primitive, params ImmutableArray<Dual<T>> inputs)
    {
        ArgumentNullException.ThrowIfNull(primitive);
        ImmutableArray<T> values = [.. inputs.Select(input => input.Value)];
        var output = T.Apply(primitive, values);
        return new(output, primitive.Pushforward(values, [.. inputs.Select(input => input.Tangent)], output));
    }

    /// <inheritdoc/>
    public static Dual<T> operator +(Dual<T> left, Dual<T> right) => Tensor.Add(left, right);

    /// <inheritdoc/>
    public static Dual<T> operator -(Dual<T> left, Dual<T> right) => Tensor.Subtract(left, right);

    /// <inheritdoc/>
    public static Dual<T> operator *(Dual<T> left, Dual<T> right) => Tensor.Multiply(left, right);

    /// <inheritdoc/>
    public static Dual<T> operator /(Dual<T> left, Dual<T> right) => Tensor.Divide(left, right);
}
