using System.Collections.Immutable;
using global::DiffSharp;
using Grokking.Tensors;
using Grokking.Tensors.Primitives;
using Node = global::DiffSharp.Tensor;

namespace Grokking.DiffSharp;

/// <summary>
/// The algebra read by DiffSharp 1.0.7: each primitive becomes operations of DiffSharp, which records them and differentiates them by
/// its own rules. Immutable. Device and number type are the process's (<see cref="DiffSharpReading"/>).
/// </summary>
/// <remarks>
/// What DiffSharp lacks, or differentiates otherwise, has the derivatives that the primitive itself defines. Not as defined: the largest
/// of numbers among which one is NaN, on the Reference backend, and the larger of −∞ and a number (NaN).
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
        return new(dsharp.tensor(numbers.Span.ToArray(), null, DtypeModule.Default, null).view(numbers.Shape.Lengths));
    }

    /// <summary>The elements as numbers, without their history.</summary>
    public Dense ToDense()
    {
        var flat = Node.noDiff().cast(Dtype.Float64).cpu().view([Node.nelement]);
        return Dense.Of(Shape, Node.nelement == 0 ? [] : flat.toArray1D<double>());
    }

    /// <inheritdoc/>
    public static DiffSharpTensor Apply(Primitive primitive, params ImmutableArray<DiffSharpTensor> inputs)
    {
        ArgumentNullException.ThrowIfNull(primitive);
        var shape = primitive.ShapeOf([.. inputs.Select(input => input.Shape)]);
        return new(Read(primitive, [.. inputs.Select(input => input.Node)], shape));
    }

    /// <inheritdoc/>
    public static DiffSharpTensor operator +(DiffSharpTensor left, DiffSharpTensor right) => Tensors.Tensor.Add(left, right);

    /// <inheritdoc/>
    public static DiffSharpTensor operator -(DiffSharpTensor left, DiffSharpTensor right) => Tensors.Tensor.Subtract(left, right);

    /// <inheritdoc/>
    public static DiffSharpTensor operator *(DiffSharpTensor left, DiffSharpTensor right) => Tensors.Tensor.Multiply(left, right);

    /// <inheritdoc/>
    public static DiffSharpTensor operator /(DiffSharpTensor left, DiffSharpTensor right) => Tensors.Tensor.Divide(left, right);

    /// <summary>The table of words; a primitive that is not in it has its definition's value and derivatives.</summary>
    private static Node Read(Primitive primitive, ImmutableArray<Node> inputs, Shape shape) => (primitive, inputs) switch
    {
        (Fill fill, _) => Operations.Full(shape, fill.Value),
        (_, []) => Of(primitive.Evaluate([])).Node,
        (Negate, [var x]) => -x,
        (Exp, [var x]) => x.exp(),
        (Log, [var x]) => x.log(),
        (Sqrt, [var x]) => x.sqrt(),
        (Tanh, [var x]) => x.tanh(),
        (Detach, [var x]) => x.noDiff(),
        (Sum sum, [var x]) => sum.Over.Values.Aggregate(x, (partial, axis) => partial.sum(axis, true, null)),
        (Max, [var x]) => Node.Op(new Unlike(primitive, a => a.MaxReduceT(a.Dim - 1, true).Item1)).Invoke(x),
        (ArgMax, [var x]) => x.noDiff().argmax(x.dim - 1, true).cast(x.dtype),
        (Gather gather, [var x]) => Operations.OneHot(gather.Rows).matmul(Operations.Rows(x)).view(shape.Lengths),
        (ScatterAdd scatter, [var x]) => Operations.OneHot(scatter.Rows).transpose().matmul(Operations.Rows(x)).view(shape.Lengths),
        (BroadcastTo, [var x]) => x.expand(shape.Lengths),
        (Reshape, [var x]) => x.view(shape.Lengths),
        (Transpose transpose, [var x]) => x.permute(transpose.Order.Values),
        (Slice slice, [var x]) => Operations.Slice(x, slice),
        (Pad pad, [var x]) => Operations.Full(shape, 0).addSlice(Enumerable.Range(0, x.dim).Select(axis => axis == pad.Axis ? pad.Start : 0), x),
        (Add, [var x, var y]) => x + y,
        (Subtract, [var x, var y]) => x - y,
        (Multiply, [var x, var y]) => x * y,
        (Divide, [var x, var y]) => x / y,
        (Maximum, [var x, var y]) => Operations.Maximum(x, y),
        (Greater, [var x, var y]) => x.gt(y).cast(x.dtype),
        (EqualTo, [var x, var y]) => x.eq(y).cast(x.dtype),
        (MatMul product, [var x, var y]) => Operations.MatMul(product, x, y),
        (_, [var x]) => Node.Op(new Unlike(primitive, a => Operations.Defined(primitive, a))).Invoke(x),
        (_, [var x, var y]) => Node.Op(new UnlikeInTwo(primitive, (a, b) => Operations.Defined(primitive, a, b))).Invoke(new(x, y)),
        _ => throw new InvalidOperationException($"DiffSharp has no reading of {primitive.Name}."),
    };
}
