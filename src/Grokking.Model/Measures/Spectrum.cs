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
    private Spectrum(int length, Dense real, Dense imaginary) => (Length, Real, Imaginary) = (length, real, imaginary);

    /// <summary>L.</summary>
    public int Length { get; }

    /// <summary>The real parts, [rows, ⌊L/2⌋ + 1].</summary>
    public Dense Real { get; }

    /// <summary>The imaginary parts, [rows, ⌊L/2⌋ + 1].</summary>
    public Dense Imaginary { get; }

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
    public double Power(int row, int frequency)
    {
        var at = (row * Frequencies) + frequency;
        var (re, im) = (Real.Span[at], Imaginary.Span[at]);
        return (re * re) + (im * im);
    }

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
        var (cosines, sines, padded) = Waves(length, frequencies);
        var (re, im) = (new double[padded], new double[padded]);
        var (real, imaginary) = (new double[rows * frequencies], new double[rows * frequencies]);
        for (var row = 0; row < rows; row++)
        {
            var start = row * rowStride;
            re.AsSpan().Fill(values[start]);
            im.AsSpan().Clear();
            for (var n = 1; 2 * n <= length; n++)
            {
                var (here, mirrored) = (values[start + (n * stride)], values[start + ((length - n) * stride)]);
                var middle = 2 * n == length;
                AddMultiple(middle ? here : here + mirrored, cosines.AsSpan(n * padded, padded), re);
                AddMultiple(middle ? 0 : mirrored - here, sines.AsSpan(n * padded, padded), im);
            }

            re.AsSpan(0, frequencies).CopyTo(real.AsSpan(row * frequencies));
            im.AsSpan(0, frequencies).CopyTo(imaginary.AsSpan(row * frequencies));
        }

        var shape = Shape.Of(rows, frequencies);
        return new(length, Dense.Own(shape, real), Dense.Own(shape, imaginary));
    }

    /// <summary>cos and sin of 2πk n/L, a row for each n = 0 … ⌊L/2⌋, filled up to whole vectors.</summary>
    private static (double[] Cosines, double[] Sines, int Padded) Waves(int length, int frequencies)
    {
        var padded = (frequencies + Vector<double>.Count - 1) / Vector<double>.Count * Vector<double>.Count;
        var (cosines, sines) = (new double[frequencies * padded], new double[frequencies * padded]);
        for (var n = 0; n < frequencies; n++)
        {
            for (var k = 0; k < frequencies; k++)
            {
                (sines[(n * padded) + k], cosines[(n * padded) + k]) = double.SinCosPi(2 * (double)((long)k * n % length) / length);
            }
        }

        return (cosines, sines, padded);
    }

    private static void AddMultiple(double factor, ReadOnlySpan<double> wave, Span<double> sums)
    {
        var waves = MemoryMarshal.Cast<double, Vector<double>>(wave);
        var totals = MemoryMarshal.Cast<double, Vector<double>>(sums);
        for (var i = 0; i < totals.Length; i++)
        {
            totals[i] += factor * waves[i];
        }
    }
}
