using System.Numerics;

namespace Grokking.Engine.Cpu;

/// <summary>4 rows × 2 vectors of whatever width the runtime offers: 8 accumulators, which every machine has registers for.</summary>
internal readonly unsafe struct Kernel4x2<T> : IMicroKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static int Rows => 4;

    /// <inheritdoc/>
    public static int Columns => 2 * Vector<T>.Count;

    /// <inheritdoc/>
    public static void Multiply(int k, T* a, nint row, nint step, T* b, T* c, nint stride, bool add)
    {
        var c00 = Vector<T>.Zero;
        var c01 = Vector<T>.Zero;
        var c10 = Vector<T>.Zero;
        var c11 = Vector<T>.Zero;
        var c20 = Vector<T>.Zero;
        var c21 = Vector<T>.Zero;
        var c30 = Vector<T>.Zero;
        var c31 = Vector<T>.Zero;
        for (var i = 0; i < k; i++)
        {
            var b0 = Vector.Load(b);
            var b1 = Vector.Load(b + Vector<T>.Count);
            var x0 = new Vector<T>(*a);
            c00 = Fused.MultiplyAdd(x0, b0, c00);
            c01 = Fused.MultiplyAdd(x0, b1, c01);
            var x1 = new Vector<T>(a[row]);
            c10 = Fused.MultiplyAdd(x1, b0, c10);
            c11 = Fused.MultiplyAdd(x1, b1, c11);
            var x2 = new Vector<T>(a[2 * row]);
            c20 = Fused.MultiplyAdd(x2, b0, c20);
            c21 = Fused.MultiplyAdd(x2, b1, c21);
            var x3 = new Vector<T>(a[3 * row]);
            c30 = Fused.MultiplyAdd(x3, b0, c30);
            c31 = Fused.MultiplyAdd(x3, b1, c31);
            a += step;
            b += Columns;
        }

        if (add)
        {
            c00 += Vector.Load(c);
            c01 += Vector.Load(c + Vector<T>.Count);
            c10 += Vector.Load(c + stride);
            c11 += Vector.Load(c + stride + Vector<T>.Count);
            c20 += Vector.Load(c + (2 * stride));
            c21 += Vector.Load(c + (2 * stride) + Vector<T>.Count);
            c30 += Vector.Load(c + (3 * stride));
            c31 += Vector.Load(c + (3 * stride) + Vector<T>.Count);
        }

        c00.Store(c);
        c01.Store(c + Vector<T>.Count);
        c10.Store(c + stride);
        c11.Store(c + stride + Vector<T>.Count);
        c20.Store(c + (2 * stride));
        c21.Store(c + (2 * stride) + Vector<T>.Count);
        c30.Store(c + (3 * stride));
        c31.Store(c + (3 * stride) + Vector<T>.Count);
    }
}
