using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Grokking.Engine.Cpu;

/// <summary>The innermost block of a matrix product, held in registers while it runs along k.</summary>
internal unsafe interface IMicroKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Rows of the block.</summary>
    static abstract int Rows { get; }

    /// <summary>Columns of the block.</summary>
    static abstract int Columns { get; }

    /// <summary>
    /// C (+)= Σₖ a[k] ⊗ b[k]: element (r, k) of A lies at a[r·row + k·step], so a matrix is read where it lies, transposed or not; b is a
    /// packed panel [k, Columns]; rows of C lie <paramref name="stride"/> apart. Each element is one chain of fused multiply-adds in the
    /// order of k.
    /// </summary>
    static abstract void Multiply(int k, T* a, nint row, nint step, T* b, T* c, nint stride, bool add);
}

/// <summary>a·b + c with one rounding.</summary>
internal static class Fused
{
    /// <summary>Elementwise over 512 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<T> MultiplyAdd<T>(Vector512<T> a, Vector512<T> b, Vector512<T> c) => typeof(T) == typeof(float)
        ? Vector512.FusedMultiplyAdd(a.AsSingle(), b.AsSingle(), c.AsSingle()).As<float, T>()
        : Vector512.FusedMultiplyAdd(a.AsDouble(), b.AsDouble(), c.AsDouble()).As<double, T>();

    /// <summary>Elementwise over 256 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<T> MultiplyAdd<T>(Vector256<T> a, Vector256<T> b, Vector256<T> c) => typeof(T) == typeof(float)
        ? Vector256.FusedMultiplyAdd(a.AsSingle(), b.AsSingle(), c.AsSingle()).As<float, T>()
        : Vector256.FusedMultiplyAdd(a.AsDouble(), b.AsDouble(), c.AsDouble()).As<double, T>();

    /// <summary>Elementwise over the runtime's own width.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector<T> MultiplyAdd<T>(Vector<T> a, Vector<T> b, Vector<T> c) => typeof(T) == typeof(float)
        ? Vector.As<float, T>(Vector.FusedMultiplyAdd(Vector.As<T, float>(a), Vector.As<T, float>(b), Vector.As<T, float>(c)))
        : Vector.As<double, T>(Vector.FusedMultiplyAdd(Vector.As<T, double>(a), Vector.As<T, double>(b), Vector.As<T, double>(c)));
}
