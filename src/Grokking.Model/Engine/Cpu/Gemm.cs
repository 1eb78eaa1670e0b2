using System.Numerics;
using System.Runtime.Intrinsics.X86;

namespace Grokking.Engine.Cpu;

// C [m, n] (+)= op(A) [m, k] · op(B) [k, n]; panels are packed so that the innermost loop reads both factors straight on

/// <summary>The matrix product of one machine's vector width.</summary>
internal abstract unsafe class Gemm<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Length of a block along k: a panel of B of this length stays in the first-level cache.</summary>
    protected const int Depth = 256;

    /// <summary>The product for this machine.</summary>
    internal static Gemm<T> Best { get; } = Avx512F.IsSupported
        ? new Blocked<T, Kernel8x2<T>, Kernel8x1<T>>()
        : new Blocked<T, Kernel6x2<T>, Kernel6x1<T>>();

    /// <summary>A few words on the kernel, for the numerics profile.</summary>
    internal abstract string Name { get; }

    /// <summary>Elements of a packed right factor.</summary>
    internal abstract long PackedRight(int k, int n);

    /// <summary>Elements of scratch that a product needs besides the packed right factor.</summary>
    internal abstract long Scratch(int m, int k);

    /// <summary>Packs op(B); element (i, j) lies at b[i·rowStep + j·columnStep].</summary>
    internal abstract void PackRight(int k, int n, T* b, long rowStep, long columnStep, T* packed);

    /// <summary>C (+)= op(A)·packed; element (i, j) of op(A) lies at a[i·rowStep + j·columnStep]; C is row-major without gaps.</summary>
    internal abstract void Multiply(int m, int k, int n, T* a, long rowStep, long columnStep, T* packed, T* c, bool add, T* scratch);
}

/// <summary>A blocked product over a wide kernel and a narrow one for the last columns.</summary>
internal sealed unsafe class Blocked<T, TWide, TNarrow> : Gemm<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TWide : struct, IMicroKernel<T>
    where TNarrow : struct, IMicroKernel<T>
{
    internal override string Name => $"{TWide.Rows}x{TWide.Columns}";

    internal override long PackedRight(int k, int n) => (long)k * Rounded(n, TNarrow.Columns);

    internal override long Scratch(int m, int k) => ((long)Rounded(m, TWide.Rows) * Math.Min(k, Depth)) + ((long)TWide.Rows * TWide.Columns);

    internal override void PackRight(int k, int n, T* b, long rowStep, long columnStep, T* packed)
    {
        for (var start = 0; start < k; start += Depth)
        {
            var depth = Math.Min(Depth, k - start);
            for (var column = 0; column < n;)
            {
                var width = WidthAt(column, n);
                Pack(depth, width, Math.Min(width, n - column), b + (start * rowStep) + (column * columnStep), rowStep, columnStep, packed);
                packed += (long)depth * width;
                column += width;
            }
        }
    }

    internal override void Multiply(int m, int k, int n, T* a, long rowStep, long columnStep, T* packed, T* c, bool add, T* scratch)
    {
        var corner = scratch;
        var left = scratch + ((long)TWide.Rows * TWide.Columns);
        for (var start = 0; start < k; start += Depth)
        {
            var depth = Math.Min(Depth, k - start);
            for (var row = 0; row < m; row += TWide.Rows)
            {
                Pack(depth, TWide.Rows, Math.Min(TWide.Rows, m - row), a + (row * rowStep) + (start * columnStep), columnStep, rowStep, left + ((long)row * depth));
            }

            for (var column = 0; column < n;)
            {
                var width = WidthAt(column, n);
                for (var row = 0; row < m; row += TWide.Rows)
                {
                    var panel = left + ((long)row * depth);
                    var cell = c + ((long)row * n) + column;
                    if (m - row >= TWide.Rows && n - column >= width)
                    {
                        Kernel(width, depth, panel, packed, cell, n, add || start > 0);
                    }
                    else
                    {
                        Kernel(width, depth, panel, packed, corner, width, false);
                        Copy(Math.Min(TWide.Rows, m - row), Math.Min(width, n - column), corner, width, cell, n, add || start > 0);
                    }
                }

                packed += (long)depth * width;
                column += width;
            }
        }

        if (k == 0 && !add)
        {
            new Span<T>(c, checked(m * n)).Clear();
        }
    }

    private static int Rounded(int length, int step) => (length + step - 1) / step * step;

    private static int WidthAt(int column, int n) => n - column > TNarrow.Columns ? TWide.Columns : TNarrow.Columns;

    private static void Kernel(int width, int k, T* a, T* b, T* c, int stride, bool add)
    {
        if (width == TWide.Columns)
        {
            TWide.Multiply(k, a, b, c, stride, add);
        }
        else
        {
            TNarrow.Multiply(k, a, b, c, stride, add);
        }
    }

    /// <summary>A panel [depth, width] whose columns beyond the valid ones are zero.</summary>
    private static void Pack(int depth, int width, int valid, T* from, long depthStep, long step, T* to)
    {
        for (var d = 0; d < depth; d++, to += width, from += depthStep)
        {
            if (step == 1)
            {
                new ReadOnlySpan<T>(from, valid).CopyTo(new Span<T>(to, valid));
            }
            else
            {
                for (var i = 0; i < valid; i++)
                {
                    to[i] = from[i * step];
                }
            }

            for (var i = valid; i < width; i++)
            {
                to[i] = T.Zero;
            }
        }
    }

    private static void Copy(int rows, int columns, T* from, int fromStride, T* to, int toStride, bool add)
    {
        for (var row = 0; row < rows; row++, from += fromStride, to += toStride)
        {
            for (var column = 0; column < columns; column++)
            {
                to[column] = add ? to[column] + from[column] : from[column];
            }
        }
    }
}
