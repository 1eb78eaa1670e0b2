using System.Collections.Immutable;
using Grokking.Differentiation;
using Grokking.Tensors;
using Grokking.Tensors.Primitives;

namespace Grokking.Engine;

/// <summary>A primitive that computes what is wanted, and the positions of each input that it is applied to; null for all of them.</summary>
internal readonly record struct Narrow(Primitive Primitive, ImmutableArray<Positions?> Reads);

/// <summary>
/// What the engine knows of positions, one primitive per entry: how a slice moves up, where zeros lie after a pad has moved down, and
/// what meets zeros and so need not be read. Each leaves the value as it is in exact arithmetic; as with
/// <see cref="RewriteRules"/>, zero times or divided by anything counts as zero.
/// </summary>
internal static class NarrowingRules
{
    /// <summary>A slice moves up: positions of a value, from positions of its inputs; null where no rule fits.</summary>
    internal static Narrow? Taken(Expression node, Positions at) => at.On(node.Shape) is not var (axis, outer) ? null : node.Primitive switch
    {
        Elementwise => new(node.Primitive, [.. node.Inputs.Select(_ => (Positions?)at)]),
        Literal known => new(Known(at, known.Known), []),
        BroadcastTo => new(new BroadcastTo(at.Narrowed(node.Shape)), [Unstretched(node, at, axis, outer)]),
        Reshape => at.On(node.Inputs[0].Shape) is null ? null : new(new Reshape(at.Narrowed(node.Shape)), [at]),
        Transpose turn => new(turn, [at.To(node.Inputs[0].Shape, turn.Order[axis], outer)]),
        Sum or Max or ArgMax => new(node.Primitive, [at.To(node.Inputs[0].Shape, axis, outer)]),
        Slice slice when slice.Axis != axis => new(slice, [at.To(node.Inputs[0].Shape, axis, outer)]),
        Pad pad when pad.Axis != axis => new(pad, [at.To(node.Inputs[0].Shape, axis, outer)]),
        Pad when at == Padded(node) => All(node.Inputs[0].Shape),
        MatMul product => Product(node, product, at, axis, outer),
        _ => null,
    };

    /// <summary>A pad moves down: the positions outside which a value is zero, given those of its inputs; null where none are known.</summary>
    internal static Positions? Support(Expression node, ImmutableArray<Positions?> inputs) => node.Primitive switch
    {
        Pad => Padded(node) ?? Kept(node, inputs[0]),
        Negate or Divide => inputs[0],
        Multiply => inputs[0] ?? inputs[1],
        Add or Subtract => inputs[0] == inputs[1] ? inputs[0] : null,
        BroadcastTo => Kept(node, inputs[0], node.Shape.Rank - node.Inputs[0].Shape.Rank),
        Reshape => inputs[0]?.On(node.Shape) is null ? null : inputs[0],
        Transpose turn => Found(node, inputs, 0) is var (at, axis, outer) ? at.To(node.Shape, turn.Order.Inverse()[axis], outer) : null,
        Sum or Slice => Kept(node, inputs[0]),
        MatMul product => Support(node, product, inputs),
        _ => null,
    };

    /// <summary>
    /// What meets zeros is not read: a sum over the axis of a pad, or a product that contracts it, needs the padded value alone and the
    /// same positions of the other factor. A slice reads no more than it takes.
    /// </summary>
    internal static Narrow Whole(Expression node, ImmutableArray<Positions?> supports) => node.Primitive switch
    {
        Sum sum when Found(node, supports, 0) is var (at, axis, _) && sum.Over.Contains(axis) => new(sum, [at]),
        MatMul product when Contracted(node, product, supports, 0) is { } reads => new(product, reads),
        MatMul product when Contracted(node, product, supports, 1) is { } reads => new(product, reads),
        Slice slice when IsSeed(node) => new(new Reshape(node.Shape), [Positions.Along(node.Inputs[0].Shape, slice.Axis, slice.Start, slice.Length)]),
        _ => new(node.Primitive, [.. node.Inputs.Select(_ => (Positions?)null)]),
    };

    /// <summary>
    /// Whether a node chooses positions, or puts zeros around them. Parts of the last axis, such as the gates of a recurrent cell, are
    /// taken from one product that is better left in one piece.
    /// </summary>
    internal static bool IsSeed(Expression node) => node.Primitive switch
    {
        Slice slice => slice.Axis < node.Shape.Rank - 1 && Positions.Along(node.Inputs[0].Shape, slice.Axis, slice.Start, slice.Length) is not null,
        Pad => Padded(node) is not null,
        _ => false,
    };

    /// <summary>The value of an input as it is, under the name of the node.</summary>
    private static Narrow All(Shape shape) => new(new Reshape(shape), [null]);

    /// <summary>A part of known numbers is known; if all are equal it is a constant, like the last row of a causal mask, which hides nothing.</summary>
    private static Primitive Known(Positions at, Dense known)
    {
        var taken = at.Take(Expression.Apply(new Literal(known)));
        var part = Interpreter.Evaluate(taken, ImmutableDictionary<string, Dense>.Empty, ImmutableDictionary<string, ImmutableArray<int>>.Empty);
        var first = part.Span[0];
        return part.Span.ContainsAnyExcept(first) ? new Literal(part) : new Fill(part.Shape, first);
    }

    /// <summary>The positions before a stretch; all where the axis came of it.</summary>
    private static Positions? Unstretched(Expression node, Positions at, int axis, int outer)
    {
        var (input, before) = (node.Inputs[0].Shape, axis - (node.Shape.Rank - node.Inputs[0].Shape.Rank));
        return before >= 0 && input[before] == node.Shape[axis] ? at.To(input, before, outer) : null;
    }

    /// <summary>Rows of a product are rows of its left factor, columns are columns of its right one, and stacked products stay apart.</summary>
    private static Narrow Product(Expression node, MatMul product, Positions at, int axis, int outer)
    {
        var (left, right, rank) = (node.Inputs[0].Shape, node.Inputs[1].Shape, node.Shape.Rank);
        return axis == rank - 2 ? new(product, [at.To(left, product.TransposeLeft ? rank - 1 : rank - 2, outer), null])
            : axis == rank - 1 ? new(product, [null, at.To(right, product.TransposeRight ? rank - 2 : rank - 1, outer)])
            : new(product, [at.To(left, axis, outer), at.To(right, axis, outer)]);
    }

    private static Positions? Support(Expression node, MatMul product, ImmutableArray<Positions?> inputs)
    {
        var rank = node.Shape.Rank;
        var (row, column) = (product.TransposeLeft ? rank - 1 : rank - 2, product.TransposeRight ? rank - 2 : rank - 1);
        return Found(node, inputs, 0) is var (l, left, leftOuter) && (left == row || left < rank - 2) ? l.To(node.Shape, Math.Min(left, rank - 2), leftOuter)
            : Found(node, inputs, 1) is var (r, right, rightOuter) && (right == column || right < rank - 2) ? r.To(node.Shape, right == column ? rank - 1 : right, rightOuter)
            : null;
    }

    /// <summary>The positions of both factors when one of them is zero elsewhere along the axis in which they meet.</summary>
    private static ImmutableArray<Positions?>? Contracted(Expression node, MatMul product, ImmutableArray<Positions?> supports, int side)
    {
        var rank = node.Shape.Rank;
        ReadOnlySpan<int> inner = [product.TransposeLeft ? rank - 2 : rank - 1, product.TransposeRight ? rank - 1 : rank - 2];
        return Found(node, supports, side) is var (at, axis, outer) && axis == inner[side]
            ? [at.To(node.Inputs[0].Shape, inner[0], outer), at.To(node.Inputs[1].Shape, inner[1], outer)]
            : null;
    }

    /// <summary>The range of a pad, along any axis but the last.</summary>
    private static Positions? Padded(Expression node) => node.Primitive is Pad pad && pad.Axis < node.Shape.Rank - 1
        ? Positions.Along(node.Shape, pad.Axis, pad.Start, node.Inputs[0].Shape[pad.Axis])
        : null;

    /// <summary>The same positions after a primitive that leaves the length of their axis, and puts so many axes before the others; null where it does not leave it.</summary>
    private static Positions? Kept(Expression node, Positions? at, int added = 0) =>
        at?.On(node.Inputs[0].Shape) is var (axis, outer) && node.Shape[axis + added] == node.Inputs[0].Shape[axis] ? at.Value.To(node.Shape, axis + added, outer) : null;

    /// <summary>The positions of an input's support with the axis on which they lie.</summary>
    private static (Positions At, int Axis, int Outer)? Found(Expression node, ImmutableArray<Positions?> supports, int input) =>
        supports[input] is { } at && at.On(node.Inputs[input].Shape) is var (axis, outer) ? (at, axis, outer) : null;
}
