using System.Numerics;
using System.Runtime.Intrinsics;

namespace Grokking.Engine.Cpu;

/// <summary>8 rows × 1 vector of 512 bits: for the last few columns, where a wide kernel would mostly multiply zeros.</summary>
internal readonly unsafe struct Kernel8x1<T> : IMicroKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static int Rows => 8;

    /// <inheritdoc/>
    public static int Columns => 1 * Vector512<T>.Count;

    /// <inheritdoc/>
    public static void Multiply(int k, T* a, nint row, nint step, T* b, T* c, nint stride, bool add)
    {
        var c00 = Vector512<T>.Zero;
        var c10 = Vector512<T>.Zero;
        var c20 = Vector512<T>.Zero;
        var c30 = Vector512<T>.Zero;
        var c40 = Vector512<T>.Zero;
        var c50 = Vector512<T>.Zero;
        var c60 = Vector512<T>.Zero;
        var c70 = Vector512<T>.Zero;
        for (var i = 0; i < k; i++)
        {
            var b0 = Vector512.Load(b);
            var x0 = Vector512.Create(*a);
            c00 = Fused.MultiplyAdd(x0, b0, c00);
            var x1 = Vector512.Create(a[row]);
            c10 = Fused.MultiplyAdd(x1, b0, c10);
            var x2 = Vector512.Create(a[2 * row]);
            c20 = Fused.MultiplyAdd(x2, b0, c20);
            var x3 = Vector512.Create(a[3 * row]);
            c30 = Fused.MultiplyAdd(x3, b0, c30);
            var x4 = Vector512.Create(a[4 * row]);
            c40 = Fused.MultiplyAdd(x4, b0, c40);
            var x5 = Vector512.Create(a[5 * row]);
            c50 = Fused.MultiplyAdd(x5, b0, c50);
            var x6 = Vector512.Create(a[6 * row]);
            c60 = Fused.MultiplyAdd(x6, b0, c60);
            var x7 = Vector512.Create(a[7 * row]);
            c70 = Fused.MultiplyAdd(x7, b0, c70);
            a += step;
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
        }

        c00.Store(c);
        c10.Store(c + stride);
        c20.Store(c + (2 * stride));
        c30.Store(c + (3 * stride));
        c40.Store(c + (4 * stride));
        c50.Store(c + (5 * stride));
        c60.Store(c + (6 * stride));
        c70.Store(c + (7 * stride));
    }
}
