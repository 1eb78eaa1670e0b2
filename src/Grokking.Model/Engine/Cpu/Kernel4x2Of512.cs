using System.Numerics;
using System.Runtime.Intrinsics;

namespace Grokking.Engine.Cpu;

/// <summary>4 rows × 2 vectors of 512 bits: for the last rows, of which a block of 14 would waste most.</summary>
internal readonly unsafe struct Kernel4x2Of512<T> : IMicroKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static int Rows => 4;

    /// <inheritdoc/>
    public static int Columns => 2 * Vector512<T>.Count;

    /// <inheritdoc/>
    public static void Multiply(int k, T* a, nint row, nint step, T* b, T* c, nint stride, bool add)
    {
        var c00 = Vector512<T>.Zero;
        var c01 = Vector512<T>.Zero;
        var c10 = Vector512<T>.Zero;
        var c11 = Vector512<T>.Zero;
        var c20 = Vector512<T>.Zero;
        var c21 = Vector512<T>.Zero;
        var c30 = Vector512<T>.Zero;
        var c31 = Vector512<T>.Zero;
        for (var i = 0; i < k; i++)
        {
            var b0 = Vector512.Load(b);
            var b1 = Vector512.Load(b + Vector512<T>.Count);
            var x0 = Vector512.Create(*a);
            c00 = Fused.MultiplyAdd(x0, b0, c00);
            c01 = Fused.MultiplyAdd(x0, b1, c01);
            var x1 = Vector512.Create(a[row]);
            c10 = Fused.MultiplyAdd(x1, b0, c10);
            c11 = Fused.MultiplyAdd(x1, b1, c11);
            var x2 = Vector512.Create(a[2 * row]);
            c20 = Fused.MultiplyAdd(x2, b0, c20);
            c21 = Fused.MultiplyAdd(x2, b1, c21);
            var x3 = Vector512.Create(a[3 * row]);
            c30 = Fused.MultiplyAdd(x3, b0, c30);
            c31 = Fused.MultiplyAdd(x3, b1, c31);
            a += step;
            b += Columns;
        }

        if (add)
        {
            c00 += Vector512.Load(c);
            c01 += Vector512.Load(c + Vector512<T>.Count);
            c10 += Vector512.Load(c + stride);
            c11 += Vector512.Load(c + stride + Vector512<T>.Count);
            c20 += Vector512.Load(c + (2 * stride));
            c21 += Vector512.Load(c + (2 * stride) + Vector512<T>.Count);
            c30 += Vector512.Load(c + (3 * stride));
            c31 += Vector512.Load(c + (3 * stride) + Vector512<T>.Count);
        }

        c00.Store(c);
        c01.Store(c + Vector512<T>.Count);
        c10.Store(c + stride);
        c11.Store(c + stride + Vector512<T>.Count);
        c20.Store(c + (2 * stride));
        c21.Store(c + (2 * stride) + Vector512<T>.Count);
        c30.Store(c + (3 * stride));
        c31.Store(c + (3 * stride) + Vector512<T>.Count);
    }
}
