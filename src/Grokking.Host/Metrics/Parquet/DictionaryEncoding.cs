using System.Buffers;

namespace Grokking.Host.Metrics.Parquet;

/// <summary>
/// Distinct values once, in order of appearance, and for every value its index.
/// Source: apache/parquet-format, Encodings.md, "Dictionary Encoding (PLAIN_DICTIONARY = 2 and RLE_DICTIONARY = 8)".
/// </summary>
/// <param name="Entries">The distinct values, PLAIN.</param>
/// <param name="EntryCount">Their number.</param>
/// <param name="Indices">One per value.</param>
internal sealed record DictionaryEncoding(ReadOnlyMemory<byte> Entries, int EntryCount, ReadOnlyMemory<uint> Indices)
{
    /// <summary>More distinct values than this and a dictionary costs more than it saves.</summary>
    internal const int Limit = 16_384;

    /// <summary>Bits of an index; 0 for a single entry.</summary>
    public int Width => BitPacking.WidthOf((ulong)Math.Max(0, EntryCount - 1));

    /// <summary>Looks for the distinct values.</summary>
    /// <typeparam name="T">bool, int, long, float, double or string.</typeparam>
    /// <param name="values">The values.</param>
    /// <returns>Nothing where there are too many distinct values, or none at all: the column is then written plainly.</returns>
    public static DictionaryEncoding? Of<T>(ReadOnlySpan<T> values)
        where T : notnull
    {
        if (values.IsEmpty)
            return null;
        // By their bits: the two zeros are two entries, and so are two different NaN.
        if (typeof(T) == typeof(double))
            return Of(values, v => BitConverter.DoubleToInt64Bits((double)(object)v));
        if (typeof(T) == typeof(float))
            return Of(values, v => BitConverter.SingleToInt32Bits((float)(object)v));
        return Of(values, v => v);
    }

    /// <summary>Writes the indices of a page: one byte of width, then the hybrid.</summary>
    /// <param name="start">First value of the page.</param>
    /// <param name="count">Number of values.</param>
    /// <param name="output">Where to.</param>
    public void Encode(int start, int count, IBufferWriter<byte> output)
    {
        output.Write([(byte)Width]);
        RunLengthHybrid.Encode(Indices.Span.Slice(start, count), Width, output);
    }

    /// <summary>Reads the values of a page.</summary>
    /// <typeparam name="T">The values' type.</typeparam>
    /// <param name="page">The page's values.</param>
    /// <param name="entries">The dictionary.</param>
    /// <param name="count">Number of values.</param>
    /// <returns>The values.</returns>
    /// <exception cref="InvalidDataException">An index is beyond the dictionary.</exception>
    public static T[] Decode<T>(ReadOnlySpan<byte> page, T[] entries, int count)
    {
        if (count == 0)
            return [];
        var reader = new ByteReader(page);
        byte width = reader.TakeByte();
        uint[] indices = RunLengthHybrid.Decode(reader.Take(reader.Left), width, count);
        return Array.ConvertAll(indices, i => i < entries.Length
            ? entries[i]
            : throw new InvalidDataException($"index {i} is beyond a dictionary of {entries.Length} entries"));
    }

    private static DictionaryEncoding? Of<T, TKey>(ReadOnlySpan<T> values, Func<T, TKey> key)
        where TKey : notnull
    {
        var known = new Dictionary<TKey, uint>();
        var entries = new List<T>();
        var indices = new uint[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            TKey k = key(values[i]);
            if (!known.TryGetValue(k, out uint index))
            {
                if (entries.Count == Limit)
                    return null;
                index = (uint)entries.Count;
                known.Add(k, index);
                entries.Add(values[i]);
            }

            indices[i] = index;
        }

        var plain = new ArrayBufferWriter<byte>();
        PlainEncoding.Encode<T>(entries.ToArray(), plain);
        return new DictionaryEncoding(plain.WrittenMemory, entries.Count, indices);
    }
}
