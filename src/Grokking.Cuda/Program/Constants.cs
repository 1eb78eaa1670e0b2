using System.Runtime.InteropServices;
using Grokking.Cuda.Driver;

namespace Grokking.Cuda.Program;

/// <summary>Numbers that are written once and that all places share: what chains do, indices that are known, keys that are known.</summary>
internal sealed class Constants(Device device) : IDisposable
{
    private const int ChunkBytes = 64 * 1024;
    private const int Alignment = 16;

    private readonly List<DeviceMemory> chunks = [];
    private long used;

    /// <summary>Writes values; their address.</summary>
    internal ulong Put<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(values);
        var rounded = ((long)bytes.Length + Alignment - 1) / Alignment * Alignment;
        if (chunks.Count == 0 || used + rounded > chunks[^1].Bytes)
        {
            chunks.Add(new(device, Math.Max(ChunkBytes, rounded)));
            used = 0;
        }

        var address = chunks[^1].Address + (ulong)used;
        used += rounded;
        device.Staging.Upload(address, bytes);
        return address;
    }

    /// <inheritdoc/>
    public void Dispose() => chunks.ForEach(chunk => chunk.Dispose());
}
