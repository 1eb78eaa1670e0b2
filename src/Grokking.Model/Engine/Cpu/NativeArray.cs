using System.Runtime.InteropServices;

namespace Grokking.Engine.Cpu;

/// <summary>Zeroed memory outside the garbage-collected heap, aligned to cache lines (and so to the widest vectors).</summary>
internal sealed unsafe class NativeArray<T> : IDisposable
    where T : unmanaged
{
    private T* pointer;

    internal NativeArray(long length)
    {
        var bytes = (nuint)(Math.Max(1, length) * sizeof(T));
        pointer = (T*)NativeMemory.AlignedAlloc(bytes, 64);
        NativeMemory.Clear(pointer, bytes);
        Length = length;
    }

    ~NativeArray() => Free();

    internal long Length { get; }

    internal T* Pointer => pointer;

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(pointer);
        pointer = null;
    }
}
