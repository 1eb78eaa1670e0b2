using System.Numerics;
using System.Runtime.InteropServices;

namespace Grokking.Measures;

// L length of a row, n place in it, k frequency

/// <summary>
/// One-sided Fourier transforms of several rows at once, each row in a lane of its own (see <see cref="Spectrum"/>). A row's sums run in index
/// order whatever stands in the other lanes, and whatever the machine's vector width.
/// </summary>
/// <param name="length">L, at least 1.</param>
internal sealed class RowTransform(int length)
{
    private const int RowVectors = 2;

    // With so many frequencies at a time all sums stay in registers, and each wave is loaded once for all rows.
    private const int WavesAtOnce = 4;

    private readonly Waves waves = Waves.Of(length, Padded(length));
    private readonly Vector<double>[] even = new Vector<double>[Half(length) * RowVectors];
    private readonly Vector<double>[] odd = new Vector<double>[Half(length) * RowVectors];

    /// <summary>Rows at a time.</summary>
    public static int Lanes => RowVectors * Vector<double>.Count;

    /// <summary>⌊L/2⌋ + 1.</summary>
    public int Frequencies => Half(length);

    /// <summary>A place for the transforms of a bundle of rows.</summary>
    public TransformedRows NewBundle() => new(new Vector<double>[Padded(length) * RowVectors], new Vector<double>[Padded(length) * RowVectors], RowVectors);

    /// <summary>How many of the frequencies 0 … L − 1 have the power of this one: 1 for 0 and L/2, else 2.</summary>
    public int Multiplicity(int frequency) => frequency == 0 || 2 * frequency == length ? 1 : 2;

    /// <summary>Transforms as many rows from the first one as there are lanes; lanes beyond the last row have its values.</summary>
    /// <param name="values">Row r has its place n at r·<paramref name="rowStride"/> + n·<paramref name="stride"/>.</param>
    /// <param name="first">The first row.</param>
    /// <param name="rows">How many rows there are.</param>
    /// <param name="rowStride">From row to row.</param>
    /// <param name="stride">From place to place.</param>
    /// <param name="into">Where the transforms go.</param>
    public void Transform(ReadOnlySpan<double> values, int first, int rows, int rowStride, int stride, TransformedRows into)
    {
        for (var lane = 0; lane < Lanes; lane++)
        {
            Fold(values[(Math.Min(first + lane, rows - 1) * rowStride)..], stride, lane);
        }

        Combine(even, waves.Cosines, into.Real);
        Combine(odd, waves.Sines, into.Imaginary);
    }

    private static int Half(int length) => (length / 2) + 1;

    private static int Padded(int length) => (Half(length) + WavesAtOnce - 1) / WavesAtOnce * WavesAtOnce;

    /// <summary>The even and the odd part of one row.</summary>
    private void Fold(ReadOnlySpan<double> row, int stride, int lane)
    {
        var evens = MemoryMarshal.Cast<Vector<double>, double>(even.AsSpan())[lane..];
        var odds = MemoryMarshal.Cast<Vector<double>, double>(odd.AsSpan())[lane..];
        evens[0] = row[0];
        for (var n = 1; 2 * n < length; n++)
        {
            var (here, there) = (row[n * stride], row[(length - n) * stride]);
            evens[n * Lanes] = there + here;
            odds[n * Lanes] = there - here;
        }

        if (length % 2 == 0)
        {
            evens[length / 2 * Lanes] = row[length / 2 * stride];
        }
    }

    /// <summary>Σ_n part_n wave_n of all rows, four frequencies at a time.</summary>
    private unsafe void Combine(Vector<double>[] parts, double[] waves, Vector<double>[] sums)
    {
        var (frequencies, columns) = (Half(length), Padded(length));
        fixed (Vector<double>* firstPart = parts, firstSum = sums)
        fixed (double* firstWave = waves)
        {
            for (var k = 0; k < columns; k += WavesAtOnce)
            {
                var (a, b, c, d) = (Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero);
                var (e, f, g, h) = (a, b, c, d);
                var part = firstPart;
                var wave = firstWave + k;
                for (var n = 0; n < frequencies; n++, part += RowVectors, wave += columns)
                {
                    a += part[0] * wave[0];
                    b += part[1] * wave[0];
                    c += part[0] * wave[1];
                    d += part[1] * wave[1];
                    e += part[0] * wave[2];
                    f += part[1] * wave[2];
                    g += part[0] * wave[3];
                    h += part[1] * wave[3];
                }

                var sum = firstSum + (k * RowVectors);
                (sum[0], sum[1], sum[2], sum[3], sum[4], sum[5], sum[6], sum[7]) = (a, b, c, d, e, f, g, h);
            }
        }
    }

    /// <summary>cos and sin of 2πk n/L, a row of all k (and zeros to its end) for each n = 0 … ⌊L/2⌋.</summary>
    private sealed record Waves(double[] Cosines, double[] Sines)
    {
        public static Waves Of(int length, int columns)
        {
            var circle = new (double Sin, double Cos)[length];
            for (var n = 0; n < length; n++)
            {
                circle[n] = double.SinCosPi(2 * (double)n / length);
            }

            var frequencies = Half(length);
            var (cosines, sines) = (new double[frequencies * columns], new double[frequencies * columns]);
            for (var n = 0; n < frequencies; n++)
            {
                for (var k = 0; k < frequencies; k++)
                {
                    (sines[(n * columns) + k], cosines[(n * columns) + k]) = circle[(int)((long)k * n % length)];
                }
            }

            return new(cosines, sines);
        }
    }
}
