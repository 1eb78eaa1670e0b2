using System.Collections.Immutable;

namespace Grokking.Host.Metrics.Parquet;

/// <summary>What a file says about itself at its end.</summary>
/// <param name="Schema">Its columns.</param>
/// <param name="RowGroups">Its row groups, in order; none in an empty table.</param>
/// <param name="Metadata">Key and value, in order.</param>
/// <param name="CreatedBy">Who wrote it.</param>
internal sealed record ParquetFooter(
    ParquetSchema Schema, ImmutableArray<RowGroupFooter> RowGroups, ImmutableArray<KeyValuePair<string, string>> Metadata, string CreatedBy)
{
    /// <summary>The four bytes at both ends of every file.</summary>
    internal static ReadOnlySpan<byte> Magic => "PAR1"u8;

    /// <summary>Rows in the file.</summary>
    public long RowCount => RowGroups.Sum(g => g.RowCount);
}

/// <summary>One row group.</summary>
/// <param name="Columns">Its column chunks, in the order of the schema, which is also their order in the file.</param>
/// <param name="RowCount">Its rows.</param>
internal sealed record RowGroupFooter(ImmutableArray<ColumnChunkFooter> Columns, long RowCount)
{
    /// <summary>Where it starts in the file.</summary>
    public long Offset => Columns[0].Offset;

    /// <summary>Bytes in the file.</summary>
    public long CompressedSize => Columns.Sum(c => c.CompressedSize);

    /// <summary>Bytes before compression.</summary>
    public long UncompressedSize => Columns.Sum(c => c.UncompressedSize);

    /// <summary>The same row group, elsewhere in another file.</summary>
    /// <param name="bytes">By how much it moves.</param>
    /// <returns>The moved row group.</returns>
    public RowGroupFooter MovedBy(long bytes) => this with { Columns = [.. Columns.Select(c => c.MovedBy(bytes))] };
}

/// <summary>One column of one row group.</summary>
/// <param name="Encoding">How its values are written.</param>
/// <param name="Codec">How its pages are compressed.</param>
/// <param name="CellCount">Rows, with and without a value.</param>
/// <param name="UncompressedSize">Bytes before compression, page headers included.</param>
/// <param name="CompressedSize">Bytes in the file, page headers included.</param>
/// <param name="DataPageOffset">Where its first data page starts in the file.</param>
/// <param name="DictionaryPageOffset">Where its dictionary starts, if it has one.</param>
/// <param name="Statistics">What readers prune by.</param>
internal sealed record ColumnChunkFooter(
    ParquetEncoding Encoding,
    ParquetCodec Codec,
    long CellCount,
    long UncompressedSize,
    long CompressedSize,
    long DataPageOffset,
    long? DictionaryPageOffset,
    ColumnStatistics Statistics)
{
    /// <summary>Where its first page starts in the file.</summary>
    public long Offset => DictionaryPageOffset ?? DataPageOffset;

    /// <summary>The same column chunk, elsewhere in another file.</summary>
    /// <param name="bytes">By how much it moves.</param>
    /// <returns>The moved column chunk.</returns>
    public ColumnChunkFooter MovedBy(long bytes) =>
        this with { DataPageOffset = DataPageOffset + bytes, DictionaryPageOffset = DictionaryPageOffset + bytes };
}
