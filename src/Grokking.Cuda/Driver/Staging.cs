namespace Grokking.Cuda.Driver;

/// <summary>
/// The way of numbers from the host to the device without waiting: they are put into pinned memory and copied from there in stream order. It is written round and round in two halves; the
/// host waits only where it would overwrite a half that the device has not read yet.
/// </summary>
internal sealed unsafe class Staging : IDisposable
{
    /// <summary>Bytes of each half.</summary>
    private const int Half = 4 << 20;

    private const int Alignment = 64;

    private readonly Device device;
    private readonly PinnedMemory memory;
    private readonly StreamMark[] read;
    private readonly bool[] isMarked = new bool[2];
    private int half;
    private int used;

    internal Staging(Device device)
    {
        this.device = device;
        memory = new(device, 2L * Half);
        read = [new(device), new(device)];
    }

    /// <summary>Enqueues a copy to the device. The numbers are the caller's again at once.</summary>
    internal void Upload<T>(ulong to, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        fixed (T* first = values)
        {
            var from = (byte*)first;
            var bytes = (long)values.Length * sizeof(T);
            device.Do(() => Upload(to, from, bytes));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        memory.Dispose();
        Array.ForEach(read, mark => mark.Dispose());
    }

    private void Upload(ulong to, byte* from, long bytes)
    {
        while (bytes > 0)
        {
            if (used == Half)
            {
                Turn();
            }

            var part = (int)Math.Min(bytes, Half - used);
            var place = memory.Pointer + ((long)half * Half) + used;
            Buffer.MemoryCopy(from, place, part, part);
            Native.cuMemcpyHtoDAsync_v2(to, place, (nuint)part, device.Stream).Succeeded();
            used = Math.Min(Half, (used + part + Alignment - 1) / Alignment * Alignment);
            to += (ulong)part;
            from += part;
            bytes -= part;
        }
    }

    /// <summary>Goes on in the other half, once the device has read it.</summary>
    private void Turn()
    {
        read[half].Set(device.Stream);
        isMarked[half] = true;
        (half, used) = (1 - half, 0);
        if (isMarked[half])
        {
            read[half].Wait();
        }
    }
}
