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
        var transform = new RowTransform(length);
        var bundle = transform.NewBundle();
        var shape = Shape.Of(rows, transform.Frequencies);
        var (real, imaginary, powers) = (new double[shape.Count], new double[shape.Count], new double[shape.Count]);
        for (var first = 0; first < rows; first += RowTransform.Lanes)
        {
            transform.Transform(values, first, rows, rowStride, stride, bundle);
            for (var row = first; row < Math.Min(first + RowTransform.Lanes, rows); row++)
            {
                for (var k = 0; k < transform.Frequencies; k++)
                {
                    var at = (row * transform.Frequencies) + k;
                    (real[at], imaginary[at]) = bundle.At(k, row - first);
                    powers[at] = (real[at] * real[at]) + (imaginary[at] * imaginary[at]);
                }
            }
        }

        return new(length, Dense.Own(shape, real), Dense.Own(shape, imaginary), Dense.Own(shape, powers));
    }
}
