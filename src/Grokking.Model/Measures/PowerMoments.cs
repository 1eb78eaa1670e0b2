using System.Numerics;

namespace Grokking.Measures;

/// <summary>Σ P_k and Σ P_k² of powers, over the frequencies 0 … ⌊L/2⌋ and over all L.</summary>
internal readonly record struct PowerMoments(double Sum, double Squares, double FullSum, double FullSquares)
{
    /// <summary>Both sets of powers together.</summary>
    public static PowerMoments operator +(PowerMoments one, PowerMoments other) =>
        new(one.Sum + other.Sum, one.Squares + other.Squares, one.FullSum + other.FullSum, one.FullSquares + other.FullSquares);

    /// <summary>Those of each row of a matrix that lies anywhere (see <see cref="Spectrum"/>).</summary>
    public static PowerMoments[] OfRows(ReadOnlySpan<double> values, int rows, int length, int rowStride, int stride)
    {
        var (transform, moments) = (new RowTransform(length), new PowerMoments[rows]);
        var bundle = transform.NewBundle();
        for (var first = 0; first < rows; first += RowTransform.Lanes)
        {
            transform.Transform(values, first, rows, rowStride, stride, bundle);
            Write(transform, bundle, moments, first);
        }

        return moments;
    }

    /// <summary>Those of the rows of a bundle, as far as there is room for them.</summary>
    public static void Write(RowTransform transform, TransformedRows rows, Span<PowerMoments> moments, int first)
    {
        for (var vector = 0; vector < rows.Vectors; vector++)
        {
            var (sum, squares) = (Vector<double>.Zero, Vector<double>.Zero);
            var (fullSum, fullSquares) = (Vector<double>.Zero, Vector<double>.Zero);
            for (var k = 0; k < transform.Frequencies; k++)
            {
                var power = rows.Power(k, vector);
                var full = transform.Multiplicity(k) * power;
                sum += power;
                squares += power * power;
                fullSum += full;
                fullSquares += full * power;
            }

            for (var lane = 0; lane < Vector<double>.Count; lane++)
            {
                var row = first + (vector * Vector<double>.Count) + lane;
                if (row < moments.Length)
                {
                    moments[row] = new(sum[lane], squares[lane], fullSum[lane], fullSquares[lane]);
                }
            }
        }
    }

    /// <summary>The inverse participation ratio Σ P_k²/(Σ P_k)².</summary>
    public double Ratio(bool full) => full ? FullSquares / (FullSum * FullSum) : Squares / (Sum * Sum);
}
