// The platform's own Log and Cos may differ in the last bit between operating systems and versions. These use only
// addition, multiplication, division and square root, which IEEE 754 rounds exactly, so a seed means the same weights
// on every machine. Both are within a few units in the last place of the true value.
namespace Grokking.Randomness;

/// <summary>
/// Two independent standard normal numbers from two uniform ones.
/// Equation: z0 = sqrt(-2 ln u) cos(2 pi v), z1 = sqrt(-2 ln u) sin(2 pi v).
/// Source: Box and Muller, "A note on the generation of random normal deviates", 1958.
/// </summary>
internal static class BoxMuller
{
    private const double LogOf2 = 0.693147180559945309;

    /// <summary>The pair for u in (0, 1] and v in [0, 1); its values lie within ±8.6 when u is a multiple of 2^-53.</summary>
    public static (double Cosine, double Sine) Pair(double u, double v)
    {
        double radius = Math.Sqrt(-2 * NaturalLogarithm(u));
        (double cosine, double sine) = OfTurn(v);
        return (radius * cosine, radius * sine);
    }

    /// <summary>
    /// ln x for a positive, normal x. With x = 2^e m and m in [sqrt(1/2), sqrt(2)): ln x = e ln 2 + 2 artanh s, s = (m-1)/(m+1),
    /// |s| &lt; 0.1716, by the series of artanh; its first omitted term is below 1e-18.
    /// </summary>
    internal static double NaturalLogarithm(double x)
    {
        long bits = BitConverter.DoubleToInt64Bits(x);
        int exponent = (int)(bits >> 52) - 1023;
        double mantissa = BitConverter.Int64BitsToDouble((bits & 0x000FFFFFFFFFFFFF) | 0x3FF0000000000000);
        if (mantissa > 1.4142135623730951)
        {
            mantissa *= 0.5;
            exponent++;
        }
        double s = (mantissa - 1) / (mantissa + 1);
        double square = s * s;
        double sum = 0;
        for (int term = 21; term >= 1; term -= 2)
        {
            sum = (sum * square) + (1.0 / term);
        }
        return (exponent * LogOf2) + (2 * s * sum);
    }

    /// <summary>
    /// cos and sin of 2 pi v for v in [0, 1): reduced exactly to an eighth of a turn around the nearest quarter, where the Taylor
    /// series at |angle| ≤ pi/4 leaves out less than 1e-18.
    /// </summary>
    internal static (double Cosine, double Sine) OfTurn(double v)
    {
        int quarter = (int)Math.Floor((v * 4) + 0.5);
        double angle = (v - (quarter * 0.25)) * (2 * Math.PI);
        double square = angle * angle;
        double cosine = 0, sine = 0;
        for (int term = 18; term >= 0; term -= 2)
        {
            // cos a = 1 - a²/(1·2) (1 - a²/(3·4) (1 - …)),  sin a = a (1 - a²/(2·3) (1 - a²/(4·5) (1 - …)))
            cosine = 1 - (square / ((term + 1) * (term + 2)) * cosine);
            sine = 1 - (square / ((term + 2) * (term + 3)) * sine);
        }
        sine *= angle;
        return (quarter & 3) switch
        {
            0 => (cosine, sine),
            1 => (-sine, cosine),
            2 => (-cosine, -sine),
            _ => (sine, -cosine),
        };
    }
}
