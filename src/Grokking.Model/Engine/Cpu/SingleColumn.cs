using System.Numerics;

namespace Grokking.Engine.Cpu;

/// <summary>The product of a matrix with one column, c (+)= op(A)·b: for a last column that a panel would waste its width on.</summary>
internal static unsafe class SingleColumn<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Element (i, j) of op(A) lies at a[i·row + j·column]; b lies without gaps; elements of c lie <paramref name="stride"/> apart.</summary>
    internal static void Multiply(int m, int k, T* a, nint row, nint column, T* b, T* c, nint stride, bool add)
    {
        var i = 0;
        if (row == 1 && m >= Vector<T>.Count)
        {
            for (; i <= m - Vector<T>.Count; i += Vector<T>.Count)
            {
                var sums = Down(k, a + i, column, b);
                for (var lane = 0; lane < Vector<T>.Count; lane++)
                {
                    Put(c + ((i + lane) * stride), sums[lane], add);
                }
            }
        }

        for (; i < m; i++)
        {
            Put(c + (i * stride), column == 1 ? Along(k, a + (i * row), b) : Single(k, a + (i * row), column, b), add);
        }
    }

    private static void Put(T* c, T sum, bool add) => *c = add ? *c + sum : sum;

    /// <summary>A few neighbouring rows of a matrix that lies column after column, in lanes.</summary>
    private static Vector<T> Down(int k, T* a, nint column, T* b)
    {
        var sums = Vector<T>.Zero;
        for (var j = 0; j < k; j++)
        {
            sums += Vector.Load(a + (j * column)) * new Vector<T>(b[j]);
        }

        return sums;
    }

    /// <summary>One row that lies without gaps: four sums of lanes, then the lanes, then the rest.</summary>
    private static T Along(int k, T* a, T* b)
    {
        var width = Vector<T>.Count;
        var (s0, s1, s2, s3) = (Vector<T>.Zero, Vector<T>.Zero, Vector<T>.Zero, Vector<T>.Zero);
        var j = 0;
        for (; j <= k - (4 * width); j += 4 * width)
        {
            s0 += Vector.Load(a + j) * Vector.Load(b + j);
            s1 += Vector.Load(a + j + width) * Vector.Load(b + j + width);
            s2 += Vector.Load(a + j + (2 * width)) * Vector.Load(b + j + (2 * width));
            s3 += Vector.Load(a + j + (3 * width)) * Vector.Load(b + j + (3 * width));
        }

        for (; j <= k - width; j += width)
        {
            s0 += Vector.Load(a + j) * Vector.Load(b + j);
        }

        return Vector.Sum(s0 + s1 + (s2 + s3)) + Single(k - j, a + j, 1, b + j);
    }

    private static T Single(int k, T* a, nint column, T* b)
    {
        var sum = T.Zero;
        for (var j = 0; j < k; j++)
        {
            sum = T.FusedMultiplyAdd(a[j * column], b[j], sum);
        }

        return sum;
    }
}
