using global::DiffSharp;
using global::DiffSharp.Backends;
using Grokking.Tensors;
using Grokking.Tensors.Primitives;
using Node = global::DiffSharp.Tensor;

namespace Grokking.DiffSharp;

/// <summary>What takes more than one word of DiffSharp. Number type and device are always named: a default is not taken everywhere.</summary>
internal static class Operations
{
    internal static Node Constant(Dense numbers) =>
        dsharp.tensor(numbers.Span.ToArray(), null, DtypeModule.Default, null).view(numbers.Shape.Lengths);

    internal static Node Full(Shape shape, double value) => dsharp.full(shape.Lengths, value, null, DtypeModule.Default, null);

    internal static Dense Numbers(Node node)
    {
        var flat = node.noDiff().cast(Dtype.Float64).cpu().view([node.nelement]);
        return Dense.Of(Shape.Of(node.shape), node.nelement == 0 ? [] : flat.toArray1D<double>());
    }

    /// <summary>[B, p]. Rows are chosen and added up by a product with it: DiffSharp's own gather loses the derivative of a row that is chosen twice.</summary>
    internal static Node OneHot(Indices rows) => Constant(new OneHot(rows).Evaluate([]));

    /// <summary>All axes after the first as one.</summary>
    internal static Node Rows(Node x) => x.view([x.shape[0], x.shape[0] == 0 ? 0 : x.nelement / x.shape[0]]);

    internal static Node Sum(Node x, Axes over) => over.Count == x.dim
        ? x.sum(null).view(Enumerable.Repeat(1, x.dim))
        : over.Values.Aggregate(x, (sum, axis) => sum.sum(axis, true, null));

    internal static Node Slice(Node x, Slice slice)
    {
        // Per axis: first place, last place, and whether the axis is dropped.
        var bounds = new int[x.dim, 3];
        for (var axis = 0; axis < x.dim; axis++)
        {
            var (start, length) = axis == slice.Axis ? (slice.Start, slice.Length) : (0, x.shape[axis]);
            (bounds[axis, 0], bounds[axis, 1]) = (start, start + length - 1);
        }

        return x.GetSlice(bounds);
    }

    /// <summary>By choice, where DiffSharp averages: exact, and at a tie the derivative belongs to x.</summary>
    internal static Node Maximum(Node x, Node y)
    {
        var second = y.gt(x).cast(x.dtype);
        return (x * (1 - second)) + (y * second);
    }

    /// <summary>DiffSharp 1.0.7 differentiates the product of two matrices, but not that of stacks of them.</summary>
    internal static Node MatMul(Node x, Node y) => x.dim == 2 ? x.matmul(y) : Node.Op(new StackedProduct()).Invoke(new(x, y));
}

/// <summary>The error function, which DiffSharp lacks: its value is computed on the processor, its derivative by DiffSharp.</summary>
internal sealed class ErrorFunction() : UnaryOpElementwise("erf")
{
    public override RawTensor fRaw(RawTensor a) =>
        Operations.Constant(new Erf().Evaluate([Operations.Numbers(Node.ofRawTensor(a))])).primalRaw;

    public override Node dfda(Node a, Node f) => (a * a).neg().exp() * (2 / Math.Sqrt(Math.PI));
}

/// <summary>The largest along the last axis: each of several largest has an equal part of the derivative, where DiffSharp's first has it all.</summary>
internal sealed class Largest() : UnaryOp("largest")
{
    public override RawTensor fRaw(RawTensor a) => a.MaxReduceT(a.Dim - 1, true).Item1;

    public override Node ad_dfda(Node a, Node ad, Node f) => (ad * Share(a, f)).sum(a.dim - 1, true, null);

    public override Node fd_dfda(Node a, Node f, Node fd) => fd * Share(a, f);

    private static Node Share(Node a, Node f)
    {
        var largest = a.eq(f.expand(a.shape)).cast(a.dtype);
        return largest / largest.sum(a.dim - 1, true, null);
    }
}

/// <summary>The products of two stacks of matrices, [..., m, k] × [..., k, n].</summary>
internal sealed class StackedProduct() : BinaryOp("stacked product")
{
    public override RawTensor fRaw(RawTensor a, RawTensor b) => a.MatMulTT(b);

    public override Node ad_dfda(Node a, Node ad, Node b, Node f) => ad.matmul(b);

    public override Node bd_dfdb(Node a, Node b, Node bd, Node f) => a.matmul(bd);

    public override Node fd_dfda(Node a, Node b, Node f, Node fd) => fd.matmul(b.transpose(b.dim - 2, b.dim - 1));

    public override Node fd_dfdb(Node a, Node b, Node f, Node fd) => a.transpose(a.dim - 2, a.dim - 1).matmul(fd);
}
