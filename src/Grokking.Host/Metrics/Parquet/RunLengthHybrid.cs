using System.Buffers;

namespace Grokking.Host.Metrics.Parquet;

/// <summary>
/// Small integers as runs of one value or as bit-packed groups of eight; the form of definition levels and of dictionary indices.
/// Source: apache/parquet-format, Encodings.md, "Run Length Encoding / Bit-Packing Hybrid (RLE = 3)".
/// </summary>
internal static class RunLengthHybrid
{
    private const int Group = 8;

    /// <summary>Encodes values; a run of eight or more equal ones is written once.</summary>
    /// <param name="values">The values; each fits in <paramref name="width"/> bits.</param>
    /// <param name="width">0 to 32.</param>
    /// <param name="output">Where to.</param>
    public static void Encode(ReadOnlySpan<uint> values, int width, IBufferWriter<byte> output)
    {
        for (int at = 0; at < values.Length;)
        {
            int run = RunAt(values, at);
            // A width of 0 leaves nothing to pack: such values are one run, however short.
            if (run >= Group || width == 0)
            {
                WriteRun(values[at], run, width, output);
                at += run;
                continue;
            }

            int end = EndOfLiterals(values, at);
            WriteGroups(values[at..end], width, output);
            at = end;
        }
    }

    /// <summary>Decodes values.</summary>
    /// <param name="bytes">The bytes; they may be longer than needed.</param>
    /// <param name="width">0 to 32.</param>
    /// <param name="count">Number of values.</param>
    /// <returns>The values.</returns>
    /// <exception cref="InvalidDataException">The bytes end too early, or a run is empty.</exception>
    public static uint[] Decode(ReadOnlySpan<byte> bytes, int width, int count)
    {
        if (width > 32)
            throw new InvalidDataException($"a level or index of {width} bits is out of range");
        var values = new uint[count];
        var reader = new ByteReader(bytes);
        for (int at = 0; at < count;)
        {
            int header = reader.TakeCount();
            int length = header >> 1;
            if (length == 0)
                throw new InvalidDataException("a run is empty");
            if ((header & 1) == 0)
            {
                int run = Math.Min(length, count - at);
                values.AsSpan(at, run).Fill(TakeValue(ref reader, width));
                at += run;
                continue;
            }

            ReadOnlySpan<byte> packed = reader.Take((long)length * width);
            var group = new ulong[Math.Min((long)length * Group, count - at)];
            BitPacking.Unpack(packed, width, group);
            foreach (ulong value in group)
                values[at++] = (uint)value;
        }

        return values;
    }

    private static int RunAt(ReadOnlySpan<uint> values, int at)
    {
        int length = values[at..].IndexOfAnyExcept(values[at]);
        return length < 0 ? values.Length - at : length;
    }

    // Literals come in whole groups, so a run may have to lend its first values to the group before it.
    private static int EndOfLiterals(ReadOnlySpan<uint> values, int start)
    {
        int at = start;
        while (at < values.Length)
        {
            int run = RunAt(values, at);
            int missing = (Group - ((at - start) % Group)) % Group;
            if (run >= Group && missing == 0)
                break;
            at += run >= Group ? missing : run;
        }

        return at;
    }

    private static void WriteRun(uint value, int length, int width, IBufferWriter<byte> output)
    {
        output.WriteUnsigned((ulong)length << 1);
        for (int shift = 0; shift < width; shift += 8)
            output.Write([(byte)(value >> shift)]);
    }

    private static void WriteGroups(ReadOnlySpan<uint> values, int width, IBufferWriter<byte> output)
    {
        int groups = (values.Length + Group - 1) / Group;
        output.WriteUnsigned(((ulong)groups << 1) | 1);
        var padded = new ulong[groups * Group];
        for (int i = 0; i < values.Length; i++)
            padded[i] = values[i];
        BitPacking.Pack(padded, width, output);
    }

    private static uint TakeValue(ref ByteReader reader, int width)
    {
        uint value = 0;
        for (int shift = 0; shift < width; shift += 8)
            value |= (uint)reader.TakeByte() << shift;
        return value;
    }
}
