using System.Buffers;
using static Grokking.Host.Metrics.Parquet.ThriftCompactWriter;

namespace Grokking.Host.Metrics.Parquet;

/// <summary>
/// A footer as bytes. Numbers in the calls are the field numbers of the format.
/// Source: apache/parquet-format, src/main/thrift/parquet.thrift, from "FileMetaData" downwards.
/// </summary>
internal static class ParquetFooterWriter
{
    /// <summary>Writes a footer, without its length and the closing magic.</summary>
    /// <param name="footer">The footer.</param>
    /// <returns>Its bytes.</returns>
    public static ReadOnlyMemory<byte> Write(ParquetFooter footer)
    {
        var bytes = new ArrayBufferWriter<byte>();
        var thrift = new ThriftCompactWriter(bytes);
        thrift.BeginElement();
        thrift.Field(1, 1);
        WriteSchema(thrift, footer.Schema);
        thrift.Field(3, footer.RowCount);
        thrift.BeginList(4, Element.Structure, footer.RowGroups.Length);
        for (int i = 0; i < footer.RowGroups.Length; i++)
            WriteRowGroup(thrift, footer, i);
        thrift.BeginList(5, Element.Structure, footer.Metadata.Length);
        foreach ((string key, string value) in footer.Metadata)
        {
            thrift.BeginElement();
            thrift.Field(1, key);
            thrift.Field(2, value);
            thrift.End();
        }

        thrift.Field(6, footer.CreatedBy);
        // Without an order for each column, the bounds of its statistics mean nothing.
        thrift.BeginList(7, Element.Structure, footer.Schema.Columns.Length);
        foreach (ParquetColumn _ in footer.Schema.Columns)
        {
            thrift.BeginElement();
            thrift.EmptyStructure(1);
            thrift.End();
        }

        thrift.End();
        return bytes.WrittenMemory;
    }

    private static void WriteSchema(ThriftCompactWriter thrift, ParquetSchema schema)
    {
        thrift.BeginList(2, Element.Structure, schema.Columns.Length + 1);
        thrift.BeginElement();
        thrift.Field(4, "schema");
        thrift.Field(5, schema.Columns.Length);
        thrift.End();
        foreach (ParquetColumn column in schema.Columns)
        {
            thrift.BeginElement();
            thrift.Field(1, column.Type.Physical());
            thrift.Field(3, column.Optional ? 1 : 0);
            thrift.Field(4, column.Name);
            if (column.Type == ParquetType.Text)
            {
                thrift.Field(6, ParquetNumbers.ConvertedText);
                thrift.BeginStructure(10);
                thrift.EmptyStructure(1);
                thrift.End();
            }
            else if (column.Type == ParquetType.Timestamp)
            {
                thrift.Field(6, ParquetNumbers.ConvertedTimestamp);
                WriteTimestampType(thrift);
            }

            thrift.End();
        }
    }

    private static void WriteTimestampType(ThriftCompactWriter thrift)
    {
        thrift.BeginStructure(10);
        thrift.BeginStructure(8);
        thrift.Field(1, true);
        thrift.BeginStructure(2);
        thrift.EmptyStructure(2);
        thrift.End();
        thrift.End();
        thrift.End();
    }

    private static void WriteRowGroup(ThriftCompactWriter thrift, ParquetFooter footer, int ordinal)
    {
        RowGroupFooter group = footer.RowGroups[ordinal];
        thrift.BeginElement();
        thrift.BeginList(1, Element.Structure, group.Columns.Length);
        for (int i = 0; i < group.Columns.Length; i++)
            WriteChunk(thrift, footer.Schema.Columns[i], group.Columns[i]);
        thrift.Field(2, group.UncompressedSize);
        thrift.Field(3, group.RowCount);
        if (footer.Schema.SortedBy.Length > 0)
        {
            thrift.BeginList(4, Element.Structure, 1);
            thrift.BeginElement();
            thrift.Field(1, footer.Schema.IndexOf(footer.Schema.SortedBy));
            thrift.Field(2, false);
            thrift.Field(3, false);
            thrift.End();
        }

        thrift.Field(5, group.Offset);
        thrift.Field(6, group.CompressedSize);
        thrift.Field(7, checked((short)ordinal));
        thrift.End();
    }

    private static void WriteChunk(ThriftCompactWriter thrift, ParquetColumn column, ColumnChunkFooter chunk)
    {
        thrift.BeginElement();
        thrift.Field(2, 0L);
        thrift.BeginStructure(3);
        thrift.Field(1, column.Type.Physical());
        bool hasPlainDictionary = chunk.Encoding == ParquetEncoding.Dictionary;
        thrift.BeginList(2, Element.Int32, hasPlainDictionary ? 3 : 2);
        if (hasPlainDictionary)
            thrift.Item(ParquetNumbers.PlainEncoding);
        thrift.Item(ParquetNumbers.RunLengthEncoding);
        thrift.Item(chunk.Encoding.Number());
        thrift.BeginList(3, Element.Binary, 1);
        thrift.Item(column.Name);
        thrift.Field(4, (int)chunk.Codec);
        thrift.Field(5, chunk.CellCount);
        thrift.Field(6, chunk.UncompressedSize);
        thrift.Field(7, chunk.CompressedSize);
        thrift.Field(9, chunk.DataPageOffset);
        if (chunk.DictionaryPageOffset is { } dictionary)
            thrift.Field(11, dictionary);
        WriteStatistics(thrift, chunk.Statistics);
        thrift.End();
        thrift.End();
    }

    private static void WriteStatistics(ThriftCompactWriter thrift, ColumnStatistics statistics)
    {
        thrift.BeginStructure(12);
        thrift.Field(3, statistics.NullCount);
        if (statistics is { Smallest: { } smallest, Largest: { } largest })
        {
            thrift.Field(5, largest.Span);
            thrift.Field(6, smallest.Span);
            thrift.Field(7, true);
            thrift.Field(8, true);
        }

        if (statistics.NanCount is { } nans)
            thrift.Field(9, nans);
        thrift.End();
    }
}
