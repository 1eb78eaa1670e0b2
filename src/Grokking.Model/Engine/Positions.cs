using Grokking.Differentiation;
using Grokking.Tensors;
using Grokking.Tensors.Primitives;

namespace Grokking.Engine;

/// <summary>
/// Some places of a value, the same in each of its parts: its elements in row-major order seen as [Before, Total, After], of which the
/// middle places Start … Start + Length − 1. The last position of each sequence is one such choice, whether the value has shape [B, T, d],
/// [B·T, d] or [B, T, H, d/H]: the numbers are the same, and only the axis on which they are found differs.
/// </summary>
/// <param name="Before">Elements of the axes, or parts of an axis, outside.</param>
/// <param name="Total">Places to choose from; at least 2, so that the axis is found without doubt.</param>
/// <param name="After">Elements of the axes, or parts of an axis, inside.</param>
/// <param name="Start">The first place chosen.</param>
/// <param name="Length">The number of places chosen, from 1 to Total − 1.</param>
internal readonly record struct Positions(int Before, int Total, int After, int Start, int Length)
{
    /// <summary>Places along an axis; null where that is all of them or none.</summary>
    internal static Positions? Along(Shape shape, int axis, int start, int length)
    {
        if (shape.Count == 0 || length == 0 || length == shape[axis])
        {
            return null;
        }

        var before = Elements(shape, axis);
        return new(before, shape[axis], shape.Count / before / shape[axis], start, length);
    }

    /// <summary>The axis of a shape that has the places as a factor, [Outer, Total, inner], and Outer; null where no axis has.</summary>
    internal (int Axis, int Outer)? On(Shape shape)
    {
        var before = 1;
        for (var axis = 0; axis < shape.Rank; axis++)
        {
            var through = before * shape[axis];
            if (through > 0 && Before % before == 0 && through % (Before * Total) == 0)
            {
                return (axis, Before / before);
            }

            before = through;
        }

        return null;
    }

    /// <summary>The same places of an axis of another shape, which must be as long as the one on which they lie now.</summary>
    internal Positions To(Shape shape, int axis, int outer)
    {
        var before = Elements(shape, axis) * outer;
        return this with { Before = before, After = shape.Count / before / Total };
    }

    /// <summary>The shape of the places alone.</summary>
    internal Shape Narrowed(Shape shape) => On(shape) is var (axis, _) ? shape.With(axis, shape[axis] / Total * Length) : shape;

    /// <summary>The places of a value.</summary>
    internal Expression Take(Expression value)
    {
        var (axis, _) = On(value.Shape)!.Value;
        return value.Shape[axis] == Total
            ? Expression.Apply(new Slice(axis, Start, Length), value)
            : Tensor.Reshape(Expression.Apply(new Slice(1, Start, Length), Tensor.Reshape(value, Shape.Of(Before, Total, After))), Narrowed(value.Shape));
    }

    /// <summary>A value of this shape with the given ones at the places and zeros elsewhere.</summary>
    internal Expression Spread(Expression narrow, Shape shape)
    {
        var (axis, _) = On(shape)!.Value;
        return shape[axis] == Total
            ? Expression.Apply(new Pad(axis, Start, Total), narrow)
            : Tensor.Reshape(Expression.Apply(new Pad(1, Start, Total), Tensor.Reshape(narrow, Shape.Of(Before, Length, After))), shape);
    }

    /// <summary>Whether no place is among the others.</summary>
    internal bool IsApartFrom(Positions other) => (Before, Total, After) == (other.Before, other.Total, other.After)
        && (Start + Length <= other.Start || other.Start + other.Length <= Start);

    private static int Elements(Shape shape, int axes)
    {
        var elements = 1;
        for (var axis = 0; axis < axes; axis++)
        {
            elements *= shape[axis];
        }

        return elements;
    }
}
