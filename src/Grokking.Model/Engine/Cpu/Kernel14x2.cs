using System.Numerics;
using System.Runtime.Intrinsics;

namespace Grokking.Engine.Cpu;

/// <summary>14 rows × 2 vectors of 512 bits: 28 accumulators of the 32 registers of AVX-512.</summary>
internal readonly unsafe struct Kernel14x2<T> : IMicroKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static int Rows => 14;

    /// <inheritdoc/>
    public static int Columns => 2 * Vector512<T>.Count;

    /// <inheritdoc/>
    public static void Multiply(int k, T* a, nint row, nint step, T* b, T* c, nint stride, bool add)
    {
        var a3p = a + (3 * row);
        var a6p = a + (6 * row);
        var a9p = a + (9 * row);
        var a12p = a + (12 * row);
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
        var c80 = Vector512<T>.Zero;
        var c81 = Vector512<T>.Zero;
        var c90 = Vector512<T>.Zero;
        var c91 = Vector512<T>.Zero;
        var c100 = Vector512<T>.Zero;
        var c101 = Vector512<T>.Zero;
        var c110 = Vector512<T>.Zero;
        var c111 = Vector512<T>.Zero;
        var c120 = Vector512<T>.Zero;
        var c121 = Vector512<T>.Zero;
        var c130 = Vector512<T>.Zero;
        var c131 = Vector512<T>.Zero;
        var row2 = 2 * row;
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
            var x2 = Vector512.Create(a[row2]);
            c20 = Fused.MultiplyAdd(x2, b0, c20);
            c21 = Fused.MultiplyAdd(x2, b1, c21);
            var x3 = Vector512.Create(*a3p);
            c30 = Fused.MultiplyAdd(x3, b0, c30);
            c31 = Fused.MultiplyAdd(x3, b1, c31);
            var x4 = Vector512.Create(a3p[row]);
            c40 = Fused.MultiplyAdd(x4, b0, c40);
            c41 = Fused.MultiplyAdd(x4, b1, c41);
            var x5 = Vector512.Create(a3p[row2]);
            c50 = Fused.MultiplyAdd(x5, b0, c50);
            c51 = Fused.MultiplyAdd(x5, b1, c51);
            var x6 = Vector512.Create(*a6p);
            c60 = Fused.MultiplyAdd(x6, b0, c60);
            c61 = Fused.MultiplyAdd(x6, b1, c61);
            var x7 = Vector512.Create(a6p[row]);
            c70 = Fused.MultiplyAdd(x7, b0, c70);
            c71 = Fused.MultiplyAdd(x7, b1, c71);
            var x8 = Vector512.Create(a6p[row2]);
            c80 = Fused.MultiplyAdd(x8, b0, c80);
            c81 = Fused.MultiplyAdd(x8, b1, c81);
            var x9 = Vector512.Create(*a9p);
            c90 = Fused.MultiplyAdd(x9, b0, c90);
            c91 = Fused.MultiplyAdd(x9, b1, c91);
            var x10 = Vector512.Create(a9p[row]);
            c100 = Fused.MultiplyAdd(x10, b0, c100);
            c101 = Fused.MultiplyAdd(x10, b1, c101);
            var x11 = Vector512.Create(a9p[row2]);
            c110 = Fused.MultiplyAdd(x11, b0, c110);
            c111 = Fused.MultiplyAdd(x11, b1, c111);
            var x12 = Vector512.Create(*a12p);
            c120 = Fused.MultiplyAdd(x12, b0, c120);
            c121 = Fused.MultiplyAdd(x12, b1, c121);
            var x13 = Vector512.Create(a12p[row]);
            c130 = Fused.MultiplyAdd(x13, b0, c130);
            c131 = Fused.MultiplyAdd(x13, b1, c131);
            a += step;
            a3p += step;
            a6p += step;
            a9p += step;
            a12p += step;
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
            c80 += Vector512.Load(c + (8 * stride));
            c81 += Vector512.Load(c + (8 * stride) + Vector512<T>.Count);
            c90 += Vector512.Load(c + (9 * stride));
            c91 += Vector512.Load(c + (9 * stride) + Vector512<T>.Count);
            c100 += Vector512.Load(c + (10 * stride));
            c101 += Vector512.Load(c + (10 * stride) + Vector512<T>.Count);
            c110 += Vector512.Load(c + (11 * stride));
            c111 += Vector512.Load(c + (11 * stride) + Vector512<T>.Count);
            c120 += Vector512.Load(c + (12 * stride));
            c121 += Vector512.Load(c + (12 * stride) + Vector512<T>.Count);
            c130 += Vector512.Load(c + (13 * stride));
            c131 += Vector512.Load(c + (13 * stride) + Vector512<T>.Count);
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
        c80.Store(c + (8 * stride));
        c81.Store(c + (8 * stride) + Vector512<T>.Count);
        c90.Store(c + (9 * stride));
        c91.Store(c + (9 * stride) + Vector512<T>.Count);
        c100.Store(c + (10 * stride));
        c101.Store(c + (10 * stride) + Vector512<T>.Count);
        c110.Store(c + (11 * stride));
        c111.Store(c + (11 * stride) + Vector512<T>.Count);
        c120.Store(c + (12 * stride));
        c121.Store(c + (12 * stride) + Vector512<T>.Count);
        c130.Store(c + (13 * stride));
        c131.Store(c + (13 * stride) + Vector512<T>.Count);
    }
}
