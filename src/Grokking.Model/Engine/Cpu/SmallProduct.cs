using System.Numerics;
using Grokking.Tensors.Primitives;

namespace Grokking.Engine.Cpu;

/// <summary>
/// The product of small matrices, C [m, n] (+)= op(A) · op(B), without packing: the heads of an attention over a few tokens. Rows of B are added up in vector lanes where they
/// lie side by side, k in order; where B is transposed, each element is a dot product in lanes.
/// </summary>
internal static unsafe class SmallProduct<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Up to so many multiplications packing costs more than it saves.</summary>
    private const long Most = 32768;

    /// <summary>Whether a product is better taken here.</summary>
    internal static bool Suits(MatMul product, int m, int k, int n) =>
        (long)m * k * n <= Most && (product.TransposeRight ? !product.TransposeLeft && k <= 512 : n <= 512);

    /// <summary>The product; A, B and C lie without gaps.</summary>
    internal static void Multiply(MatMul product, int m, int k, int n, T* a, T* b, T* c, bool add)
    {
        if (product.TransposeRight)
        {
            Dots(m, k, n, a, b, c, add);
        }
        else
        {
            var (row, step) = product.TransposeLeft ? (1, m) : (k, 1);
            for (var i = 0; i < m; i++)
            {
                Row(k, n, a + (i * row), step, b, c + ((long)i * n), add);
            }
        }
    }

    /// <summary>One row of C: the rows of B, each times its element of op(A).</summary>
    private static void Row(int k, int n, T* a, int step, T* b, T* c, bool add)
    {
        var width = Vector<T>.Count;
        var j = 0;
        for (; j <= n - (4 * width); j += 4 * width)
        {
            var (c0, c1, c2, c3) = add
                ? (Vector.Load(c + j), Vector.Load(c + j + width), Vector.Load(c + j + (2 * width)), Vector.Load(c + j + (3 * width)))
                : (Vector<T>.Zero, Vector<T>.Zero, Vector<T>.Zero, Vector<T>.Zero);
            for (var l = 0; l < k; l++)
            {
                var x = new Vector<T>(a[l * step]);
                var from = b + ((long)l * n) + j;
                c0 = Fused.MultiplyAdd(x, Vector.Load(from), c0);
                c1 = Fused.MultiplyAdd(x, Vector.Load(from + width), c1);
                c2 = Fused.MultiplyAdd(x, Vector.Load(from + (2 * width)), c2);
                c3 = Fused.MultiplyAdd(x, Vector.Load(from + (3 * width)), c3);
            }

            c0.Store(c + j);
            c1.Store(c + j + width);
            c2.Store(c + j + (2 * width));
            c3.Store(c + j + (3 * width));
        }

        for (; j <= n - width; j += width)
        {
            var sum = add ? Vector.Load(c + j) : Vector<T>.Zero;
            for (var l = 0; l < k; l++)
            {
                sum = Fused.MultiplyAdd(new Vector<T>(a[l * step]), Vector.Load(b + ((long)l * n) + j), sum);
            }

            sum.Store(c + j);
        }

        for (; j < n; j++)
        {
            var sum = add ? c[j] : T.Zero;
            for (var l = 0; l < k; l++)
            {
                sum = T.FusedMultiplyAdd(a[l * step], b[((long)l * n) + j], sum);
            }

            c[j] = sum;
        }
    }

    /// <summary>Every element as a dot product of a row of A and a row of B.</summary>
    private static void Dots(int m, int k, int n, T* a, T* b, T* c, bool add)
    {
        var inLanes = k - (k % Vector<T>.Count);
        for (var i = 0; i < m; i++, a += k)
        {
            var row = b;
            for (var j = 0; j < n; j++, row += k, c++)
            {
                var lanes = Vector<T>.Zero;
                for (var l = 0; l < inLanes; l += Vector<T>.Count)
                {
                    lanes = Fused.MultiplyAdd(Vector.Load(a + l), Vector.Load(row + l), lanes);
                }

                var sum = inLanes > 0 ? Vector.Sum(lanes) : T.Zero;
                for (var l = inLanes; l < k; l++)
                {
                    sum = T.FusedMultiplyAdd(a[l], row[l], sum);
                }

                *c = add ? *c + sum : sum;
            }
        }
    }
}
