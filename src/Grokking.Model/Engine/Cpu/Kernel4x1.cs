using System.Numerics;

namespace Grokking.Engine.Cpu;

/// <summary>4 rows × 1 vector of whatever width the runtime offers: for the last few columns.</summary>
internal readonly unsafe struct Kernel4x1<T> : IMicroKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static int Rows => 4;

    /// <inheritdoc/>
    public static int Columns => 1 * Vector<T>.Count;

    /// <inheritdoc/>
    public static void Multiply(int k, T* a, nint row, nint step, T* b, T* c, nint stride, bool add)
    {
        var c00 = Vector<T>.Zero;
        var c10 = Vector<T>.Zero;
        var c20 = Vector<T>.Zero;
        var c30 = Vector<T>.Zero;
        for (var i = 0; i < k; i++)
        {
            var b0 = Vector.Load(b);
            var x0 = new Vector<T>(*a);
            c00 = Fused.MultiplyAdd(x0, b0, c00);
            var x1 = new Vector<T>(a[row]);
            c10 = Fused.MultiplyAdd(x1, b0, c10);
            var x2 = new Vector<T>(a[2 * row]);
            c20 = Fused.MultiplyAdd(x2, b0, c20);
            var x3 = new Vector<T>(a[3 * row]);
            c30 = Fused.MultiplyAdd(x3, b0, c30);
            a += step;
            b += Columns;
        }

        if (add)
        {
            c00 += Vector.Load(c);
            c10 += Vector.Load(c + stride);
            c20 += Vector.Load(c + (2 * stride));
            c30 += Vector.Load(c + (3 * stride));
        }

        c00.Store(c);
        c10.Store(c + stride);
        c20.Store(c + (2 * stride));
        c30.Store(c + (3 * stride));
    }
}
