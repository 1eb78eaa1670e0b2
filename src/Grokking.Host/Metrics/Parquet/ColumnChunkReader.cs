using System.Buffers.Binary;

namespace Grokking.Host.Metrics.Parquet;

/// <summary>Reads back the pages of <see cref="ColumnChunkWriter"/> and checks the checksum of each.</summary>
internal static class ColumnChunkReader
{
    // A page of ours holds 20,000 rows. A damaged header must not ask for more memory than any page of ours could need.
    private const int LargestPage = 1 << 30;

    /// <summary>Decodes a column chunk.</summary>
    /// <param name="bytes">The chunk, from its first page header to the end of its last page.</param>
    /// <param name="column">What it is.</param>
    /// <param name="footer">What the footer says about it.</param>
    /// <returns>Its cells.</returns>
    /// <exception cref="InvalidDataException">It is no such chunk; the message says why.</exception>
    public static ColumnValues Read(ReadOnlySpan<byte> bytes, ParquetColumn column, ColumnChunkFooter footer) => column.Type switch
    {
        ParquetType.Boolean => ReadTyped<bool>(bytes, column, footer),
        ParquetType.Int32 => ReadTyped<int>(bytes, column, footer),
        ParquetType.Int64 or ParquetType.Timestamp => ReadTyped<long>(bytes, column, footer),
        ParquetType.Float => ReadTyped<float>(bytes, column, footer),
        ParquetType.Double => ReadTyped<double>(bytes, column, footer),
        _ => ReadTyped<string>(bytes, column, footer),
    };

    private static ColumnValues<T> ReadTyped<T>(ReadOnlySpan<byte> bytes, ParquetColumn column, ColumnChunkFooter footer)
        where T : notnull
    {
        var values = new List<T>();
        List<bool>? present = column.Optional ? [] : null;
        T[] entries = [];
        long cells = 0;
        var reader = new ByteReader(bytes);
        while (reader.Left > 0)
        {
            ThriftStructure header = ThriftStructure.Read(ref reader);
            byte[] page = TakePage(ref reader, header, footer.Codec);
            if (header.Integer(1) == ColumnChunkWriter.DictionaryPage)
            {
                entries = PlainEncoding.Decode<T>(page, CountOf(header.Structure(7), DictionaryEncoding.Limit));
                continue;
            }

            ThriftStructure data = header.Structure(5);
            int count = CountOf(data, ColumnChunkWriter.RowsPerPage);
            cells += count;
            ReadOnlySpan<byte> rest = page;
            int valueCount = present is null ? count : TakeDefinitionLevels(ref rest, count, present);
            values.AddRange(ParquetNumbers.EncodingOf(data.Integer(2)) switch
            {
                ParquetEncoding.Dictionary => DictionaryEncoding.Decode(rest, entries, valueCount),
                ParquetEncoding.Delta => Differences<T>(rest, valueCount),
                _ => PlainEncoding.Decode<T>(rest, valueCount),
            });
        }

        return cells == footer.CellCount
            ? new ColumnValues<T>([.. values], present?.ToArray())
            : throw new InvalidDataException($"the column '{column.Name}' has {cells} rows where {footer.CellCount} were promised");
    }

    private static byte[] TakePage(ref ByteReader reader, ThriftStructure header, ParquetCodec codec)
    {
        ReadOnlySpan<byte> compressed = reader.Take(header.Integer32(3));
        if (Crc32.Of(compressed) != unchecked((uint)header.Integer32(4)))
            throw new InvalidDataException("the checksum of a page is wrong");
        int length = header.Integer32(2);
        if (length is < 0 or > LargestPage)
            throw new InvalidDataException($"a page of {length} bytes is out of range");
        return codec.Decompress(compressed, length);
    }

    private static int CountOf(ThriftStructure pageHeader, int limit) => pageHeader.Integer32(1) is >= 0 and var count && count <= limit
        ? count
        : throw new InvalidDataException("a page has more values than any of ours");

    private static int TakeDefinitionLevels(ref ReadOnlySpan<byte> page, int count, List<bool> present)
    {
        var reader = new ByteReader(page);
        ReadOnlySpan<byte> encoded = reader.Take(BinaryPrimitives.ReadInt32LittleEndian(reader.Take(sizeof(int))));
        page = page[reader.Position..];
        uint[] levels = RunLengthHybrid.Decode(encoded, 1, count);
        present.AddRange(levels.Select(l => l == 1));
        return levels.Count(l => l == 1);
    }

    private static T[] Differences<T>(ReadOnlySpan<byte> page, int count)
    {
        long[] values = DeltaBinaryPacked.Decode(page);
        if (values.Length != count)
            throw new InvalidDataException("a page has another number of values than its header says");
        if (typeof(T) == typeof(int))
            return (T[])(object)Array.ConvertAll(values, v => unchecked((int)v));
        return (object)values is T[] typed ? typed : throw new InvalidDataException("a page holds differences where the column holds no integers");
    }
}
