using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Grokking.Engine.Cpu;

/// <summary>Memory as compiled chains see it: addresses are numbers, because expression trees know no pointers.</summary>
/// <typeparam name="T">An element.</typeparam>
/// <typeparam name="V">A vector of elements, of 128, 256 or 512 bits.</typeparam>
internal static unsafe class VectorMemory<T, V>
    where T : unmanaged
    where V : unmanaged
{
    /// <summary>The address or step that lies at an address.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static long Word(long from) => *(long*)from;

    /// <summary>The element at an address.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Element(long from) => *(T*)from;

    /// <summary>Neighbouring elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Load(long from) => Unsafe.ReadUnaligned<V>((void*)from);

    /// <summary>Writes neighbouring elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Store(long to, V value) => Unsafe.WriteUnaligned((void*)to, value);

    /// <summary>The first elements, so many bytes of them; zeros beside them. Nothing beyond is touched.</summary>
    /// <remarks>Every element is made of whole words of 32 bits, so one mask serves all precisions.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V LoadFirst(long from, long bytes)
    {
        if (Avx512F.IsSupported && sizeof(V) == sizeof(Vector512<int>))
        {
            return Unsafe.BitCast<Vector512<int>, V>(Avx512F.MaskLoad((int*)from, First512(bytes), default));
        }

        if (Avx2.IsSupported && sizeof(V) == sizeof(Vector256<int>))
        {
            return Unsafe.BitCast<Vector256<int>, V>(Avx2.MaskLoad((int*)from, First256(bytes)));
        }

        V value = default;
        Unsafe.CopyBlockUnaligned(&value, (void*)from, (uint)bytes);
        return value;
    }

    /// <summary>Writes the first elements, so many bytes of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void StoreFirst(long to, V value, long bytes)
    {
        if (Avx512F.IsSupported && sizeof(V) == sizeof(Vector512<int>))
        {
            Avx512F.MaskStore((int*)to, First512(bytes), Unsafe.BitCast<V, Vector512<int>>(value));
        }
        else if (Avx2.IsSupported && sizeof(V) == sizeof(Vector256<int>))
        {
            Avx2.MaskStore((int*)to, First256(bytes), Unsafe.BitCast<V, Vector256<int>>(value));
        }
        else
        {
            Unsafe.CopyBlockUnaligned((void*)to, &value, (uint)bytes);
        }
    }

    /// <summary>The first elements of a sparse line, so many bytes of them when packed; zeros beside them.</summary>
    /// <param name="from">The first element.</param>
    /// <param name="step">How far neighbours lie apart, in elements.</param>
    /// <param name="bytes">At most the size of a vector.</param>
    internal static V Gather(long from, long step, long bytes)
    {
        V value = default;
        var count = bytes / sizeof(T);
        for (var i = 0L; i < count; i++)
        {
            ((T*)&value)[i] = ((T*)from)[i * step];
        }

        return value;
    }

    private static Vector512<int> First512(long bytes) => Vector512.LessThan(Vector512<int>.Indices, Vector512.Create((int)bytes / sizeof(int)));

    private static Vector256<int> First256(long bytes) => Vector256.LessThan(Vector256<int>.Indices, Vector256.Create((int)bytes / sizeof(int)));
}
