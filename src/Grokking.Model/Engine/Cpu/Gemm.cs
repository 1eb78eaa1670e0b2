using System.Numerics;
using System.Runtime.Intrinsics.X86;

namespace Grokking.Engine.Cpu;

/// <summary>
/// The matrix product of one machine's vector width: C [m, n] (+)= op(A) [m, k] · op(B) [k, n]. B is packed into panels, once for many
/// products where it stays the same; A is read where it lies.
/// </summary>
internal abstract unsafe class Gemm<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The product for this machine.</summary>
    internal static Gemm<T> Best { get; } = Avx512F.IsSupported
        ? new Blocked<T, Kernel14x2<T>, Kernel14x1<T>, Kernel4x2Of512<T>>()
        : Avx2.IsSupported ? new Blocked<T, Kernel6x2<T>, Kernel6x1<T>, Kernel4x2<T>>()
        : new Blocked<T, Kernel4x2<T>, Kernel4x1<T>, Kernel4x2<T>>();

    /// <summary>The kernel's rows and columns, for the numerics profile.</summary>
    internal abstract string Name { get; }

    /// <summary>Elements of a packed right factor.</summary>
    internal abstract long PackedRight(int k, int n);

    /// <summary>Elements of scratch that a product needs besides the packed right factor.</summary>
    internal abstract long Scratch { get; }

    /// <summary>Packs op(B); element (i, j) lies at b[i·row + j·column].</summary>
    internal abstract void PackRight(int k, int n, T* b, nint row, nint column, T* packed);

    /// <summary>C (+)= op(A)·packed; element (i, j) of op(A) lies at a[i·row + j·column], of C at c[i·width + j].</summary>
    internal abstract void Multiply(int m, int k, int n, T* a, nint row, nint column, T* packed, T* c, int width, bool add, T* scratch);
}
