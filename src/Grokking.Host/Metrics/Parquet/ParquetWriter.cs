using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Reflection;

namespace Grokking.Host.Metrics.Parquet;

/// <summary>
/// Writes one Parquet file: <see cref="Begin"/>, any number of row groups, <see cref="Finish"/>. Without the last, the file is unreadable,
/// so files are written beside their place and renamed (<see cref="Files.Disk.Publish"/>).
/// Source: apache/parquet-format, README.md, "File format".
/// </summary>
internal sealed class ParquetWriter
{
    private readonly Stream output;
    private readonly ParquetSchema schema;
    private readonly ImmutableArray<KeyValuePair<string, string>> metadata;
    private readonly ParquetCodec codec;
    private readonly ImmutableArray<RowGroupFooter>.Builder groups = ImmutableArray.CreateBuilder<RowGroupFooter>();
    private long position;

    private ParquetWriter(Stream output, ParquetSchema schema, IEnumerable<KeyValuePair<string, string>> metadata, ParquetCodec codec)
    {
        this.output = output;
        this.schema = schema;
        this.metadata = [.. metadata];
        this.codec = codec;
    }

    /// <summary>Who writes, in the form that readers parse: name, version, build.</summary>
    public static string CreatedBy { get; } = DescribeThisProgram();

    /// <summary>Begins a file.</summary>
    /// <param name="output">Where to; left open.</param>
    /// <param name="schema">The columns.</param>
    /// <param name="metadata">Key and value, in the order in which they are written.</param>
    /// <param name="codec">How pages are compressed.</param>
    /// <returns>The writer.</returns>
    public static ParquetWriter Begin(
        Stream output, ParquetSchema schema, IEnumerable<KeyValuePair<string, string>> metadata, ParquetCodec codec = ParquetCodec.Gzip)
    {
        var writer = new ParquetWriter(output, schema, metadata, codec);
        writer.Append(ParquetFooter.Magic);
        return writer;
    }

    /// <summary>Writes a row group; one without rows writes nothing.</summary>
    /// <param name="columns">The cells, one entry per column of the schema.</param>
    /// <exception cref="ArgumentException">The columns differ from the schema, or in length; the message names the column.</exception>
    public void WriteRowGroup(IReadOnlyList<ColumnValues> columns)
    {
        Check(columns);
        if (columns[0].RowCount == 0)
            return;
        var chunks = ImmutableArray.CreateBuilder<ColumnChunkFooter>(columns.Count);
        for (int i = 0; i < columns.Count; i++)
        {
            (ReadOnlyMemory<byte> bytes, ColumnChunkFooter footer) = new ColumnChunkWriter(codec, position).Write(schema.Columns[i], columns[i]);
            Append(bytes.Span);
            chunks.Add(footer);
        }

        groups.Add(new RowGroupFooter(chunks.MoveToImmutable(), columns[0].RowCount));
    }

    /// <summary>Appends a row group of another file as it is, compressed bytes and all.</summary>
    /// <param name="source">The other file.</param>
    /// <param name="group">One of its row groups.</param>
    public void CopyRowGroup(Stream source, RowGroupFooter group)
    {
        groups.Add(group.MovedBy(position - group.Offset));
        source.Position = group.Offset;
        var bytes = new byte[group.CompressedSize];
        source.ReadExactly(bytes);
        Append(bytes);
    }

    /// <summary>Writes the footer; the file is complete.</summary>
    public void Finish()
    {
        ReadOnlyMemory<byte> footer = ParquetFooterWriter.Write(new ParquetFooter(schema, groups.ToImmutable(), metadata, CreatedBy));
        Append(footer.Span);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, footer.Length);
        Append(length);
        Append(ParquetFooter.Magic);
        output.Flush();
    }

    private static string DescribeThisProgram()
    {
        Assembly program = typeof(ParquetWriter).Assembly;
        string[] version = (program.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0").Split('+', 2);
        return $"grokking version {version[0]} (build {(version.Length > 1 ? version[1] : "local")})";
    }

    private void Check(IReadOnlyList<ColumnValues> columns)
    {
        if (columns.Count != schema.Columns.Length)
            throw new ArgumentException($"{columns.Count} columns were given for a table of {schema.Columns.Length}.", nameof(columns));
        for (int i = 0; i < columns.Count; i++)
        {
            ParquetColumn column = schema.Columns[i];
            if (!Fits(column.Type, columns[i]))
                throw new ArgumentException($"The column '{column.Name}' is {column.Type}, but was given {columns[i].GetType()}.", nameof(columns));
            if (columns[i].RowCount != columns[0].RowCount)
            {
                throw new ArgumentException(
                    $"The column '{column.Name}' has {columns[i].RowCount} rows, the first one {columns[0].RowCount}.", nameof(columns));
            }

            if (!column.Optional && columns[i].NullCount > 0)
            {
                throw new ArgumentException(
                    $"The column '{column.Name}' needs a value in every row, but {columns[i].NullCount} have none.", nameof(columns));
            }
        }
    }

    private static bool Fits(ParquetType type, ColumnValues column) => type switch
    {
        ParquetType.Boolean => column is ColumnValues<bool>,
        ParquetType.Int32 => column is ColumnValues<int>,
        ParquetType.Int64 or ParquetType.Timestamp => column is ColumnValues<long>,
        ParquetType.Float => column is ColumnValues<float>,
        ParquetType.Double => column is ColumnValues<double>,
        _ => column is ColumnValues<string>,
    };

    private void Append(ReadOnlySpan<byte> bytes)
    {
        output.Write(bytes);
        position += bytes.Length;
    }
}
