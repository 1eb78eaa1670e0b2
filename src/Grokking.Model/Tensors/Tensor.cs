using Grokking.Tensors.Primitives;

namespace Grokking.Tensors;

/// <summary>
/// The primitives of the algebra as functions over any reading: each stands in the file of its primitive, and what is made of several here.
/// Operands of elementwise functions broadcast.
/// </summary>
public static partial class Tensor
{
    /// <summary>A single number.</summary>
    public static T Number<T>(double value)
        where T : ITensor<T> => Fill<T>(Shape.Scalar, value);

    /// <summary>x times a constant.</summary>
    public static T Scale<T>(T x, double factor)
        where T : ITensor<T> => T.Apply(new Multiply(), x, Fill<T>(x.Shape, factor));

    /// <summary>x plus a constant.</summary>
    public static T Shift<T>(T x, double amount)
        where T : ITensor<T> => T.Apply(new Add(), x, Fill<T>(x.Shape, amount));

    /// <summary>The sum of all elements, as a scalar.</summary>
    public static T Total<T>(T x)
        where T : ITensor<T> => Reshape(Sum(x, Axes.All(x.Shape.Rank)), Shape.Scalar);

    private static T Elementwise<T>(Primitive primitive, T left, T right)
        where T : ITensor<T>
    {
        var shape = Shape.Broadcast(left.Shape, right.Shape);
        return T.Apply(primitive, BroadcastTo(left, shape), BroadcastTo(right, shape));
    }
}
