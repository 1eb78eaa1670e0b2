using System.Runtime.CompilerServices;
using Grokking.Tensors.Primitives;

namespace Grokking.Engine.Cpu;

/// <summary>
/// The error function erf x = (2/√π) ∫₀ˣ e^(−t²) dt, odd by construction: x + x·p(x²) for |x| &lt; 1, ±(1 − e^(−|x|·q(|x|))) beyond. The
/// largest error over all 2³² arguments, found by trying them, is 1.130 units in the last place; 91 positive neighbours are out of order,
/// by one unit. ±0 stay; exactly ±1 from |x| = 4 on; a NaN stays as it is.
/// </summary>
/// <remarks>
/// p minimises the largest relative error of erf on [0, 1], q = −ln(1 − erf x)/x the largest absolute one on [1, 4] (Remez exchange in
/// 45-digit arithmetic; coefficients rounded to float32 one after the other from the lowest, the others fitted anew each time): 1.4e-9 and
/// 2.4e-9, below a twentieth of a rounding.
/// </remarks>
internal readonly struct VectorErf : IVectorFunction<Erf>
{
    /// <summary>1 − erf 4 &lt; 2⁻²⁵: the nearest float32 is 1.</summary>
    private const float Saturated = 4;

    /// <inheritdoc/>
    public static double LargestError => 1.2;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<L, V>(V x)
        where L : struct, ILanes<V>
        where V : struct
    {
        var a = L.Smaller(L.Magnitude(x), L.Of(Saturated));
        var square = L.Multiply(a, a);
        var p = L.MultiplyAdd(square, L.Of(7.80690316e-05f), L.Of(-0.00079978531f));
        p = L.MultiplyAdd(p, square, L.Of(0.0051871622f));
        p = L.MultiplyAdd(p, square, L.Of(-0.0268533472f));
        p = L.MultiplyAdd(p, square, L.Of(0.112835787f));
        p = L.MultiplyAdd(p, square, L.Of(-0.37612626f));
        p = L.MultiplyAdd(p, square, L.Of(0.128379166f));
        var near = L.MultiplyAdd(p, a, a);

        // −q, so that the product with |x| is the exponent.
        var q = L.MultiplyAdd(a, L.Of(0.000210165395f), L.Of(-0.00318297814f));
        q = L.MultiplyAdd(q, a, L.Of(0.0227856413f));
        q = L.MultiplyAdd(q, a, L.Of(-0.105095983f));
        q = L.MultiplyAdd(q, a, L.Of(-0.635846913f));
        q = L.MultiplyAdd(q, a, L.Of(-1.12847543f));
        var far = L.Subtract(L.Of(1), VectorExp.Moderate<L, V>(L.Multiply(q, a)));
        return L.WhereEqual(x, x, L.WithSign(L.WhereLess(a, L.Of(1), near, far), x), x);
    }
}
