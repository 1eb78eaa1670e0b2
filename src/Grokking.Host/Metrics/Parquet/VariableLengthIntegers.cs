using System.Buffers;

namespace Grokking.Host.Metrics.Parquet;

/// <summary>
/// Integers of seven bits per byte, lowest first (ULEB128), and the zig-zag mapping that keeps small negative numbers short.
/// Source: apache/parquet-format, Encodings.md, "Delta Encoding"; the same in Thrift's compact protocol.
/// </summary>
internal static class VariableLengthIntegers
{
    /// <summary>Writes an unsigned integer.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="value">The integer.</param>
    public static void WriteUnsigned(this IBufferWriter<byte> output, ulong value)
    {
        Span<byte> span = output.GetSpan(10);
        int length = 0;
        for (; value >= 0x80; value >>= 7)
            span[length++] = (byte)(value | 0x80);
        span[length++] = (byte)value;
        output.Advance(length);
    }

    /// <summary>Writes a signed integer: 0, -1, 1, -2, … become 0, 1, 2, 3, …</summary>
    /// <param name="output">Where to.</param>
    /// <param name="value">The integer.</param>
    public static void WriteSigned(this IBufferWriter<byte> output, long value) =>
        output.WriteUnsigned((ulong)((value << 1) ^ (value >> 63)));
}

/// <summary>Reads bytes from the front of a span; running out of them is a fault of the file.</summary>
/// <param name="bytes">The bytes.</param>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> bytes = bytes;

    /// <summary>Bytes taken so far.</summary>
    public int Position { get; private set; }

    /// <summary>Bytes left.</summary>
    public readonly int Left => bytes.Length - Position;

    /// <summary>Takes bytes.</summary>
    /// <param name="count">How many.</param>
    /// <returns>The bytes.</returns>
    /// <exception cref="InvalidDataException">There are not as many.</exception>
    public ReadOnlySpan<byte> Take(long count)
    {
        if (count < 0 || count > Left)
            throw new InvalidDataException($"{count} bytes were expected where {Left} are left");
        ReadOnlySpan<byte> taken = bytes.Slice(Position, (int)count);
        Position += (int)count;
        return taken;
    }

    /// <summary>Takes one byte.</summary>
    /// <returns>The byte.</returns>
    public byte TakeByte() => Take(1)[0];

    /// <summary>Takes an unsigned integer of variable length.</summary>
    /// <returns>The integer.</returns>
    /// <exception cref="InvalidDataException">It has more than 64 bits.</exception>
    public ulong TakeUnsigned()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = TakeByte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }

        throw new InvalidDataException("an integer has more than 64 bits");
    }

    /// <summary>Takes a zig-zag integer of variable length.</summary>
    /// <returns>The integer.</returns>
    public long TakeSigned()
    {
        ulong value = TakeUnsigned();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>Takes an unsigned integer that counts something in memory.</summary>
    /// <returns>The count.</returns>
    /// <exception cref="InvalidDataException">No array could be that long.</exception>
    public int TakeCount()
    {
        ulong value = TakeUnsigned();
        return value <= int.MaxValue ? (int)value : throw new InvalidDataException($"a count of {value} is out of range");
    }
}
