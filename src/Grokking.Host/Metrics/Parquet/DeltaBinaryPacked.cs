using System.Buffers;

namespace Grokking.Host.Metrics.Parquet;

/// <summary>
/// Integers as the first one and bit-packed differences, in blocks of 128 with four miniblocks of 32. Differences wrap around at the type's width,
/// so the full range is exact.
/// Source: apache/parquet-format, Encodings.md, "Delta Encoding (DELTA_BINARY_PACKED = 5)".
/// </summary>
internal static class DeltaBinaryPacked
{
    private const int Block = 128, Miniblocks = 4, Miniblock = Block / Miniblocks;

    /// <summary>Encodes 64-bit integers.</summary>
    /// <param name="values">The values.</param>
    /// <param name="output">Where to.</param>
    public static void Encode(ReadOnlySpan<long> values, IBufferWriter<byte> output) => Encode(values, ulong.MaxValue, output);

    /// <summary>Encodes 32-bit integers.</summary>
    /// <param name="values">The values.</param>
    /// <param name="output">Where to.</param>
    public static void Encode(ReadOnlySpan<int> values, IBufferWriter<byte> output)
    {
        var wide = new long[values.Length];
        for (int i = 0; i < wide.Length; i++)
            wide[i] = values[i];
        Encode(wide, uint.MaxValue, output);
    }

    /// <summary>Decodes integers of 64 bits, or of 32 bits after a cast.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <returns>The values; of a 32-bit column only the lower half counts.</returns>
    /// <exception cref="InvalidDataException">The bytes are not such a sequence.</exception>
    public static long[] Decode(ReadOnlySpan<byte> bytes)
    {
        var reader = new ByteReader(bytes);
        int block = reader.TakeCount(), miniblocks = reader.TakeCount(), total = reader.TakeCount();
        // Every block of 128 values takes bytes, so a total beyond that is damage, not a reason to ask for memory.
        if (block != Block || miniblocks != Miniblocks || total > (long)bytes.Length * Block)
            throw new InvalidDataException("the header of a delta-encoded page is not ours");
        var values = new long[total];
        long last = reader.TakeSigned();
        if (total == 0)
            return values;
        values[0] = last;
        var packed = new ulong[Miniblock];
        for (int at = 1; at < total;)
        {
            long smallest = reader.TakeSigned();
            ReadOnlySpan<byte> widths = reader.Take(Miniblocks);
            for (int m = 0; m < Miniblocks && at < total; m++)
            {
                int width = widths[m];
                if (width > 64)
                    throw new InvalidDataException($"a difference of {width} bits is out of range");
                BitPacking.Unpack(reader.Take(BitPacking.BytesFor(Miniblock, width)), width, packed);
                for (int i = 0; i < Miniblock && at < total; i++)
                    values[at++] = last = unchecked(last + smallest + (long)packed[i]);
            }
        }

        return values;
    }

    private static void Encode(ReadOnlySpan<long> values, ulong mask, IBufferWriter<byte> output)
    {
        output.WriteUnsigned(Block);
        output.WriteUnsigned(Miniblocks);
        output.WriteUnsigned((ulong)values.Length);
        output.WriteSigned(values.IsEmpty ? 0 : values[0]);
        Span<long> differences = stackalloc long[Block];
        for (int start = 1; start < values.Length; start += Block)
        {
            int count = Math.Min(Block, values.Length - start);
            for (int i = 0; i < count; i++)
                differences[i] = Wrap(unchecked(values[start + i] - values[start + i - 1]), mask);
            EncodeBlock(differences[..count], mask, output);
        }
    }

    private static long Wrap(long difference, ulong mask) => mask == uint.MaxValue ? (int)difference : difference;

    private static void EncodeBlock(ReadOnlySpan<long> differences, ulong mask, IBufferWriter<byte> output)
    {
        long smallest = differences[0];
        foreach (long difference in differences)
            smallest = Math.Min(smallest, difference);
        Span<ulong> above = stackalloc ulong[Block];
        above.Clear();
        for (int i = 0; i < differences.Length; i++)
            above[i] = unchecked((ulong)(differences[i] - smallest)) & mask;

        Span<byte> widths = stackalloc byte[Miniblocks];
        for (int m = 0; m < Miniblocks; m++)
        {
            ulong union = 0;
            foreach (ulong value in above.Slice(m * Miniblock, Miniblock))
                union |= value;
            widths[m] = (byte)BitPacking.WidthOf(union);
        }

        output.WriteSigned(smallest);
        output.Write(widths);
        for (int m = 0; m < Miniblocks; m++)
            BitPacking.Pack(above.Slice(m * Miniblock, Miniblock), widths[m], output);
    }
}
