using System.Runtime.CompilerServices;
using Grokking.Tensors.Primitives;

namespace Grokking.Engine.Cpu;

// n the nearest whole number to x/ln 2, r = x − n·ln 2, p = e^r

/// <summary>
/// eˣ = 2ⁿ·e^r with |r| ≤ ln 2 / 2 and e^r ≈ 1 + r + r²·q(r). The largest error over all 2³² arguments, found by trying them, is 0.892
/// units in the last place, subnormal results included; 2916 neighbours are out of order, by one unit. e^±0 = 1 exactly; overflows to ∞
/// above 88.72284, goes through the subnormal numbers to 0 below −87.33654; e^−∞ = 0, e^∞ = ∞; a NaN stays as it is.
/// </summary>
/// <remarks>
/// q minimises the largest relative error of e^r (Remez exchange in 45-digit arithmetic; coefficients rounded to float32 one after the
/// other from the lowest, the others fitted anew each time): 3.2e-9, a twentieth of a rounding.
/// </remarks>
internal readonly struct VectorExp : IVectorFunction<Exp>
{
    /// <summary>e^104 · 2⁻¹⁵⁰ &gt; 1: the result, less than half the smallest subnormal number, rounds to 0 from here down.</summary>
    private const float Underflow = -104;

    /// <summary>e^89 &gt; 2¹²⁸.</summary>
    private const float Overflow = 89;

    private const float InverseLn2 = 1.44269504f;

    /// <summary>
    /// ln 2 rounded to float32; n·<see cref="Ln2High"/> is subtracted without an error because the difference fits 24 bits.
    /// </summary>
    private const float Ln2High = 0.693147182f;

    /// <summary>ln 2 − <see cref="Ln2High"/>.</summary>
    private const float Ln2Low = -1.90465421e-09f;

    /// <inheritdoc/>
    public static double LargestError => 0.9;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<L, V>(V x)
        where L : struct, ILanes<V>
        where V : struct
    {
        var inside = L.Smaller(L.Larger(x, L.Of(Underflow)), L.Of(Overflow));
        var n = Exponent<L, V>(inside);
        var p = Polynomial<L, V>(inside, n);

        // 2ⁿ alone may be no float32; of the two halves only the last product can be inexact.
        var half = L.Subtract(L.MultiplyAdd(n, L.Of(0.5f), L.Of(SingleBits.Rounder)), L.Of(SingleBits.Rounder));
        var y = L.Multiply(L.Multiply(p, L.PowerOfTwo(half)), L.PowerOfTwo(L.Subtract(n, half)));
        return L.WhereEqual(x, x, y, x);
    }

    /// <summary>eˣ for |x| ≤ 87, where neither the result nor 2ⁿ leaves the normal numbers; any bits otherwise.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Moderate<L, V>(V x)
        where L : struct, ILanes<V>
        where V : struct
    {
        var n = Exponent<L, V>(x);
        return L.Multiply(Polynomial<L, V>(x, n), L.PowerOfTwo(n));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Exponent<L, V>(V x)
        where L : struct, ILanes<V>
        where V : struct =>
        L.Subtract(L.MultiplyAdd(x, L.Of(InverseLn2), L.Of(SingleBits.Rounder)), L.Of(SingleBits.Rounder));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Polynomial<L, V>(V x, V n)
        where L : struct, ILanes<V>
        where V : struct
    {
        var r = L.MultiplyAdd(n, L.Of(-Ln2Low), L.MultiplyAdd(n, L.Of(-Ln2High), x));
        var p = L.MultiplyAdd(r, L.Of(0.00138364814f), L.Of(0.00836913288f));
        p = L.MultiplyAdd(p, r, L.Of(0.0416681059f));
        p = L.MultiplyAdd(p, r, L.Of(0.166665167f));
        p = L.MultiplyAdd(p, r, L.Of(0.49999994f));
        p = L.MultiplyAdd(p, r, L.Of(1));
        return L.MultiplyAdd(p, r, L.Of(1));
    }
}
