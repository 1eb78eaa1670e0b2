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
    public static void Multiply(int k, T* a, T* b, T* c, int stride, bool add)
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
            var a0 = Vector512.Create(a[0]);
            c00 = Fused.MultiplyAdd(a0, b0, c00);
            var a1 = Vector512.Create(a[1]);
            c10 = Fused.MultiplyAdd(a1, b0, c10);
            var a2 = Vector512.Create(a[2]);
            c20 = Fused.MultiplyAdd(a2, b0, c20);
            var a3 = Vector512.Create(a[3]);
            c30 = Fused.MultiplyAdd(a3, b0, c30);
            var a4 = Vector512.Create(a[4]);
            c40 = Fused.MultiplyAdd(a4, b0, c40);
            var a5 = Vector512.Create(a[5]);
            c50 = Fused.MultiplyAdd(a5, b0, c50);
            var a6 = Vector512.Create(a[6]);
            c60 = Fused.MultiplyAdd(a6, b0, c60);
            var a7 = Vector512.Create(a[7]);
            c70 = Fused.MultiplyAdd(a7, b0, c70);
            a += Rows;
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
