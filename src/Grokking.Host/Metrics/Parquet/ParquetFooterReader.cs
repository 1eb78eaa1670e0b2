using System.Buffers.Binary;
using System.Collections.Immutable;

namespace Grokking.Host.Metrics.Parquet;

/// <summary>
/// Reads the footers of files that this program wrote; whatever it does not write is a fault.
/// Source: apache/parquet-format, README.md, "File format", and src/main/thrift/parquet.thrift.
/// </summary>
internal static class ParquetFooterReader
{
    // Footer length and closing magic.
    private const int TailLength = 8;

    /// <summary>Reads a footer.</summary>
    /// <param name="file">A whole file; its position is left anywhere.</param>
    /// <returns>The footer.</returns>
    /// <exception cref="InvalidDataException">It is no such file; the message says why.</exception>
    public static ParquetFooter Read(Stream file)
    {
        if (file.Length < ParquetFooter.Magic.Length + TailLength)
            throw new InvalidDataException($"it is {file.Length} bytes long, shorter than an empty Parquet file");
        Span<byte> magic = stackalloc byte[4];
        file.Position = 0;
        file.ReadExactly(magic);
        if (!magic.SequenceEqual(ParquetFooter.Magic))
            throw new InvalidDataException("it does not start with PAR1");
        Span<byte> tail = stackalloc byte[TailLength];
        file.Position = file.Length - TailLength;
        file.ReadExactly(tail);
        if (!tail[4..].SequenceEqual(ParquetFooter.Magic))
            throw new InvalidDataException("it does not end with PAR1: it was never finished, or it is cut off");
        int length = BinaryPrimitives.ReadInt32LittleEndian(tail);
        if (length < 0 || length > file.Length - TailLength - magic.Length)
            throw new InvalidDataException("its footer is said to be longer than the file");
        var bytes = new byte[length];
        file.Position = file.Length - TailLength - length;
        file.ReadExactly(bytes);
        var reader = new ByteReader(bytes);
        return Footer(ThriftStructure.Read(ref reader), file.Length - TailLength - length);
    }

    private static ParquetFooter Footer(ThriftStructure file, long endOfData)
    {
        IReadOnlyList<ThriftStructure> groups = file.List<ThriftStructure>(4);
        ParquetSchema schema = Schema(file.List<ThriftStructure>(2), groups);
        var footer = new ParquetFooter(
            schema,
            [.. groups.Select(g => RowGroup(g, schema, endOfData))],
            [.. file.List<ThriftStructure>(5).Select(pair => KeyValuePair.Create(pair.Text(1), pair.Text(2)))],
            file.Text(6));
        return footer.RowCount == file.Integer(3) ? footer : throw new InvalidDataException("its row counts disagree");
    }

    private static ParquetSchema Schema(IReadOnlyList<ThriftStructure> elements, IReadOnlyList<ThriftStructure> groups)
    {
        if (elements.Count < 2 || elements[0].Integer(5) != elements.Count - 1)
            throw new InvalidDataException("its schema is not a flat table");
        // The encoding is no part of a schema in the file: each chunk names its own.
        var columns = new List<ParquetColumn>();
        foreach (ThriftStructure element in elements.Skip(1))
        {
            ParquetType type = ParquetNumbers.TypeOf(element.Integer32(1), element.Has(6) ? element.Integer32(6) : null);
            columns.Add(ParquetColumn.Of(element.Text(4), type, element.Integer(3) == 1));
        }

        string sortedBy = "";
        if (groups.Count > 0 && groups[0].List<ThriftStructure>(4) is [var sorting])
        {
            int index = sorting.Integer32(1);
            sortedBy = index >= 0 && index < columns.Count ? columns[index].Name : throw new InvalidDataException("its sort column does not exist");
        }

        try
        {
            return new ParquetSchema(columns, sortedBy);
        }
        catch (ArgumentException impossible)
        {
            throw new InvalidDataException($"its schema is impossible: {impossible.Message}", impossible);
        }
    }

    private static RowGroupFooter RowGroup(ThriftStructure group, ParquetSchema schema, long endOfData)
    {
        ImmutableArray<ColumnChunkFooter> chunks = [.. group.List<ThriftStructure>(1).Select(c => Chunk(c.Structure(3), endOfData))];
        if (chunks.Length != schema.Columns.Length || chunks.Any(c => c.CellCount != group.Integer(3)))
            throw new InvalidDataException("a row group does not have all columns, or they differ in length");
        return new RowGroupFooter(chunks, group.Integer(3));
    }

    private static ColumnChunkFooter Chunk(ThriftStructure chunk, long endOfData)
    {
        IReadOnlyList<long> encodings = chunk.List<long>(2);
        if (encodings.Count == 0)
            throw new InvalidDataException("a column has no encoding");
        var footer = new ColumnChunkFooter(
            ParquetNumbers.EncodingOf(encodings[^1]),
            (ParquetCodec)chunk.Integer32(4),
            chunk.Integer(5),
            chunk.Integer(6),
            chunk.Integer(7),
            chunk.Integer(9),
            chunk.Has(11) ? chunk.Integer(11) : null,
            Statistics(chunk.Structure(12)));
        bool inside = footer.CellCount >= 0 && footer.Offset >= ParquetFooter.Magic.Length
            && footer.CompressedSize is >= 0 and <= int.MaxValue && footer.Offset <= endOfData - footer.CompressedSize;
        return inside ? footer : throw new InvalidDataException("a column lies outside the file");
    }

    private static ColumnStatistics Statistics(ThriftStructure statistics)
    {
        bool bounded = statistics.Has(5) && statistics.Has(6);
        return new ColumnStatistics(
            statistics.Integer(3),
            statistics.Has(9) ? statistics.Integer(9) : null,
            bounded ? (ReadOnlyMemory<byte>?)statistics.Bytes(6) : null,
            bounded ? (ReadOnlyMemory<byte>?)statistics.Bytes(5) : null);
    }
}
