using Grokking.Tensors.Primitives;

namespace Grokking.Tensors;

/// <summary>The primitives of the algebra as functions over any reading. Operands of elementwise functions broadcast.</summary>
public static class Tensor
{
    /// <summary>A tensor whose elements are all equal.</summary>
    public static T Fill<T>(Shape shape, double value)
        where T : ITensor<T> => T.Apply(new Fill(shape, value));

    /// <summary>A single number.</summary>
    public static T Number<T>(double value)
        where T : ITensor<T> => Fill<T>(Shape.Scalar, value);

    /// <summary>Known numbers as a constant of the algebra.</summary>
    public static T Literal<T>(Dense values)
        where T : ITensor<T> => T.Apply(new Literal(values));

    /// <summary>One-hot rows: [count, bound], 1 at each index.</summary>
    public static T OneHot<T>(Indices rows)
        where T : ITensor<T> => T.Apply(new OneHot(rows));

    /// <summary>Indices as numbers: [count, 1].</summary>
    public static T Numbers<T>(Indices rows)
        where T : ITensor<T> => T.Apply(new Numbers(rows));

    /// <summary>Factors of dropout: 0 with probability <paramref name="rate"/>, else 1/(1 − rate), each element by itself.</summary>
    /// <param name="draws">Where the randomness comes from.</param>
    /// <param name="layer">Which of a network's dropouts it is.</param>
    /// <param name="shape">The shape.</param>
    /// <param name="rate">In [0, 1).</param>
    public static T Survivors<T>(Draws draws, int layer, Shape shape, double rate)
        where T : ITensor<T> => T.Apply(new Survivors(draws, layer, shape, rate));

    /// <summary>a + b.</summary>
    public static T Add<T>(T left, T right)
        where T : ITensor<T> => Elementwise(new Add(), left, right);

    /// <summary>a − b.</summary>
    public static T Subtract<T>(T left, T right)
        where T : ITensor<T> => Elementwise(new Subtract(), left, right);

    /// <summary>a·b, elementwise.</summary>
    public static T Multiply<T>(T left, T right)
        where T : ITensor<T> => Elementwise(new Multiply(), left, right);

    /// <summary>a/b.</summary>
    public static T Divide<T>(T left, T right)
        where T : ITensor<T> => Elementwise(new Divide(), left, right);

    /// <summary>The larger of a and b.</summary>
    public static T Maximum<T>(T left, T right)
        where T : ITensor<T> => Elementwise(new Maximum(), left, right);

    /// <summary>1 where a &gt; b, else 0.</summary>
    public static T Greater<T>(T left, T right)
        where T : ITensor<T> => Elementwise(new Greater(), left, right);

    /// <summary>1 where a = b, else 0.</summary>
    public static T EqualTo<T>(T left, T right)
        where T : ITensor<T> => Elementwise(new EqualTo(), left, right);

    /// <summary>−x.</summary>
    public static T Negate<T>(T x)
        where T : ITensor<T> => T.Apply(new Negate(), x);

    /// <summary>x times a constant.</summary>
    public static T Scale<T>(T x, double factor)
        where T : ITensor<T> => T.Apply(new Multiply(), x, Fill<T>(x.Shape, factor));

    /// <summary>x plus a constant.</summary>
    public static T Shift<T>(T x, double amount)
        where T : ITensor<T> => T.Apply(new Add(), x, Fill<T>(x.Shape, amount));

    /// <summary>eˣ.</summary>
    public static T Exp<T>(T x)
        where T : ITensor<T> => T.Apply(new Exp(), x);

    /// <summary>ln x.</summary>
    public static T Log<T>(T x)
        where T : ITensor<T> => T.Apply(new Log(), x);

    /// <summary>√x.</summary>
    public static T Sqrt<T>(T x)
        where T : ITensor<T> => T.Apply(new Sqrt(), x);

    /// <summary>tanh x.</summary>
    public static T Tanh<T>(T x)
        where T : ITensor<T> => T.Apply(new Tanh(), x);

    /// <summary>The error function of x.</summary>
    public static T Erf<T>(T x)
        where T : ITensor<T> => T.Apply(new Erf(), x);

    /// <summary>x as a constant: no derivative passes.</summary>
    public static T Detach<T>(T x)
        where T : ITensor<T> => T.Apply(new Detach(), x);

    /// <summary>The sum over axes, which stay with length 1.</summary>
    public static T Sum<T>(T x, Axes axes)
        where T : ITensor<T> => axes.Count == 0 ? x : T.Apply(new Sum(axes), x);

    /// <summary>The sum of all elements, as a scalar.</summary>
    public static T Total<T>(T x)
        where T : ITensor<T> => Reshape(Sum(x, Axes.All(x.Shape.Rank)), Shape.Scalar);

    /// <summary>The largest element along the last axis, which stays with length 1.</summary>
    public static T Max<T>(T x)
        where T : ITensor<T> => T.Apply(new Max(), x);

    /// <summary>The place of the largest element along the last axis; the lowest among equals.</summary>
    public static T ArgMax<T>(T x)
        where T : ITensor<T> => T.Apply(new ArgMax(), x);

    /// <summary>Rows of a table by index.</summary>
    public static T Gather<T>(T table, Indices rows)
        where T : ITensor<T> => T.Apply(new Gather(rows), table);

    /// <summary>Rows added up by index into a table of as many rows as the indices' bound.</summary>
    public static T ScatterAdd<T>(T rows, Indices places)
        where T : ITensor<T> => T.Apply(new ScatterAdd(places), rows);

    /// <summary>The same elements under another shape.</summary>
    public static T Reshape<T>(T x, Shape shape)
        where T : ITensor<T> => x.Shape.Equals(shape) ? x : T.Apply(new Reshape(shape), x);

    /// <summary>Axes in another order.</summary>
    public static T Transpose<T>(T x, Axes order)
        where T : ITensor<T> => T.Apply(new Transpose(order), x);

    /// <summary>The last two axes exchanged.</summary>
    public static T Transpose<T>(T x)
        where T : ITensor<T>
    {
        var rank = x.Shape.Rank;
        return Transpose(x, Axes.Of([.. Enumerable.Range(0, rank - 2), rank - 1, rank - 2]));
    }

    /// <summary>A contiguous part of one axis.</summary>
    public static T Slice<T>(T x, int axis, int start, int length)
        where T : ITensor<T> => start == 0 && length == x.Shape[axis] ? x : T.Apply(new Slice(axis, start, length), x);

    /// <summary>Zeros around one axis, up to a total length.</summary>
    public static T Pad<T>(T x, int axis, int start, int total)
        where T : ITensor<T> => start == 0 && total == x.Shape[axis] ? x : T.Apply(new Pad(axis, start, total), x);

    /// <summary>Repeated up to a larger shape.</summary>
    public static T BroadcastTo<T>(T x, Shape shape)
        where T : ITensor<T> => x.Shape.Equals(shape) ? x : T.Apply(new BroadcastTo(shape), x);

    /// <summary>
    /// The matrix product over the last two axes. A matrix on the right of a stack [..., m, k] multiplies each of its rows.
    /// </summary>
    public static T MatMul<T>(T left, T right)
        where T : ITensor<T>
    {
        if (right.Shape.Rank != 2 || left.Shape.Rank <= 2)
        {
            return T.Apply(new MatMul(false, false), left, right);
        }

        var inner = left.Shape[left.Shape.Rank - 1];
        var rows = Reshape(left, Shape.Of(inner == 0 ? 0 : left.Shape.Count / inner, inner));
        return Reshape(T.Apply(new MatMul(false, false), rows, right), left.Shape.With(left.Shape.Rank - 1, right.Shape[1]));
    }

    private static T Elementwise<T>(Primitive primitive, T left, T right)
        where T : ITensor<T>
    {
        var shape = Shape.Broadcast(left.Shape, right.Shape);
        return T.Apply(primitive, BroadcastTo(left, shape), BroadcastTo(right, shape));
    }
}
