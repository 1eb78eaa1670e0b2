using System.Collections.Immutable;
using System.Numerics.Tensors;

namespace Grokking.Tensors;

/// <summary>
/// A tensor of float64 numbers in row-major order: the reading that defines the meaning of every primitive. Immutable. Obvious
/// rather than fast; everything fast is judged by it.
/// </summary>
public sealed class Dense : ITensor<Dense>
{
    private readonly double[] values;

    private Dense(Shape shape, double[] values)
    {
        Shape = shape;
        this.values = values;
    }

    /// <inheritdoc/>
    public Shape Shape { get; }

    /// <summary>The elements in row-major order.</summary>
    public ReadOnlyMemory<double> Values => values;

    /// <summary>The elements in row-major order.</summary>
    public ReadOnlySpan<double> Span => values;

    /// <summary>The elements as a shaped view of the base class library, without a copy.</summary>
    public ReadOnlyTensorSpan<double> View => new(values, [.. Shape.Lengths.Select(length => (nint)length)], []);

    /// <summary>The only element of a tensor that has one.</summary>
    /// <exception cref="InvalidOperationException">The tensor does not have exactly one element.</exception>
    public double Scalar => values.Length == 1
        ? values[0]
        : throw new InvalidOperationException($"A tensor of shape {Shape} is not a single number.");

    /// <summary>The element at a position: one place per axis, outermost first.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are not as many places as axes, or one lies outside its axis.</exception>
    public double this[params int[] position]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(position);
            ArgumentOutOfRangeException.ThrowIfNotEqual(position.Length, Shape.Rank);
            for (var axis = 0; axis < position.Length; axis++)
            {
                ArgumentOutOfRangeException.ThrowIfNegative(position[axis]);
                ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(position[axis], Shape[axis]);
            }

            return values[Flat(position, Shape)];
        }
    }

    /// <summary>A tensor from a copy of its elements in row-major order.</summary>
    /// <exception cref="ArgumentException">The number of elements is not the shape's.</exception>
    public static Dense Of(Shape shape, params double[] values)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(values);
        return values.Length == shape.Count
            ? new(shape, [.. values])
            : throw new ArgumentException($"Shape {shape} has {shape.Count} elements, not {values.Length}.");
    }

    /// <summary>A tensor whose element at each position (axis numbers, outermost first) is given by a function.</summary>
    public static Dense Build(Shape shape, Func<int[], double> element)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(element);
        var values = new double[shape.Count];
        var position = new int[shape.Rank];
        for (var flat = 0; flat < values.Length; flat++)
        {
            values[flat] = element(position);
            Advance(position, shape);
        }

        return new(shape, values);
    }

    /// <summary>A single number.</summary>
    public static Dense Number(double value) => new(Shape.Scalar, [value]);

    /// <inheritdoc/>
    public static Dense Apply(Primitive primitive, params ImmutableArray<Dense> inputs)
    {
        ArgumentNullException.ThrowIfNull(primitive);
        primitive.ShapeOf([.. inputs.Select(input => input.Shape)]);
        return primitive.Evaluate(inputs);
    }

    /// <inheritdoc/>
    public static Dense operator +(Dense left, Dense right) => Tensor.Add(left, right);

    /// <inheritdoc/>
    public static Dense operator -(Dense left, Dense right) => Tensor.Subtract(left, right);

    /// <inheritdoc/>
    public static Dense operator *(Dense left, Dense right) => Tensor.Multiply(left, right);

    /// <inheritdoc/>
    public static Dense operator /(Dense left, Dense right) => Tensor.Divide(left, right);

    /// <inheritdoc/>
    public override string ToString() => $"Dense{Shape}";

    /// <summary>Takes ownership of an array that nobody else will write to.</summary>
    internal static Dense Own(Shape shape, double[] values) => new(shape, values);

    /// <summary>The next position in row-major order; wraps to zero after the last.</summary>
    internal static void Advance(Span<int> position, Shape shape)
    {
        for (var axis = shape.Rank - 1; axis >= 0; axis--)
        {
            if (++position[axis] < shape[axis])
            {
                return;
            }

            position[axis] = 0;
        }
    }

    /// <summary>The place of a position in row-major order.</summary>
    internal static int Flat(ReadOnlySpan<int> position, Shape shape)
    {
        var flat = 0;
        for (var axis = 0; axis < shape.Rank; axis++)
        {
            flat = (flat * shape[axis]) + position[axis];
        }

        return flat;
    }
}
