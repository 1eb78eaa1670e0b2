using System.Buffers;
using System.Buffers.Binary;

namespace Grokking.Host.Metrics.Parquet;

/// <summary>
/// Integers of a fixed number of bits, one after the other from the lowest bit of the first byte.
/// Source: apache/parquet-format, Encodings.md, "Run Length Encoding / Bit-Packing Hybrid", the packing used by RLE (3) and DELTA_BINARY_PACKED (5).
/// </summary>
internal static class BitPacking
{
    /// <summary>Bits that the largest value needs: 0 for 0, 64 for the largest unsigned integer.</summary>
    /// <param name="largest">The largest value.</param>
    /// <returns>0 to 64.</returns>
    public static int WidthOf(ulong largest) => 64 - System.Numerics.BitOperations.LeadingZeroCount(largest);

    /// <summary>Bytes that packed values take.</summary>
    /// <param name="count">Number of values.</param>
    /// <param name="width">Bits of each.</param>
    /// <returns>Number of bytes.</returns>
    public static int BytesFor(int count, int width) => checked((int)((((long)count * width) + 7) / 8));

    /// <summary>Packs values.</summary>
    /// <param name="values">The values; each fits in <paramref name="width"/> bits.</param>
    /// <param name="width">0 to 64.</param>
    /// <param name="output">Where to.</param>
    public static void Pack(ReadOnlySpan<ulong> values, int width, IBufferWriter<byte> output)
    {
        if (width == 0)
            return;
        int bytes = BytesFor(values.Length, width);
        Span<byte> span = output.GetSpan(bytes + 8);
        ulong pending = 0;
        int bits = 0, at = 0;
        foreach (ulong value in values)
        {
            pending |= value << bits;
            bits += width;
            if (bits < 64)
                continue;
            BinaryPrimitives.WriteUInt64LittleEndian(span[at..], pending);
            at += 8;
            bits -= 64;
            pending = bits == 0 ? 0 : value >> (width - bits);
        }

        BinaryPrimitives.WriteUInt64LittleEndian(span[at..], pending);
        output.Advance(bytes);
    }

    /// <summary>Unpacks values.</summary>
    /// <param name="packed">The bytes, <see cref="BytesFor"/> of them.</param>
    /// <param name="width">0 to 64.</param>
    /// <param name="values">Where to.</param>
    public static void Unpack(ReadOnlySpan<byte> packed, int width, Span<ulong> values)
    {
        ulong mask = width == 64 ? ulong.MaxValue : (1UL << width) - 1;
        for (int i = 0; i < values.Length; i++)
        {
            long bit = (long)i * width;
            int first = (int)(bit >> 3), last = (int)((bit + width + 7) >> 3);
            UInt128 window = 0;
            for (int b = last - 1; b >= first; b--)
                window = (window << 8) | packed[b];
            values[i] = (ulong)(window >> (int)(bit & 7)) & mask;
        }
    }
}
