using System.Numerics;

namespace Grokking.Engine.Cpu;

/// <summary>
/// A blocked product. Columns are worked off in wide panels, then a narrow one, then (where that would mostly multiply zeros) one by one;
/// k in blocks, so that a panel of B stays in the first-level cache while all rows of A pass by. A few last rows are worked off by a kernel of fewer rows and as many columns.
/// </summary>
internal sealed unsafe class Blocked<T, TWide, TNarrow, TShort> : Gemm<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TWide : struct, IMicroKernel<T>
    where TNarrow : struct, IMicroKernel<T>
    where TShort : struct, IMicroKernel<T>
{
    /// <summary>Length of a block along k: 256 × 32 float32 fill a first-level cache of 32 KiB.</summary>
    private const int Depth = 256;

    /// <summary>Up to so many last columns are computed one by one.</summary>
    private const int FewColumns = 2;

    internal override string Name => $"{TWide.Rows}x{TWide.Columns}";

    internal override long Scratch => ((long)TWide.Rows * Depth) + ((long)TWide.Rows * TWide.Columns);

    internal override long PackedRight(int k, int n)
    {
        var width = 0;
        for (var column = 0; column < n;)
        {
            var panel = WidthAt(column, n);
            width += panel;
            column += panel;
        }

        return (long)k * width;
    }

    internal override void PackRight(int k, int n, T* b, nint row, nint column, T* packed)
    {
        for (var start = 0; start < k; start += Depth)
        {
            var depth = Math.Min(Depth, k - start);
            for (var at = 0; at < n;)
            {
                var width = WidthAt(at, n);
                Pack(depth, width, Math.Min(width, n - at), b + (start * row) + (at * column), row, column, packed);
                packed += (long)depth * width;
                at += width;
            }
        }
    }

    internal override void Multiply(int m, int k, int n, T* a, nint row, nint column, T* packed, T* c, int width, bool add, T* scratch)
    {
        var whole = m - (m % TWide.Rows);
        var isShort = EndsShort(m - whole, n);
        var incomplete = (m - whole) % (isShort ? TShort.Rows : TWide.Rows);
        var corner = scratch + ((long)TWide.Rows * Depth);
        for (var start = 0; start < k; start += Depth)
        {
            var depth = Math.Min(Depth, k - start);
            var block = a + (start * column);
            var adds = add || start > 0;
            if (incomplete > 0)
            {
                // The last rows are copied out, with zeros in place of those that do not exist.
                Pack(depth, isShort ? TShort.Rows : TWide.Rows, incomplete, block + ((m - incomplete) * row), column, row, scratch);
            }

            for (var at = 0; at < n;)
            {
                var panel = WidthAt(at, n);
                var cells = c + at;
                if (panel == 1)
                {
                    SingleColumn<T>.Multiply(m, depth, block, row, column, packed, cells, width, adds);
                }
                else
                {
                    Panel(isShort ? whole : m, whole, depth, panel, Math.Min(panel, n - at), block, row, column, packed, cells, width, adds, scratch, corner);
                    if (isShort)
                    {
                        Last(m - whole, depth, block + (whole * row), row, column, packed, cells + ((long)whole * width), width, adds, scratch, corner);
                    }
                }

                packed += (long)depth * panel;
                at += panel;
            }
        }

        for (var i = 0; k == 0 && !add && i < m; i++)
        {
            new Span<T>(c + ((long)i * width), n).Clear();
        }
    }

    private static int WidthAt(int column, int n) => (n - column) switch
    {
        var left when left >= TWide.Columns || left > TNarrow.Columns => TWide.Columns,
        > FewColumns => TNarrow.Columns,
        _ => 1,
    };

    /// <summary>All rows of one panel of columns.</summary>
    private static void Panel(
        int m, int whole, int depth, int width, int valid, T* a, nint row, nint column, T* b, T* c, int stride, bool add, T* last, T* corner)
    {
        for (var i = 0; i < m; i += TWide.Rows)
        {
            var cell = c + ((long)i * stride);
            if (i < whole && valid == width)
            {
                Kernel(width, depth, a + (i * row), row, column, b, cell, stride, add);
                continue;
            }

            if (i < whole)
            {
                Kernel(width, depth, a + (i * row), row, column, b, corner, width, false);
            }
            else
            {
                Kernel(width, depth, last, 1, TWide.Rows, b, corner, width, false);
            }

            Copy(Math.Min(TWide.Rows, m - i), valid, corner, width, cell, stride, add);
        }
    }

    /// <summary>Whether some last rows are worth the short kernel: it takes less than two thirds of what a block of all rows takes.</summary>
    private static bool EndsShort(int rows, int n) =>
        rows > 0 && TShort.Columns == TWide.Columns && n % TWide.Columns == 0 && (rows + TShort.Rows - 1) / TShort.Rows * TShort.Rows * 3 <= TWide.Rows * 2;

    /// <summary>The last rows of one wide panel.</summary>
    private static void Last(int rows, int depth, T* a, nint row, nint column, T* b, T* c, int stride, bool add, T* last, T* corner)
    {
        var i = 0;
        for (; i <= rows - TShort.Rows; i += TShort.Rows)
        {
            TShort.Multiply(depth, a + (i * row), row, column, b, c + ((long)i * stride), stride, add);
        }

        if (i < rows)
        {
            TShort.Multiply(depth, last, 1, TShort.Rows, b, corner, TShort.Columns, false);
            Copy(rows - i, TShort.Columns, corner, TShort.Columns, c + ((long)i * stride), stride, add);
        }
    }

    private static void Kernel(int width, int k, T* a, nint row, nint step, T* b, T* c, nint stride, bool add)
    {
        if (width == TWide.Columns)
        {
            TWide.Multiply(k, a, row, step, b, c, stride, add);
        }
        else
        {
            TNarrow.Multiply(k, a, row, step, b, c, stride, add);
        }
    }

    /// <summary>A panel [depth, width] whose places beyond the valid ones are zero.</summary>
    private static void Pack(int depth, int width, int valid, T* from, nint depthStep, nint step, T* to)
    {
        if (depthStep == 1 && step != 1)
        {
            PackTurned(depth, width, valid, from, step, to);
            return;
        }

        var inVectors = step == 1 ? valid - (valid % Vector<T>.Count) : 0;
        for (var d = 0; d < depth; d++, to += width, from += depthStep)
        {
            for (var i = 0; i < inVectors; i += Vector<T>.Count)
            {
                Vector.Load(from + i).Store(to + i);
            }

            for (var i = inVectors; i < valid; i++)
            {
                to[i] = from[i * step];
            }

            for (var i = valid; i < width; i++)
            {
                to[i] = T.Zero;
            }
        }
    }

    /// <summary>A panel of a matrix that lies transposed: squares of it are turned in registers, the rest element by element.</summary>
    private static void PackTurned(int depth, int width, int valid, T* from, nint step, T* to)
    {
        var (columns, rows) = TurnedSquares.Side<T>() is > 0 and var side ? (valid / side * side, depth / side * side) : (0, 0);
        for (var i = 0; i < columns; i += TurnedSquares.Side<T>())
        {
            for (var d = 0; d < rows; d += TurnedSquares.Side<T>())
            {
                TurnedSquares.Turn((float*)(from + (i * step) + d), step, (float*)(to + ((nint)d * width) + i), width);
            }
        }

        for (var i = 0; i < width; i++)
        {
            for (var d = i < columns ? rows : 0; d < depth; d++)
            {
                to[(d * width) + i] = i < valid ? from[(i * step) + d] : T.Zero;
            }
        }
    }

    private static void Copy(int rows, int columns, T* from, int fromStride, T* to, int toStride, bool add)
    {
        for (var row = 0; row < rows; row++, from += fromStride, to += toStride)
        {
            var column = 0;
            for (; column <= columns - Vector<T>.Count; column += Vector<T>.Count)
            {
                var cells = Vector.Load(from + column);
                (add ? Vector.Load(to + column) + cells : cells).Store(to + column);
            }

            for (; column < columns; column++)
            {
                to[column] = add ? to[column] + from[column] : from[column];
            }
        }
    }
}
