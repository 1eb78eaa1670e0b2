using Grokking.Host.Files;

namespace Grokking.Host.Metrics.Parquet;

/// <summary>A column with its cells: what a small table is made of.</summary>
/// <param name="Column">What it is.</param>
/// <param name="Cells">Its cells.</param>
internal sealed record TableColumn(ParquetColumn Column, ColumnValues Cells)
{
    /// <summary>A column of texts.</summary>
    /// <param name="name">Lower snake_case.</param>
    /// <param name="cells">One per row.</param>
    /// <returns>The column.</returns>
    public static TableColumn Text(string name, params string[] cells) => new(ParquetColumn.Of(name, ParquetType.Text), ColumnValues.Of(cells));

    /// <summary>A column of texts, some of which may be missing.</summary>
    /// <param name="name">Lower snake_case.</param>
    /// <param name="cells">One per row.</param>
    /// <returns>The column.</returns>
    public static TableColumn OptionalText(string name, params string?[] cells) =>
        new(ParquetColumn.Of(name, ParquetType.Text, optional: true), ColumnValues.OfOptional(cells));

    /// <summary>A column of truth values.</summary>
    /// <param name="name">Lower snake_case.</param>
    /// <param name="cells">One per row.</param>
    /// <returns>The column.</returns>
    public static TableColumn Truth(string name, params bool[] cells) => new(ParquetColumn.Of(name, ParquetType.Boolean), ColumnValues.Of(cells));

    /// <summary>A column of 32-bit integers.</summary>
    /// <param name="name">Lower snake_case.</param>
    /// <param name="cells">One per row.</param>
    /// <returns>The column.</returns>
    public static TableColumn Int32(string name, params int[] cells) => new(ParquetColumn.Of(name, ParquetType.Int32), ColumnValues.Of(cells));

    /// <summary>A column of 64-bit integers.</summary>
    /// <param name="name">Lower snake_case.</param>
    /// <param name="cells">One per row.</param>
    /// <returns>The column.</returns>
    public static TableColumn Int64(string name, params long[] cells) => new(ParquetColumn.Of(name, ParquetType.Int64), ColumnValues.Of(cells));

    /// <summary>A column of 64-bit integers, some of which may be missing.</summary>
    /// <param name="name">Lower snake_case.</param>
    /// <param name="cells">One per row.</param>
    /// <returns>The column.</returns>
    public static TableColumn OptionalInt64(string name, params long?[] cells) =>
        new(ParquetColumn.Of(name, ParquetType.Int64, optional: true), ColumnValues.OfOptional(cells));

    /// <summary>A column of 32-bit floating-point numbers.</summary>
    /// <param name="name">Lower snake_case.</param>
    /// <param name="cells">One per row.</param>
    /// <returns>The column.</returns>
    public static TableColumn Float(string name, params float[] cells) => new(ParquetColumn.Of(name, ParquetType.Float), ColumnValues.Of(cells));

    /// <summary>A column of 64-bit floating-point numbers.</summary>
    /// <param name="name">Lower snake_case.</param>
    /// <param name="cells">One per row.</param>
    /// <returns>The column.</returns>
    public static TableColumn Double(string name, params double[] cells) => new(ParquetColumn.Of(name, ParquetType.Double), ColumnValues.Of(cells));

    /// <summary>A column of 64-bit floating-point numbers, some of which may be missing.</summary>
    /// <param name="name">Lower snake_case.</param>
    /// <param name="cells">One per row.</param>
    /// <returns>The column.</returns>
    public static TableColumn OptionalDouble(string name, params double?[] cells) =>
        new(ParquetColumn.Of(name, ParquetType.Double, optional: true), ColumnValues.OfOptional(cells));

    /// <summary>A column of instants, in microseconds UTC.</summary>
    /// <param name="name">Lower snake_case.</param>
    /// <param name="cells">One per row.</param>
    /// <returns>The column.</returns>
    public static TableColumn Timestamp(string name, params DateTimeOffset[] cells) =>
        new(ParquetColumn.Of(name, ParquetType.Timestamp), ColumnValues.Of(Array.ConvertAll(cells, ColumnValues.Microseconds)));

    /// <summary>The same column, encoded in another way.</summary>
    /// <param name="encoding">How.</param>
    /// <returns>The column.</returns>
    public TableColumn As(ParquetEncoding encoding) => this with { Column = Column with { Encoding = encoding } };
}

/// <summary>Tables that are written at once: data sets, summaries, spectra, phases.</summary>
internal static class TableFile
{
    // Row groups as large as the metrics': small enough to prune, large enough to compress.
    private const int RowsPerGroup = 20_000;

    /// <summary>Writes a table; the file appears at once, whole, or not at all, and replaces an older one.</summary>
    /// <param name="disk">Where.</param>
    /// <param name="path">The file.</param>
    /// <param name="columns">At least one column; all have as many rows.</param>
    /// <param name="metadata">Key and value.</param>
    /// <param name="sortedBy">The column by which rows ascend, or the empty string.</param>
    /// <exception cref="ArgumentException">The columns differ in length, or a name is given twice.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(
        Disk disk, string path, IReadOnlyList<TableColumn> columns, IEnumerable<KeyValuePair<string, string>> metadata, string sortedBy = "")
    {
        var schema = new ParquetSchema(columns.Select(c => c.Column), sortedBy);
        disk.Publish(path, output =>
        {
            ParquetWriter writer = ParquetWriter.Begin(output, schema, metadata);
            int rows = columns.Max(c => c.Cells.RowCount);
            for (int start = 0; start < rows; start += RowsPerGroup)
                writer.WriteRowGroup([.. columns.Select(c => c.Cells.Slice(start, Math.Min(RowsPerGroup, rows - start)))]);
            writer.Finish();
        });
    }
}
