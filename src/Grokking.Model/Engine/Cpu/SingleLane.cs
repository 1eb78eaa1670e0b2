using System.Runtime.CompilerServices;

namespace Grokking.Engine.Cpu;

/// <summary>One lane, for what is left of a run, and the reference for the wider ones.</summary>
internal readonly unsafe struct SingleLane : ILanes<float>
{
    /// <inheritdoc/>
    public static int Count => 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Load(float* from) => *from;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float a, float* to) => *to = a;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Of(float number) => number;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Add(float a, float b) => a + b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Subtract(float a, float b) => a - b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Multiply(float a, float b) => a * b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Divide(float a, float b) => a / b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MultiplyAdd(float a, float b, float c) => MathF.FusedMultiplyAdd(a, b, c);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Smaller(float a, float b) => a < b ? a : b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Larger(float a, float b) => a > b ? a : b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float WhereLess(float a, float b, float then, float otherwise) => a < b ? then : otherwise;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float WhereEqual(float a, float b, float then, float otherwise) => a == b ? then : otherwise;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Magnitude(float a) => BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(a) & int.MaxValue);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float WithSign(float a, float sign) =>
        BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(a) | (BitConverter.SingleToInt32Bits(sign) & int.MinValue));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float PowerOfTwo(float n) =>
        BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(n + SingleBits.ExponentRounder) << SingleBits.Fraction);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Exponent(float x) => (BitConverter.SingleToInt32Bits(x) - SingleBits.TwoThirds) >> SingleBits.Fraction;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Fraction(float x) =>
        BitConverter.Int32BitsToSingle(
            ((BitConverter.SingleToInt32Bits(x) - SingleBits.TwoThirds) & SingleBits.FractionMask) + SingleBits.TwoThirds);
}
