using global::DiffSharp;
using global::DiffSharp.Backends;
using Grokking.Tensors;
using Grokking.Tensors.Primitives;
using Node = global::DiffSharp.Tensor;

namespace Grokking.DiffSharp;

/// <summary>What takes more than one word of DiffSharp. Number type and device are always named: a default is not taken everywhere.</summary>
internal static class Operations
{
    internal static Node Full(Shape shape, double value) => dsharp.full(shape.Lengths, value, null, DtypeModule.Default, null);

    /// <summary>[B, p]. Rows are chosen and added up by a product with it: DiffSharp's own gather loses the derivative of a row that is chosen twice.</summary>
    internal static Node OneHot(Indices rows) => DiffSharpTensor.Of(new OneHot(rows).Evaluate([])).Node;

    /// <summary>All axes after the first as one.</summary>
    internal static Node Rows(Node x) => x.view([x.shape[0], x.shape[0] == 0 ? 0 : x.nelement / x.shape[0]]);

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
    internal static Node MatMul(MatMul product, Node x, Node y)
    {
        x = product.TransposeLeft ? x.transpose(x.dim - 2, x.dim - 1) : x;
        y = product.TransposeRight ? y.transpose(y.dim - 2, y.dim - 1) : y;
        return x.dim == 2 ? x.matmul(y) : Node.Op(new UnlikeInTwo(new MatMul(false, false), (a, b) => a.MatMulTT(b))).Invoke(new(x, y));
    }

    /// <summary>A primitive's value as it is defined, computed on the processor.</summary>
    internal static RawTensor Defined(Primitive primitive, params RawTensor[] inputs) =>
        DiffSharpTensor.Of(primitive.Evaluate([.. inputs.Select(input => new DiffSharpTensor(Node.ofRawTensor(input)).ToDense())])).Node.primalRaw;
}

/// <summary>A primitive of one input with a value as given and the derivatives that the primitive defines.</summary>
internal sealed class Unlike(Primitive primitive, Func<RawTensor, RawTensor> value) : UnaryOp(primitive.Name)
{
    public override RawTensor fRaw(RawTensor a) => value(a);

    public override Node ad_dfda(Node a, Node ad, Node f) => primitive.Pushforward<DiffSharpTensor>([new(a)], [new(ad)], new(f)).Node;

    public override Node fd_dfda(Node a, Node f, Node fd) => primitive.Pullback<DiffSharpTensor>([new(a)], new(f), new(fd))[0].Node;
}

/// <summary>A primitive of two inputs with a value as given and the derivatives that the primitive defines.</summary>
internal sealed class UnlikeInTwo(Primitive primitive, Func<RawTensor, RawTensor, RawTensor> value) : BinaryOp(primitive.Name)
{
    public override RawTensor fRaw(RawTensor a, RawTensor b) => value(a, b);

    public override Node ad_dfda(Node a, Node ad, Node b, Node f) => Forward(a, ad, b, Operations.Full(Shape.Of(b.shape), 0), f);

    public override Node bd_dfdb(Node a, Node b, Node bd, Node f) => Forward(a, Operations.Full(Shape.Of(a.shape), 0), b, bd, f);

    public override Node fd_dfda(Node a, Node b, Node f, Node fd) => primitive.Pullback<DiffSharpTensor>([new(a), new(b)], new(f), new(fd))[0].Node;

    public override Node fd_dfdb(Node a, Node b, Node f, Node fd) => primitive.Pullback<DiffSharpTensor>([new(a), new(b)], new(f), new(fd))[1].Node;

    private Node Forward(Node a, Node ad, Node b, Node bd, Node f) =>
        primitive.Pushforward<DiffSharpTensor>([new(a), new(b)], [new(ad), new(bd)], new(f)).Node;
}
