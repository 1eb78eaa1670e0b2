using System.Collections.Immutable;
using Grokking.Tensors;
using Grokking.Tensors.Primitives;
using Node = global::DiffSharp.Tensor;

namespace Grokking.DiffSharp;

/// <summary>
/// The algebra read by DiffSharp 1.0.7: each primitive becomes operations of DiffSharp, which records them and differentiates them by
/// its own rules. Immutable. Device and number type are the process's (<see cref="DiffSharpReading"/>).
/// </summary>
/// <remarks>
/// Where DiffSharp lacks an operation, or its derivative is not the primitive's, the remark at the operation says so. Not as defined:
/// the largest of numbers among which one is NaN, on the Reference backend, and the larger of −∞ and a number (NaN).
/// </remarks>
public sealed class DiffSharpTensor : ITensor<DiffSharpTensor>
{
    internal DiffSharpTensor(Node node)
    {
        Node = node;
        Shape = Shape.Of(node.shape);
    }

    /// <inheritdoc/>
    public Shape Shape { get; }

    /// <summary>DiffSharp's tensor.</summary>
    internal Node Node { get; }

    /// <summary>Numbers as a tensor of DiffSharp, rounded to the process's number type.</summary>
    public static DiffSharpTensor Of(Dense numbers)
    {
        ArgumentNullException.ThrowIfNull(numbers);
        return new(Operations.Constant(numbers));
    }

    /// <summary>The elements as numbers, without their history.</summary>
    public Dense ToDense() => Operations.Numbers(Node);

    /// <inheritdoc/>
    public static DiffSharpTensor Apply(Primitive primitive, params ImmutableArray<DiffSharpTensor> inputs)
    {
        ArgumentNullException.ThrowIfNull(primitive);
        var shape = primitive.ShapeOf([.. inputs.Select(input => input.Shape)]);
        return new(inputs switch
        {
            [] => Constant(primitive, shape),
            [var x] => Unary(primitive, x.Node, shape),
            [var x, var y] => Binary(primitive, x.Node, y.Node),
            _ => throw Unknown(primitive),
        });
    }

    /// <inheritdoc/>
    public static DiffSharpTensor operator +(DiffSharpTensor left, DiffSharpTensor right) => Tensors.Tensor.Add(left, right);

    /// <inheritdoc/>
    public static DiffSharpTensor operator -(DiffSharpTensor left, DiffSharpTensor right) => Tensors.Tensor.Subtract(left, right);

    /// <inheritdoc/>
    public static DiffSharpTensor operator *(DiffSharpTensor left, DiffSharpTensor right) => Tensors.Tensor.Multiply(left, right);

    /// <inheritdoc/>
    public static DiffSharpTensor operator /(DiffSharpTensor left, DiffSharpTensor right) => Tensors.Tensor.Divide(left, right);

    private static Node Constant(Primitive primitive, Shape shape) =>
        primitive is Fill fill ? Operations.Full(shape, fill.Value) : Operations.Constant(primitive.Evaluate([]));

    private static Node Unary(Primitive primitive, Node x, Shape shape) => primitive switch
    {
        Negate => -x,
        Exp => x.exp(),
        Log => x.log(),
        Sqrt => x.sqrt(),
        Tanh => x.tanh(),
        Erf => Node.Op(new ErrorFunction()).Invoke(x),
        Detach => x.noDiff(),
        Sum sum => Operations.Sum(x, sum.Over),
        Max => Node.Op(new Largest()).Invoke(x),
        ArgMax => x.noDiff().argmax(x.dim - 1, true).cast(x.dtype),
        Gather gather => Operations.OneHot(gather.Rows).matmul(Operations.Rows(x)).view(Lengths(shape)),
        ScatterAdd scatter => Operations.OneHot(scatter.Rows).transpose().matmul(Operations.Rows(x)).view(Lengths(shape)),
        BroadcastTo => x.expand(Lengths(shape)),
        Reshape => x.view(Lengths(shape)),
        Transpose transpose => x.permute(transpose.Order.Values),
        Slice slice => Operations.Slice(x, slice),
        Pad pad => Operations.Full(shape, 0).addSlice(Enumerable.Range(0, x.dim).Select(axis => axis == pad.Axis ? pad.Start : 0), x),
        _ => throw Unknown(primitive),
    };

    private static Node Binary(Primitive primitive, Node x, Node y) => primitive switch
    {
        Add => x + y,
        Subtract => x - y,
        Multiply => x * y,
        Divide => x / y,
        Maximum => Operations.Maximum(x, y),
        Greater => x.gt(y).cast(x.dtype),
        EqualTo => x.eq(y).cast(x.dtype),
        MatMul product => Operations.MatMul(
            product.TransposeLeft ? x.transpose(x.dim - 2, x.dim - 1) : x,
            product.TransposeRight ? y.transpose(y.dim - 2, y.dim - 1) : y),
        _ => throw Unknown(primitive),
    };

    private static ImmutableArray<int> Lengths(Shape shape) => shape.Lengths;

    private static InvalidOperationException Unknown(Primitive primitive) => new($"DiffSharp has no reading of {primitive.Name}.");
}
