using System.Numerics;
using System.Runtime.Intrinsics;

namespace Grokking.Engine.Cpu;

/// <summary>14 rows × 1 vector of 512 bits: for the last few columns, where a wide kernel would mostly multiply zeros.</summary>
internal readonly unsafe struct Kernel14x1<T> : IMicroKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static int Rows => 14;

    /// <inheritdoc/>
    public static int Columns => 1 * Vector512<T>.Count;

    /// <inheritdoc/>
    public static void Multiply(int k, T* a, nint row, nint step, T* b, T* c, nint stride, bool add)
    {
        var a3p = a + (3 * row);
        var a6p = a + (6 * row);
        var a9p = a + (9 * row);
        var a12p = a + (12 * row);
        var c00 = Vector512<T>.Zero;
        var c10 = Vector512<T>.Zero;
        var c20 = Vector512<T>.Zero;
        var c30 = Vector512<T>.Zero;
        var c40 = Vector512<T>.Zero;
        var c50 = Vector512<T>.Zero;
        var c60 = Vector512<T>.Zero;
        var c70 = Vector512<T>.Zero;
        var c80 = Vector512<T>.Zero;
        var c90 = Vector512<T>.Zero;
        var c100 = Vector512<T>.Zero;
        var c110 = Vector512<T>.Zero;
        var c120 = Vector512<T>.Zero;
        var c130 = Vector512<T>.Zero;
        var row2 = 2 * row;
        for (var i = 0; i < k; i++)
        {
            var b0 = Vector512.Load(b);
            var x0 = Vector512.Create(*a);
            c00 = Fused.MultiplyAdd(x0, b0, c00);
            var x1 = Vector512.Create(a[row]);
            c10 = Fused.MultiplyAdd(x1, b0, c10);
            var x2 = Vector512.Create(a[row2]);
            c20 = Fused.MultiplyAdd(x2, b0, c20);
            var x3 = Vector512.Create(*a3p);
            c30 = Fused.MultiplyAdd(x3, b0, c30);
            var x4 = Vector512.Create(a3p[row]);
            c40 = Fused.MultiplyAdd(x4, b0, c40);
            var x5 = Vector512.Create(a3p[row2]);
            c50 = Fused.MultiplyAdd(x5, b0, c50);
            var x6 = Vector512.Create(*a6p);
            c60 = Fused.MultiplyAdd(x6, b0, c60);
            var x7 = Vector512.Create(a6p[row]);
            c70 = Fused.MultiplyAdd(x7, b0, c70);
            var x8 = Vector512.Create(a6p[row2]);
            c80 = Fused.MultiplyAdd(x8, b0, c80);
            var x9 = Vector512.Create(*a9p);
            c90 = Fused.MultiplyAdd(x9, b0, c90);
            var x10 = Vector512.Create(a9p[row]);
            c100 = Fused.MultiplyAdd(x10, b0, c100);
            var x11 = Vector512.Create(a9p[row2]);
            c110 = Fused.MultiplyAdd(x11, b0, c110);
            var x12 = Vector512.Create(*a12p);
            c120 = Fused.MultiplyAdd(x12, b0, c120);
            var x13 = Vector512.Create(a12p[row]);
            c130 = Fused.MultiplyAdd(x13, b0, c130);
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
            c10 += Vector512.Load(c + stride);
            c20 += Vector512.Load(c + (2 * stride));
            c30 += Vector512.Load(c + (3 * stride));
            c40 += Vector512.Load(c + (4 * stride));
            c50 += Vector512.Load(c + (5 * stride));
            c60 += Vector512.Load(c + (6 * stride));
            c70 += Vector512.Load(c + (7 * stride));
            c80 += Vector512.Load(c + (8 * stride));
            c90 += Vector512.Load(c + (9 * stride));
            c100 += Vector512.Load(c + (10 * stride));
            c110 += Vector512.Load(c + (11 * stride));
            c120 += Vector512.Load(c + (12 * stride));
            c130 += Vector512.Load(c + (13 * stride));
        }

        c00.Store(c);
        c10.Store(c + stride);
        c20.Store(c + (2 * stride));
        c30.Store(c + (3 * stride));
        c40.Store(c + (4 * stride));
        c50.Store(c + (5 * stride));
        c60.Store(c + (6 * stride));
        c70.Store(c + (7 * stride));
        c80.Store(c + (8 * stride));
        c90.Store(c + (9 * stride));
        c100.Store(c + (10 * stride));
        c110.Store(c + (11 * stride));
        c120.Store(c + (12 * stride));
        c130.Store(c + (13 * stride));
    }
}
