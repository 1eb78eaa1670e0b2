using System.Buffers;
using System.Buffers.Binary;

namespace Grokking.Host.Metrics.Parquet;

/// <summary>
/// One column of one row group: a dictionary page where there is one, then data pages (version 1), each with its checksum.
/// Source: apache/parquet-format, README.md, "Column chunks" and "Data Pages"; parquet.thrift, "PageHeader".
/// </summary>
/// <param name="codec">How pages are compressed.</param>
/// <param name="start">Where in the file the chunk begins.</param>
internal sealed class ColumnChunkWriter(ParquetCodec codec, long start)
{
    /// <summary>Pages are cut at this many rows, in all columns alike.</summary>
    internal const int RowsPerPage = 20_000;

    /// <summary>PageType.DATA_PAGE.</summary>
    internal const int DataPage = 0;

    /// <summary>PageType.DICTIONARY_PAGE.</summary>
    internal const int DictionaryPage = 2;

    private readonly ArrayBufferWriter<byte> output = new();
    private long uncompressedSize;

    /// <summary>Encodes a column.</summary>
    /// <param name="column">What it is.</param>
    /// <param name="cells">Its cells, of the type that the column has.</param>
    /// <returns>Its bytes and what the footer says about them.</returns>
    public (ReadOnlyMemory<byte> Bytes, ColumnChunkFooter Footer) Write(ParquetColumn column, ColumnValues cells) => cells switch
    {
        ColumnValues<bool> c => WriteTyped(column, c),
        ColumnValues<int> c => WriteTyped(column, c),
        ColumnValues<long> c => WriteTyped(column, c),
        ColumnValues<float> c => WriteTyped(column, c),
        ColumnValues<double> c => WriteTyped(column, c),
        ColumnValues<string> c => WriteTyped(column, c),
        _ => throw new NotSupportedException($"{cells.GetType().Name} is not a type of our columns."),
    };

    private (ReadOnlyMemory<byte> Bytes, ColumnChunkFooter Footer) WriteTyped<T>(ParquetColumn column, ColumnValues<T> cells)
        where T : notnull
    {
        DictionaryEncoding? dictionary = column.Encoding == ParquetEncoding.Dictionary ? DictionaryEncoding.Of(cells.Values) : null;
        ParquetEncoding encoding = column.Encoding == ParquetEncoding.Dictionary && dictionary is null ? ParquetEncoding.Plain : column.Encoding;
        if (dictionary is not null)
            WritePage(DictionaryPage, dictionary.EntryCount, ParquetEncoding.Plain, dictionary.Entries);
        long dataPageOffset = start + output.WrittenCount;

        int firstValue = 0;
        for (int firstRow = 0; firstRow < cells.RowCount; firstRow += RowsPerPage)
        {
            int rows = Math.Min(RowsPerPage, cells.RowCount - firstRow);
            int values = cells.ValuesIn(firstRow, rows);
            var page = new ArrayBufferWriter<byte>();
            if (column.Optional)
                WriteDefinitionLevels(cells.Present, firstRow, rows, page);
            if (dictionary is not null)
                dictionary.Encode(firstValue, values, page);
            else if (encoding == ParquetEncoding.Delta)
                WriteDifferences(cells, firstValue, values, page);
            else
                PlainEncoding.Encode(cells.Values.Slice(firstValue, values), page);
            WritePage(DataPage, rows, encoding, page.WrittenMemory);
            firstValue += values;
        }

        var footer = new ColumnChunkFooter(
            encoding,
            codec,
            cells.RowCount,
            uncompressedSize,
            output.WrittenCount,
            dataPageOffset,
            dictionary is null ? null : start,
            ColumnStatistics.Of(cells));
        return (output.WrittenMemory, footer);
    }

    private static void WriteDifferences<T>(ColumnValues<T> cells, int start, int count, IBufferWriter<byte> page)
        where T : notnull
    {
        if (cells is ColumnValues<int> integers)
            DeltaBinaryPacked.Encode(integers.Values.Slice(start, count), page);
        else
            DeltaBinaryPacked.Encode(((ColumnValues<long>)(ColumnValues)cells).Values.Slice(start, count), page);
    }

    // One level per row: 1 where there is a value, 0 where there is none; with a 4-byte length in front.
    private static void WriteDefinitionLevels(ReadOnlySpan<bool> present, int start, int count, ArrayBufferWriter<byte> page)
    {
        var levels = new uint[count];
        for (int i = 0; i < count; i++)
            levels[i] = present.IsEmpty || present[start + i] ? 1u : 0u;
        var encoded = new ArrayBufferWriter<byte>();
        RunLengthHybrid.Encode(levels, 1, encoded);
        BinaryPrimitives.WriteInt32LittleEndian(page.GetSpan(sizeof(int)), encoded.WrittenCount);
        page.Advance(sizeof(int));
        page.Write(encoded.WrittenSpan);
    }

    private void WritePage(int type, int count, ParquetEncoding encoding, ReadOnlyMemory<byte> page)
    {
        ReadOnlyMemory<byte> compressed = codec.Compress(page);
        int headerStart = output.WrittenCount;
        var thrift = new ThriftCompactWriter(output);
        thrift.BeginElement();
        thrift.Field(1, type);
        thrift.Field(2, page.Length);
        thrift.Field(3, compressed.Length);
        thrift.Field(4, unchecked((int)Crc32.Of(compressed.Span)));
        if (type == DictionaryPage)
        {
            thrift.BeginStructure(7);
            thrift.Field(1, count);
            thrift.Field(2, encoding.Number());
            thrift.End();
        }
        else
        {
            thrift.BeginStructure(5);
            thrift.Field(1, count);
            thrift.Field(2, encoding.Number());
            thrift.Field(3, ParquetNumbers.RunLengthEncoding);
            thrift.Field(4, ParquetNumbers.RunLengthEncoding);
            thrift.End();
        }

        thrift.End();
        uncompressedSize += output.WrittenCount - headerStart + page.Length;
        output.Write(compressed.Span);
    }
}
