using Grokking.Cuda.Driver;
using Grokking.Cuda.Kernels;

namespace Grokking.Cuda.Program;

/// <summary>
/// Words of the device that only the host writes, so many for each place: it writes them here, and what has changed goes to the device before the next run, in stream order.
/// </summary>
internal sealed class Mirror : IDisposable
{
    /// <summary>Bytes of a word.</summary>
    internal const int WordBytes = 4;

    private readonly int[] words;
    private readonly int stride;
    private readonly DeviceMemory memory;
    private int first = int.MaxValue;
    private int end;

    /// <summary>Zeros.</summary>
    /// <param name="device">The device.</param>
    /// <param name="stride">Words of a place.</param>
    /// <param name="places">Places.</param>
    internal Mirror(Device device, int stride, int places)
    {
        this.stride = (stride + 1) / 2 * 2;
        words = new int[checked(this.stride * places)];
        memory = new(device, (long)words.Length * WordBytes);
    }

    /// <summary>Words of the device from one on.</summary>
    /// <param name="word">The first.</param>
    /// <param name="elementWords">Words of an element.</param>
    internal Memory At(int word, int elementWords = 1) => new(memory.Address + ((ulong)word * WordBytes), stride / elementWords);

    /// <summary>Writes words of a place; those that are so already need no copy.</summary>
    internal void Set(int place, int word, ReadOnlySpan<int> values)
    {
        if (!words.AsSpan((place * stride) + word, values.Length).SequenceEqual(values))
        {
            var start = (place * stride) + word;
            values.CopyTo(words.AsSpan(start));
            (first, end) = (Math.Min(first, start), Math.Max(end, start + values.Length));
        }
    }

    /// <summary>Enqueues the copy of what has changed.</summary>
    internal void Upload(Staging staging)
    {
        if (first < end)
        {
            staging.Upload<int>(memory.Address + ((ulong)first * WordBytes), words.AsSpan(first..end));
            (first, end) = (int.MaxValue, 0);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => memory.Dispose();
}
