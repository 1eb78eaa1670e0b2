using System.Numerics;
using System.Runtime.Intrinsics;

namespace Grokking.Engine.Cpu;

/// <summary>6 rows × 2 vectors of 256 bits: 12 accumulators of the 16 registers of AVX2.</summary>
internal readonly unsafe struct Kernel6x2<T> : IMicroKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static int Rows => 6;

    /// <inheritdoc/>
    public static int Columns => 2 * Vector256<T>.Count;

    /// <inheritdoc/>
    public static void Multiply(int k, T* a, nint row, nint step, T* b, T* c, nint stride, bool add)
    {
        var c00 = Vector256<T>.Zero;
        var c01 = Vector256<T>.Zero;
        var c10 = Vector256<T>.Zero;
        var c11 = Vector256<T>.Zero;
        var c20 = Vector256<T>.Zero;
        var c21 = Vector256<T>.Zero;
        var c30 = Vector256<T>.Zero;
        var c31 = Vector256<T>.Zero;
        var c40 = Vector256<T>.Zero;
        var c41 = Vector256<T>.Zero;
        var c50 = Vector256<T>.Zero;
        var c51 = Vector256<T>.Zero;
        for (var i = 0; i < k; i++)
        {
            var b0 = Vector256.Load(b);
            var b1 = Vector256.Load(b + Vector256<T>.Count);
            var x0 = Vector256.Create(*a);
            c00 = Fused.MultiplyAdd(x0, b0, c00);
            c01 = Fused.MultiplyAdd(x0, b1, c01);
            var x1 = Vector256.Create(a[row]);
            c10 = Fused.MultiplyAdd(x1, b0, c10);
            c11 = Fused.MultiplyAdd(x1, b1, c11);
            var x2 = Vector256.Create(a[2 * row]);
            c20 = Fused.MultiplyAdd(x2, b0, c20);
            c21 = Fused.MultiplyAdd(x2, b1, c21);
            var x3 = Vector256.Create(a[3 * row]);
            c30 = Fused.MultiplyAdd(x3, b0, c30);
            c31 = Fused.MultiplyAdd(x3, b1, c31);
            var x4 = Vector256.Create(a[4 * row]);
            c40 = Fused.MultiplyAdd(x4, b0, c40);
            c41 = Fused.MultiplyAdd(x4, b1, c41);
            var x5 = Vector256.Create(a[5 * row]);
            c50 = Fused.MultiplyAdd(x5, b0, c50);
            c51 = Fused.MultiplyAdd(x5, b1, c51);
            a += step;
            b += Columns;
        }

        if (add)
        {
            c00 += Vector256.Load(c);
            c01 += Vector256.Load(c + Vector256<T>.Count);
            c10 += Vector256.Load(c + stride);
            c11 += Vector256.Load(c + stride + Vector256<T>.Count);
            c20 += Vector256.Load(c + (2 * stride));
            c21 += Vector256.Load(c + (2 * stride) + Vector256<T>.Count);
            c30 += Vector256.Load(c + (3 * stride));
            c31 += Vector256.Load(c + (3 * stride) + Vector256<T>.Count);
            c40 += Vector256.Load(c + (4 * stride));
            c41 += Vector256.Load(c + (4 * stride) + Vector256<T>.Count);
            c50 += Vector256.Load(c + (5 * stride));
            c51 += Vector256.Load(c + (5 * stride) + Vector256<T>.Count);
        }

        c00.Store(c);
        c01.Store(c + Vector256<T>.Count);
        c10.Store(c + stride);
        c11.Store(c + stride + Vector256<T>.Count);
        c20.Store(c + (2 * stride));
        c21.Store(c + (2 * stride) + Vector256<T>.Count);
        c30.Store(c + (3 * stride));
        c31.Store(c + (3 * stride) + Vector256<T>.Count);
        c40.Store(c + (4 * stride));
        c41.Store(c + (4 * stride) + Vector256<T>.Count);
        c50.Store(c + (5 * stride));
        c51.Store(c + (5 * stride) + Vector256<T>.Count);
    }
}
