namespace Grokking.Engine.Cpu;

/// <summary>
/// Several float32 numbers side by side, and the few operations from which <see cref="VectorExp"/> and its kin are built. Every operation
/// is either rounded once as IEEE 754 prescribes or exact, so that a function written over lanes has the same bits whatever their number.
/// </summary>
/// <typeparam name="V">What holds the lanes: a vector, or one <see cref="float"/>.</typeparam>
internal unsafe interface ILanes<V>
{
    /// <summary>Lanes in one <typeparamref name="V"/>.</summary>
    static abstract int Count { get; }

    /// <summary>The numbers from <paramref name="from"/> on; any alignment.</summary>
    static abstract V Load(float* from);

    /// <summary>Writes all lanes from <paramref name="to"/> on; any alignment.</summary>
    static abstract void Store(V a, float* to);

    /// <summary>One number in every lane.</summary>
    static abstract V Of(float number);

    /// <summary>a + b.</summary>
    static abstract V Add(V a, V b);

    /// <summary>a − b.</summary>
    static abstract V Subtract(V a, V b);

    /// <summary>a·b.</summary>
    static abstract V Multiply(V a, V b);

    /// <summary>a / b.</summary>
    static abstract V Divide(V a, V b);

    /// <summary>a·b + c with one rounding, in software where the machine has no such instruction.</summary>
    static abstract V MultiplyAdd(V a, V b, V c);

    /// <summary>
    /// The smaller one. Which one, between zeros or beside a NaN, depends on the machine: the caller must not let it matter.
    /// </summary>
    static abstract V Smaller(V a, V b);

    /// <summary>The larger one, with the caveat of <see cref="Smaller"/>.</summary>
    static abstract V Larger(V a, V b);

    /// <summary>a &lt; b ? then : otherwise; a NaN is not less than anything.</summary>
    static abstract V WhereLess(V a, V b, V then, V otherwise);

    /// <summary>a = b ? then : otherwise; a NaN does not equal itself.</summary>
    static abstract V WhereEqual(V a, V b, V then, V otherwise);

    /// <summary>|a|.</summary>
    static abstract V Magnitude(V a);

    /// <summary>a ≥ 0 with the sign of <paramref name="sign"/>.</summary>
    static abstract V WithSign(V a, V sign);

    /// <summary>2ⁿ for a whole number −126 ≤ n ≤ 127; any bits otherwise.</summary>
    static abstract V PowerOfTwo(V n);

    /// <summary>The k of x = 2ᵏ·m with 2/3 ≤ m &lt; 4/3, for a normal x &gt; 0; any bits otherwise.</summary>
    static abstract V Exponent(V x);

    /// <summary>The m of x = 2ᵏ·m with 2/3 ≤ m &lt; 4/3, for a normal x &gt; 0; any bits otherwise.</summary>
    static abstract V Fraction(V x);
}

/// <summary>Constants of the tricks with the bits of a float32: 1 sign bit, 8 bits of exponent + 127, 23 bits of fraction.</summary>
internal static class SingleBits
{
    /// <summary>Bits of the fraction.</summary>
    internal const int Fraction = 23;

    /// <summary>The fraction's bits set.</summary>
    internal const int FractionMask = 0x007F_FFFF;

    /// <summary>The bits of 2/3, where <see cref="ILanes{V}.Fraction"/> starts.</summary>
    internal const int TwoThirds = 0x3F2A_AAAB;

    /// <summary>1.5·2²³: added to a number below 2²² in size, it leaves that number, rounded to a whole one, in the low bits.</summary>
    internal const float Rounder = 12582912;

    /// <summary><see cref="Rounder"/> + 127: the low bits then hold the exponent of 2ⁿ.</summary>
    internal const float ExponentRounder = Rounder + 127;
}
