using System.Runtime.CompilerServices;
using Grokking.Tensors.Primitives;

namespace Grokking.Engine.Cpu;

// x = 2ᵏ·(1 + f) with −1/3 ≤ f < 1/3

/// <summary>
/// ln x = k·ln 2 + ln(1 + f) with ln(1 + f) ≈ f − f²/2 + f³·p(f). The largest error over all 2³² arguments, found by trying them, is 0.883
/// units in the last place, subnormal arguments included; never decreases. ln 1 = +0 exactly; ln ±0 = −∞; ln x = NaN for x &lt; 0; ln ∞ =
/// ∞; a NaN stays as it is.
/// </summary>
/// <remarks>
/// p minimises the largest relative error of ln(1 + f) (Remez exchange in 45-digit arithmetic, then rounded to float32): 5.6e-9, a tenth of
/// a rounding. What the sum k·ln 2 + f loses by rounding is found without an error and put back with the small terms.
/// </remarks>
internal readonly struct VectorLog : IVectorFunction<Log>
{
    /// <summary>The smallest normal number, 2⁻¹²⁶.</summary>
    private const float Normal = 1.17549435e-38f;

    /// <summary>Exponents that lift any subnormal number to a normal one.</summary>
    private const int Lift = 24;

    /// <summary>The upper 16 bits of ln 2, so that k·<see cref="Ln2High"/> fits 24 bits.</summary>
    private const float Ln2High = 0.693145752f;

    /// <summary>ln 2 − <see cref="Ln2High"/>.</summary>
    private const float Ln2Low = 1.42860677e-06f;

    /// <inheritdoc/>
    public static double LargestError => 0.9;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<L, V>(V x)
        where L : struct, ILanes<V>
        where V : struct
    {
        var normal = L.WhereLess(x, L.Of(Normal), L.Multiply(x, L.Of(1 << Lift)), x);
        var k = L.Exponent(normal);
        k = L.WhereLess(x, L.Of(Normal), L.Subtract(k, L.Of(Lift)), k);
        var f = L.Subtract(L.Fraction(normal), L.Of(1));

        var p = L.MultiplyAdd(f, L.Of(-0.12891902f), L.Of(0.139844328f));
        p = L.MultiplyAdd(p, f, L.Of(-0.121842064f));
        p = L.MultiplyAdd(p, f, L.Of(0.140058711f));
        p = L.MultiplyAdd(p, f, L.Of(-0.16680491f));
        p = L.MultiplyAdd(p, f, L.Of(0.200104058f));
        p = L.MultiplyAdd(p, f, L.Of(-0.249997973f));
        p = L.MultiplyAdd(p, f, L.Of(0.333332151f));
        p = L.MultiplyAdd(p, f, L.Of(-0.5f));

        var sum = L.MultiplyAdd(k, L.Of(Ln2High), f);
        var lost = L.Subtract(f, L.MultiplyAdd(k, L.Of(-Ln2High), sum));
        var small = L.MultiplyAdd(L.Multiply(f, f), p, L.MultiplyAdd(k, L.Of(Ln2Low), lost));
        var y = L.Add(sum, small);

        var edge = L.WhereEqual(x, L.Of(0), L.Of(float.NegativeInfinity), L.Of(float.NaN));
        return L.WhereLess(x, L.Of(float.PositiveInfinity), L.WhereLess(L.Of(0), x, y, edge), x);
    }
}
