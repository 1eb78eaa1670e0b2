using System.Collections.Immutable;

namespace Grokking.Measures;

// p side, n row, m column; a, b frequencies along them

/// <summary>A square of real numbers: one per pair of operands (n, m), or one per pair of frequencies (a, b).</summary>
/// <param name="Side">p, the number of rows and of columns.</param>
/// <param name="Values">The numbers, row after row: p² of them.</param>
public sealed record Image(int Side, ImmutableArray<double> Values)
{
    /// <summary>The number at row n and column m, both in 0 … p − 1.</summary>
    public double this[int row, int column] => Values[(row * Side) + column];

    /// <summary>
    /// |x̃_ab| with x̃_ab = Σ_nm x_nm exp(−2πi (a n + b m)/p), frequencies 0 … p − 1 in rows and columns: the images of arXiv 2301.02679, Fig. 2, at the
    /// right. An image that depends on n + m alone has nothing off the line a = b; δ(n + m = q) has p everywhere on it.
    /// </summary>
    public Image Magnitudes()
    {
        var rows = Spectrum.Of([.. Values], Side, Side, Side, 1);
        var real = Spectrum.Of(rows.Real.Span, rows.Frequencies, Side, 1, rows.Frequencies);
        var imaginary = Spectrum.Of(rows.Imaginary.Span, rows.Frequencies, Side, 1, rows.Frequencies);
        return new(Side, [.. Enumerable.Range(0, Side * Side).Select(place =>
        {
            // The image is real, so x̃ at (−a, −b) is the conjugate of x̃ at (a, b); a transform along n has the conjugate at −a of a real part only.
            var (a, b) = (place / Side, place % Side);
            (a, b) = b < rows.Frequencies ? (a, b) : ((Side - a) % Side, Side - b);
            var (at, sign) = a < real.Frequencies ? (a, 1) : (Side - a, -1);
            var k = (b * real.Frequencies) + at;
            return double.Hypot(
                real.Real.Span[k] - (sign * imaginary.Imaginary.Span[k]), (sign * real.Imaginary.Span[k]) + imaginary.Real.Span[k]);
        })]);
    }

    /// <summary>Where the power |x̃_ab|² lies, apart from the mean at a = b = 0. Shares are NaN for a constant image.</summary>
    public ImagePower Power()
    {
        var magnitudes = Magnitudes();
        var shares = new double[5];
        for (var place = 1; place < magnitudes.Values.Length; place++)
        {
            var (a, b) = (place / Side, place % Side);
            var line = a == b ? 0 : a + b == Side ? 1 : b == 0 ? 2 : a == 0 ? 3 : 4;
            shares[line] += magnitudes.Values[place] * magnitudes.Values[place];
        }

        var total = shares.Sum();
        return new(shares[0] / total, shares[1] / total, shares[2] / total, shares[3] / total, shares[4] / total);
    }
}

/// <summary>Shares of an image's power, apart from its mean; together 1.</summary>
/// <param name="Sum">On a = b: functions of n + m. (At even p the bin (p/2, p/2) is counted here.)</param>
/// <param name="Difference">On a = −b: functions of n − m.</param>
/// <param name="First">On b = 0: functions of n alone.</param>
/// <param name="Second">On a = 0: functions of m alone.</param>
/// <param name="Rest">Elsewhere.</param>
public sealed record ImagePower(double Sum, double Difference, double First, double Second, double Rest);
