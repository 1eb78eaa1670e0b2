using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Grokking.Host.Benchmarks;

/// <summary>A vector of float32 that a fused multiply-add works on at once.</summary>
/// <typeparam name="TVector">The vector.</typeparam>
internal interface IMultiplyAdd<TVector>
    where TVector : struct
{
    /// <summary>A vector of equal numbers.</summary>
    static abstract TVector All(float value);

    /// <summary>a·b + c in every lane, with one rounding: one instruction where the processor has it.</summary>
    static abstract TVector Of(TVector a, TVector b, TVector c);

    /// <summary>The sum over the lanes, in float64. To be inlined: a call would take the vector's address, and so keep it in memory for good.</summary>
    static abstract double Sum(TVector vector);
}

/// <summary>16 lanes: AVX-512.</summary>
internal readonly struct MultiplyAdd512 : IMultiplyAdd<Vector512<float>>
{
    /// <inheritdoc/>
    public static Vector512<float> All(float value) => Vector512.Create(value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Of(Vector512<float> a, Vector512<float> b, Vector512<float> c) => Vector512.FusedMultiplyAdd(a, b, c);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sum(Vector512<float> vector) => MultiplyAdd256.Sum(vector.GetLower()) + MultiplyAdd256.Sum(vector.GetUpper());
}

/// <summary>8 lanes: AVX2.</summary>
internal readonly struct MultiplyAdd256 : IMultiplyAdd<Vector256<float>>
{
    /// <inheritdoc/>
    public static Vector256<float> All(float value) => Vector256.Create(value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Of(Vector256<float> a, Vector256<float> b, Vector256<float> c) => Vector256.FusedMultiplyAdd(a, b, c);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sum(Vector256<float> vector) => MultiplyAdd128.Sum(vector.GetLower()) + MultiplyAdd128.Sum(vector.GetUpper());
}

/// <summary>4 lanes: any processor that .NET runs on.</summary>
internal readonly struct MultiplyAdd128 : IMultiplyAdd<Vector128<float>>
{
    /// <inheritdoc/>
    public static Vector128<float> All(float value) => Vector128.Create(value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Of(Vector128<float> a, Vector128<float> b, Vector128<float> c) => Vector128.FusedMultiplyAdd(a, b, c);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sum(Vector128<float> vector) => (double)vector[0] + vector[1] + vector[2] + vector[3];
}
