using System.Numerics;
using System.Runtime.InteropServices;
using Grokking.Tensors;

namespace Grokking.Measures;

// L length of a row, n place in it, k frequency, w̃ transform

/// <summary>
/// The one-sided Fourier transform of rows of real numbers: w̃_k = Σ_n w_n exp(−2πi k n/L) for k = 0 … ⌊L/2⌋. The other frequencies are
/// mirror images: w̃_{L−k} is the conjugate of w̃_k.
/// </summary>
/// <remarks>
/// By definition, with the even and odd part of each row: prime lengths are the rule here, and at 97 this takes about a thirtieth of the time of a
/// general fast transform. Sums in float64 run in index order, whatever the machine's vector width.
/// </remarks>
public sealed record Spectrum
{
    private Spectrum(int length, Dense real, Dense imaginary, Dense powers) => (Length, Real, Imaginary, Powers) = (length, real, imaginary, powers);

    /// <summary>L.</summary>
    public int Length { get; }

    /// <summary>The real parts, [rows, ⌊L/2⌋ + 1].</summary>
    public Dense Real { get; }

    /// <summary>The imaginary parts, [rows, ⌊L/2⌋ + 1].</summary>
    public Dense Imaginary { get; }

    /// <summary>The powers |w̃_k|², [rows, ⌊L/2⌋ + 1].</summary>
    public Dense Powers { get; }

    /// <summary>The number of rows.</summary>
    public int Rows => Real.Shape[0];

    /// <summary>⌊L/2⌋ + 1.</summary>
    public int Frequencies => Real.Shape[1];

    /// <summary>The transform of each row of a matrix [rows, L].</summary>
    /// <exception cref="ArgumentException">The tensor is not a matrix.</exception>
    public static Spectrum OfRows(Dense matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        return matrix.Shape.Rank == 2
            ? Of(matrix.Span, matrix.Shape[0], matrix.Shape[1], matrix.Shape[1], 1)
            : throw new ArgumentException($"Rows are those of a matrix, not of a tensor of shape {matrix.Shape}.", nameof(matrix));
    }

    /// <summary>|w̃_k|² of one row.</summary>
    public double Power(int row, int frequency) => Powers.Span[(row * Frequencies) + frequency];

    /// <summary>|w̃_k|² of one row, for all k.</summary>
    public ReadOnlySpan<double> PowersOf(int row) => Powers.Span.Slice(row * Frequencies, Frequencies);

    /// <summary>The angle of w̃_k in (−π, π]: φ for a row A cos(2πk n/L + φ), A &gt; 0, 0 &lt; k &lt; L/2.</summary>
    public double Phase(int row, int frequency)
    {
        var at = (row * Frequencies) + frequency;
        return Math.Atan2(Imaginary.Span[at], Real.Span[at]);
    }

    /// <summary>How many of the frequencies 0 … L − 1 have the power of this one: 1 for 0 and L/2, else 2.</summary>
    public int Multiplicity(int frequency) => frequency == 0 || 2 * frequency == Length ? 1 : 2;

    /// <summary>The transform of rows that lie anywhere: row r has its place n at r·<paramref name="rowStride"/> + n·<paramref name="stride"/>.</summary>
    internal static Spectrum Of(ReadOnlySpan<double> values, int rows, int length, int rowStride, int stride)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        var frequencies = (length / 2) + 1;
        var (cosines, sines) = Waves(length, frequencies);
        var real = Half(values, rows, length, rowStride, stride, cosines, 1);
        var imaginary = Half(values, rows, length, rowStride, stride, sines, -1);
        var powers = new double[real.Length];
        for (var i = 0; i < powers.Length; i++)
        {
            powers[i] = (real[i] * real[i]) + (imaginary[i] * imaginary[i]);
        }

        var shape = Shape.Of(rows, frequencies);
        return new(length, Dense.Own(shape, real), Dense.Own(shape, imaginary), Dense.Own(shape, powers));
    }

    /// <summary>The waves' sums of each row's even (<paramref name="parity"/> 1) or odd part (−1): one kind of wave at a time, so that all of it stays near.</summary>
    private static double[] Half(ReadOnlySpan<double> values, int rows, int length, int rowStride, int stride, Vector<double>[] waves, int parity)
    {
        var frequencies = (length / 2) + 1;
        double[][] parts = [new double[frequencies], new double[frequencies]];
        var columns = waves.Length / frequencies;
        Vector<double>[][] sums = [new Vector<double>[columns], new Vector<double>[columns]];
        var all = new double[rows * frequencies];
        // Rows in pairs, each wave loaded once for both; an odd one out is its own partner.
        for (var pair = 0; pair < rows; pair += 2)
        {
            for (var i = 0; i < 2; i++)
            {
                Fold(values[(Math.Min(pair + i, rows - 1) * rowStride)..], parts[i], length, stride, parity);
            }

            Combine(parts[0], parts[1], waves, sums[0], sums[1]);
            for (var i = 0; i < 2 && pair + i < rows; i++)
            {
                MemoryMarshal.Cast<Vector<double>, double>(sums[i])[..frequencies].CopyTo(all.AsSpan((pair + i) * frequencies));
            }
        }

        return all;
    }

    /// <summary>The even or the odd part of one row.</summary>
    private static void Fold(ReadOnlySpan<double> row, double[] part, int length, int stride, int parity)
    {
        part[0] = parity > 0 ? row[0] : 0;
        for (var n = 1; 2 * n < length; n++)
        {
            part[n] = row[(length - n) * stride] + (parity * row[n * stride]);
        }

        if (length % 2 == 0)
        {
            part[length / 2] = parity > 0 ? row[length / 2 * stride] : 0;
        }
    }

    /// <summary>cos and sin of 2πk n/L, a row of whole vectors for each n = 0 … ⌊L/2⌋.</summary>
    private static (Vector<double>[] Cosines, Vector<double>[] Sines) Waves(int length, int frequencies)
    {
        var circle = new (double Sin, double Cos)[length];
        for (var n = 0; n < length; n++)
        {
            circle[n] = double.SinCosPi(2 * (double)n / length);
        }

        // Columns come in fours: see Combine.
        var columns = (frequencies + (4 * Vector<double>.Count) - 1) / (4 * Vector<double>.Count) * 4;
        var (cosines, sines) = (new Vector<double>[frequencies * columns], new Vector<double>[frequencies * columns]);
        var cos = MemoryMarshal.Cast<Vector<double>, double>(cosines.AsSpan());
        var sin = MemoryMarshal.Cast<Vector<double>, double>(sines.AsSpan());
        for (var n = 0; n < frequencies; n++)
        {
            for (var k = 0; k < frequencies; k++)
            {
                var at = (n * columns * Vector<double>.Count) + k;
                var (sine, cosine) = circle[(int)((long)k * n % length)];
                sin[at] = sine;
                cos[at] = cosine;
            }
        }

        return (cosines, sines);
    }

    /// <summary>Σ_n factor_n wave_n of two rows, four vectors of sums of each in registers at a time.</summary>
    private static void Combine(ReadOnlySpan<double> first, ReadOnlySpan<double> second, ReadOnlySpan<Vector<double>> waves, Span<Vector<double>> sums, Span<Vector<double>> others)
    {
        for (var column = 0; column <= sums.Length - 4; column += 4)
        {
            var (a, b, c, d) = (Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero);
            var (e, f, g, h) = (a, b, c, d);
            var at = column;
            for (var n = 0; n < first.Length; n++, at += sums.Length)
            {
                var wave = waves.Slice(at, 4);
                var (one, two) = (new Vector<double>(first[n]), new Vector<double>(second[n]));
                a += one * wave[0];
                b += one * wave[1];
                c += one * wave[2];
                d += one * wave[3];
                e += two * wave[0];
                f += two * wave[1];
                g += two * wave[2];
                h += two * wave[3];
            }

            (sums[column], sums[column + 1], sums[column + 2], sums[column + 3]) = (a, b, c, d);
            (others[column], others[column + 1], others[column + 2], others[column + 3]) = (e, f, g, h);
        }
    }
}
