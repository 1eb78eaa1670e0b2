using System.Numerics;
using System.Runtime.Intrinsics;

namespace Grokking.Engine.Cpu;

/// <summary>8 rows × 2 vectors of 512 bits: 16 accumulators of the 32 registers of AVX-512, enough to hide the latency of the multiply-adds.</summary>
internal readonly unsafe struct Kernel8x2<T> : IMicroKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static int Rows => 8;

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
        var c40 = Vector512<T>.Zero;
        var c41 = Vector512<T>.Zero;
        var c50 = Vector512<T>.Zero;
        var c51 = Vector512<T>.Zero;
        var c60 = Vector512<T>.Zero;
        var c61 = Vector512<T>.Zero;
        var c70 = Vector512<T>.Zero;
        var c71 = Vector512<T>.Zero;
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
            var x4 = Vector512.Create(a[4 * row]);
            c40 = Fused.MultiplyAdd(x4, b0, c40);
            c41 = Fused.MultiplyAdd(x4, b1, c41);
            var x5 = Vector512.Create(a[5 * row]);
            c50 = Fused.MultiplyAdd(x5, b0, c50);
            c51 = Fused.MultiplyAdd(x5, b1, c51);
            var x6 = Vector512.Create(a[6 * row]);
            c60 = Fused.MultiplyAdd(x6, b0, c60);
            c61 = Fused.MultiplyAdd(x6, b1, c61);
            var x7 = Vector512.Create(a[7 * row]);
            c70 = Fused.MultiplyAdd(x7, b0, c70);
            c71 = Fused.MultiplyAdd(x7, b1, c71);
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
            c40 += Vector512.Load(c + (4 * stride));
            c41 += Vector512.Load(c + (4 * stride) + Vector512<T>.Count);
            c50 += Vector512.Load(c + (5 * stride));
            c51 += Vector512.Load(c + (5 * stride) + Vector512<T>.Count);
            c60 += Vector512.Load(c + (6 * stride));
            c61 += Vector512.Load(c + (6 * stride) + Vector512<T>.Count);
            c70 += Vector512.Load(c + (7 * stride));
            c71 += Vector512.Load(c + (7 * stride) + Vector512<T>.Count);
        }

        c00.Store(c);
        c01.Store(c + Vector512<T>.Count);
        c10.Store(c + stride);
        c11.Store(c + stride + Vector512<T>.Count);
        c20.Store(c + (2 * stride));
        c21.Store(c + (2 * stride) + Vector512<T>.Count);
        c30.Store(c + (3 * stride));
        c31.Store(c + (3 * stride) + Vector512<T>.Count);
        c40.Store(c + (4 * stride));
        c41.Store(c + (4 * stride) + Vector512<T>.Count);
        c50.Store(c + (5 * stride));
        c51.Store(c + (5 * stride) + Vector512<T>.Count);
        c60.Store(c + (6 * stride));
        c61.Store(c + (6 * stride) + Vector512<T>.Count);
        c70.Store(c + (7 * stride));
        c71.Store(c + (7 * stride) + Vector512<T>.Count);
    }
}
