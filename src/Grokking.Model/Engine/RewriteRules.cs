using System.Collections.Immutable;
using Grokking.Differentiation;
using Grokking.Tensors;
using Grokking.Tensors.Primitives;

namespace Grokking.Engine;

/// <summary>The rewrites that the engine may use, one per entry; each leaves the value of a formula as it is in exact arithmetic.</summary>
internal static class RewriteRules
{
    /// <summary>The largest identity matrix that one-hot rows are taken from: a megabyte of float32.</summary>
    private const int MostClassesOfIdentity = 512;

    /// <summary>Builds a node that passes through the rules in its turn.</summary>
    internal delegate Expression Make(Primitive primitive, ImmutableArray<Expression> inputs);

    /// <summary>The simpler form of a node whose inputs are simple already, or null where no rule fits.</summary>
    internal static Expression? Apply(Expression node, Make make) => node.Primitive switch
    {
        Detach => node.Inputs[0],
        OneHot { Rows.Bound: <= MostClassesOfIdentity } target => make(new Gather(target.Rows), [make(new Identity(target.Rows.Bound), [])]),
        Unary unary when Value(node.Inputs[0]) is { } x => Constant(node.Shape, unary.Value(x), make),
        Binary binary when Value(node.Inputs[0]) is { } a && Value(node.Inputs[1]) is { } b => Constant(node.Shape, binary.Value(a, b), make),
        Negate when node.Inputs[0] is { Primitive: Negate } inner => inner.Inputs[0],
        Elementwise when Untransposed(node, make) is { } turned => turned,
        Add => Added(node, make),
        Subtract => Subtracted(node, make),
        Multiply => Multiplied(node, make),
        Divide => Divided(node, make),
        BroadcastTo or Reshape or Transpose or Slice or Gather when Value(node.Inputs[0]) is { } value => Constant(node.Shape, value, make),
        Pad when Value(node.Inputs[0]) is 0 => Constant(node.Shape, 0, make),
        BroadcastTo or Reshape when node.Shape.Equals(node.Inputs[0].Shape) => node.Inputs[0],
        BroadcastTo outer when node.Inputs[0] is { Primitive: BroadcastTo } inner => make(outer, inner.Inputs),
        Reshape outer when node.Inputs[0] is { Primitive: Reshape } inner => make(outer, inner.Inputs),
        Transpose transpose => Transposed(node, transpose, make),
        MatMul product => MatrixProduct(node, product, make),
        Sum or ScatterAdd when Value(node.Inputs[0]) is 0 => Constant(node.Shape, 0, make),
        Sum sum => Summed(node, sum, make),
        _ => null,
    };

    /// <summary>The value of a constant node.</summary>
    private static double? Value(Expression node) => node.Primitive is Fill fill ? fill.Value : null;

    private static Expression Constant(Shape shape, double value, Make make) => make(new Fill(shape, value), []);

    /// <summary>
    /// Equal terms are counted; Σ(c·x) = c·Σx; Σ(−x) = −Σx; Σ of all of xᵀ is that of x; a one-hot row sums to 1. With these the gradient of softmax and cross-entropy
    /// together becomes softmax − target: no sum over the target is taken.
    /// </summary>
    private static Expression? Summed(Expression node, Sum sum, Make make)
    {
        var x = node.Inputs[0];
        return Value(x) is { } value ? Constant(node.Shape, value * x.Shape.Count / node.Shape.Count, make)
            : x.Primitive is Multiply && Value(x.Inputs[1]) is { } factor
                ? make(new Multiply(), [make(sum, [x.Inputs[0]]), Constant(node.Shape, factor, make)])
            : x.Primitive is Negate ? make(new Negate(), [make(sum, [x.Inputs[0]])])
            : x.Primitive is Transpose && sum.Over.Count == x.Shape.Rank ? make(sum, x.Inputs)
            : x.Primitive is Gather && x.Inputs[0].Primitive is Identity && sum.Over.Equals(Axes.Of(1)) ? Constant(node.Shape, 1, make)
            : null;
    }

    /// <summary>0 + a = a; a + (−b) = a − b; a + a = 2a.</summary>
    private static Expression? Added(Expression node, Make make)
    {
        var (a, b) = (node.Inputs[0], node.Inputs[1]);
        return Value(a) is 0 ? b
            : Value(b) is 0 ? a
            : b.Primitive is Negate ? make(new Subtract(), [a, b.Inputs[0]])
            : a.Primitive is Negate ? make(new Subtract(), [b, a.Inputs[0]])
            : ReferenceEquals(a, b) ? make(new Multiply(), [a, Constant(node.Shape, 2, make)])
            : null;
    }

    /// <summary>a − 0 = a; 0 − b = −b; a − (−b) = a + b.</summary>
    private static Expression? Subtracted(Expression node, Make make)
    {
        var (a, b) = (node.Inputs[0], node.Inputs[1]);
        return Value(b) is 0 ? a
            : Value(a) is 0 ? make(new Negate(), [b])
            : b.Primitive is Negate ? make(new Add(), [a, b.Inputs[0]])
            : null;
    }

    /// <summary>A constant factor stands on the right; 0·a = 0; 1·a = a; (a·c)·d = a·(c d).</summary>
    private static Expression? Multiplied(Expression node, Make make)
    {
        var (a, b) = (node.Inputs[0], node.Inputs[1]);
        return Value(a) is not null ? make(new Multiply(), [b, a])
            : Value(b) is 0 ? b
            : Value(b) is 1 ? a
            : Value(b) is -1 ? make(new Negate(), [a])
            : Value(b) is { } outer && a.Primitive is Multiply && Value(a.Inputs[1]) is { } inner
                ? make(new Multiply(), [a.Inputs[0], Constant(node.Shape, inner * outer, make)])
            : null;
    }

    /// <summary>0/b = 0; a/c = a·(1/c) where 1/c is exact (c a power of two); a/1 = a.</summary>
    private static Expression? Divided(Expression node, Make make) => Value(node.Inputs[0]) is 0 ? node.Inputs[0]
        : Value(node.Inputs[1]) is { } c && c != 0 && double.IsPow2(Math.Abs(c))
            ? make(new Multiply(), [node.Inputs[0], Constant(node.Shape, 1 / c, make)])
            : null;

    /// <summary>An elementwise function of tensors that are all transposed alike (or the same everywhere) is the transpose of the function.</summary>
    private static Expression? Untransposed(Expression node, Make make)
    {
        if (node.Inputs.FirstOrDefault(input => input.Primitive is Transpose) is not { Primitive: Transpose turn } first
            || !node.Inputs.All(input => turn.Equals(input.Primitive) || Turned(input, first.Inputs[0].Shape, make) is not null))
        {
            return null;
        }

        return make(turn, [make(node.Primitive, [.. node.Inputs.Select(input => turn.Equals(input.Primitive) ? input.Inputs[0] : Turned(input, first.Inputs[0].Shape, make)!)])]);
    }

    /// <summary>A tensor of one number throughout, in another shape; null where it is none.</summary>
    private static Expression? Turned(Expression node, Shape shape, Make make) => node.Primitive switch
    {
        Fill fill => Constant(shape, fill.Value, make),
        BroadcastTo when node.Inputs[0].Shape.Rank == 0 => make(new BroadcastTo(shape), node.Inputs),
        _ => null,
    };

    /// <summary>Two transpositions are one; the trivial one is none; (A B)ᵀ = Bᵀ Aᵀ.</summary>
    private static Expression? Transposed(Expression node, Transpose transpose, Make make)
    {
        if (transpose.Order.Values.SequenceEqual(Enumerable.Range(0, transpose.Order.Count)))
        {
            return node.Inputs[0];
        }

        if (node.Inputs[0] is { Primitive: MatMul product } factors && SwapsLastTwo(node))
        {
            return make(new MatMul(!product.TransposeRight, !product.TransposeLeft), [factors.Inputs[1], factors.Inputs[0]]);
        }

        return node.Inputs[0].Primitive is Transpose inner
            ? make(new Transpose(Axes.Of([.. transpose.Order.Values.Select(axis => inner.Order[axis])])), node.Inputs[0].Inputs)
            : null;
    }

    /// <summary>A product with zeros is zero; a transposed factor becomes a flag of the product.</summary>
    private static Expression? MatrixProduct(Expression node, MatMul product, Make make)
    {
        var (a, b) = (node.Inputs[0], node.Inputs[1]);
        return Value(a) is 0 || Value(b) is 0 ? Constant(node.Shape, 0, make)
            : SwapsLastTwo(a) ? make(product with { TransposeLeft = !product.TransposeLeft }, [a.Inputs[0], b])
            : SwapsLastTwo(b) ? make(product with { TransposeRight = !product.TransposeRight }, [a, b.Inputs[0]])
            : TakesLastApart(a) ? make(product with { TransposeLeft = !product.TransposeLeft }, [LastKept(a, make), b])
            : TakesLastApart(b) ? make(product with { TransposeRight = !product.TransposeRight }, [a, LastKept(b, make)])
            : null;
    }

    /// <summary>
    /// Whether a transposition moves the last axis to the place before the last: its neighbours lie apart then, and a product that reads the other order saves that.
    /// </summary>
    private static bool TakesLastApart(Expression node) => node.Primitive is Transpose { Order: { Count: > 2 } order } && order[order.Count - 2] == order.Count - 1;

    /// <summary>The same transposition with the last two axes exchanged.</summary>
    private static Expression LastKept(Expression node, Make make)
    {
        var order = ((Transpose)node.Primitive).Order.Values;
        return make(new Transpose(Axes.Of([.. order[..^2], order[^1], order[^2]])), node.Inputs);
    }

    private static bool SwapsLastTwo(Expression node)
    {
        if (node.Primitive is not Transpose { Order: var order })
        {
            return false;
        }

        var rank = order.Count;
        return order[rank - 1] == rank - 2 && order[rank - 2] == rank - 1 && order.Values[..^2].SequenceEqual(Enumerable.Range(0, rank - 2));
    }
}
