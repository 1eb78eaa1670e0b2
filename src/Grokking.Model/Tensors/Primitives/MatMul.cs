using System.Collections.Immutable;
using Grokking.Tensors.Primitives;

namespace Grokking.Tensors
{
    public static partial class Tensor
    {
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
    }
}

namespace Grokking.Tensors.Primitives
{
    /// <summary>
    /// The matrix product over the last two axes, C = op(A)·op(B), where op transposes the last two axes or leaves them:
    /// [..., m, k] × [..., k, n] → [..., m, n]. Leading axes are equal and pair up.
    /// </summary>
    public sealed record MatMul(bool TransposeLeft, bool TransposeRight) : Primitive
    {
        /// <inheritdoc/>
        public override string Name => $"MatMul{(TransposeLeft ? 'T' : 'N')}{(TransposeRight ? 'T' : 'N')}";

        /// <inheritdoc/>
        public override Shape ShapeOf(ImmutableArray<Shape> inputs)
        {
            Require(inputs.Length == 2 && inputs[0].Rank >= 2 && inputs[0].Rank == inputs[1].Rank, inputs, "it takes two tensors of one rank, at least 2");
            var (m, k, inner, n) = Sizes(inputs[0], inputs[1]);
            Require(k == inner, inputs, $"inner lengths {k} and {inner} must be equal");
            Require(inputs[0].Lengths[..^2].SequenceEqual(inputs[1].Lengths[..^2]), inputs, "leading axes must be equal");
            return Shape.Of([.. inputs[0].Lengths[..^2], m, n]);
        }

        /// <inheritdoc/>
        public override Dense Evaluate(ImmutableArray<Dense> inputs)
        {
            var (left, right) = (inputs[0], inputs[1]);
            var (m, k, _, n) = Sizes(left.Shape, right.Shape);
            var shape = ShapeOf([left.Shape, right.Shape]);
            var products = new double[shape.Count];
            for (var place = 0; place < products.Length; place++)
            {
                var (matrix, cell) = Math.DivRem(place, m * n);
                var (i, j) = Math.DivRem(cell, n);
                for (var inner = 0; inner < k; inner++)
                {
                    var a = left.Span[(matrix * m * k) + (TransposeLeft ? (inner * m) + i : (i * k) + inner)];
                    var b = right.Span[(matrix * k * n) + (TransposeRight ? (j * k) + inner : (inner * n) + j)];
                    products[place] += a * b;
                }
            }

            return Dense.Own(shape, products);
        }

        /// <inheritdoc/>
        public override T Pushforward<T>(ImmutableArray<T> inputs, ImmutableArray<T> tangents, T output) =>
            T.Apply(this, tangents[0], inputs[1]) + T.Apply(this, inputs[0], tangents[1]);

        /// <summary>For C = A·B: dA = dC·Bᵀ and dB = Aᵀ·dC; the flags say how A and B lie in memory.</summary>
        public override ImmutableArray<T> Pullback<T>(ImmutableArray<T> inputs, T output, T cotangent)
        {
            var (a, b) = (inputs[0], inputs[1]);
            var dA = TransposeLeft ? T.Apply(new MatMul(TransposeRight, true), b, cotangent) : T.Apply(new MatMul(false, !TransposeRight), cotangent, b);
            var dB = TransposeRight ? T.Apply(new MatMul(true, TransposeLeft), cotangent, a) : T.Apply(new MatMul(!TransposeLeft, false), a, cotangent);
            return [dA, dB];
        }

        /// <summary>m, k of op(A); k, n of op(B).</summary>
        internal (int M, int K, int Inner, int N) Sizes(Shape left, Shape right)
        {
            var (a0, a1) = (left[left.Rank - 2], left[left.Rank - 1]);
            var (b0, b1) = (right[right.Rank - 2], right[right.Rank - 1]);
            return (TransposeLeft ? a1 : a0, TransposeLeft ? a0 : a1, TransposeRight ? b1 : b0, TransposeRight ? b0 : b1);
        }
    }
}
