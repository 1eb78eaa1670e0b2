using System.Collections.Immutable;
using Grokking.Host.Files;

namespace Grokking.Host.Metrics.Parquet;

/// <summary>
/// A file that this program wrote, opened for reading: what `resume`, `status`, the figures and scripts need. It is no general Parquet reader.
/// </summary>
public sealed class ParquetTable
{
    private readonly string path;
    private readonly ParquetFooter footer;

    private ParquetTable(string path, ParquetFooter footer)
    {
        this.path = path;
        this.footer = footer;
    }

    /// <summary>The columns.</summary>
    internal ParquetSchema Schema => footer.Schema;

    /// <summary>Rows in the file.</summary>
    public long RowCount => footer.RowCount;

    /// <summary>Key and value, in file order.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Metadata => footer.Metadata;

    /// <summary>What the file says about itself.</summary>
    internal ParquetFooter Footer => footer;

    /// <summary>Opens a file; only its footer is read.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The table.</returns>
    /// <exception cref="DamagedFileException">It is not a whole file of ours.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static ParquetTable Open(string path)
    {
        using FileStream file = File.OpenRead(path);
        return DamagedFileException.Guard(path, () => new ParquetTable(path, ParquetFooterReader.Read(file)));
    }

    /// <summary>Reads a column of all row groups.</summary>
    /// <typeparam name="T">bool, int, long, float, double or string; a timestamp is a long (microseconds since 1970).</typeparam>
    /// <param name="name">The column's name.</param>
    /// <returns>Its cells.</returns>
    /// <exception cref="ArgumentException">There is no such column, or it has another type.</exception>
    /// <exception cref="DamagedFileException">The file is damaged; every page's checksum is checked.</exception>
    internal ColumnValues<T> Column<T>(string name)
        where T : notnull
    {
        int index = footer.Schema.IndexOf(name);
        if (index < 0)
        {
            throw new ArgumentException(
                $"{path} has no column '{name}'; it has {string.Join(", ", footer.Schema.Columns.Select(c => c.Name))}.", nameof(name));
        }

        ParquetColumn column = footer.Schema.Columns[index];
        using FileStream file = File.OpenRead(path);
        List<ColumnValues> chunks =
            DamagedFileException.Guard(path, () => footer.RowGroups.Select(g => Read(file, column, g.Columns[index])).ToList());
        if (chunks.FirstOrDefault(c => c is not ColumnValues<T>) is { } other)
            throw new ArgumentException($"The column '{name}' of {path} is {column.Type}, not {typeof(T).Name}.", nameof(name));
        return Concatenate<T>(chunks, column.Optional);
    }

    /// <summary>A column of numbers, null where there is no value.</summary>
    /// <param name="name">The column's name; its type is double.</param>
    /// <returns>One per row.</returns>
    public double?[] Doubles(string name) => Column<double>(name).Cells(v => (double?)v, null);

    /// <summary>A column of 64-bit integers, null where there is no value.</summary>
    /// <param name="name">The column's name; its type is int64.</param>
    /// <returns>One per row.</returns>
    public long?[] Longs(string name) => Column<long>(name).Cells(v => (long?)v, null);

    /// <summary>A column of 32-bit integers, null where there is no value.</summary>
    /// <param name="name">The column's name; its type is int32.</param>
    /// <returns>One per row.</returns>
    public int?[] Integers(string name) => Column<int>(name).Cells(v => (int?)v, null);

    /// <summary>A column of truth values, null where there is no value.</summary>
    /// <param name="name">The column's name; its type is bool.</param>
    /// <returns>One per row.</returns>
    public bool?[] Truths(string name) => Column<bool>(name).Cells(v => (bool?)v, null);

    /// <summary>A column of texts, null where there is no value.</summary>
    /// <param name="name">The column's name; its type is text.</param>
    /// <returns>One per row.</returns>
    public string?[] Texts(string name) => Column<string>(name).Cells<string?>(v => v, null);

    /// <summary>A column of instants, null where there is no value.</summary>
    /// <param name="name">The column's name; its type is timestamp.</param>
    /// <returns>One per row.</returns>
    public DateTimeOffset?[] Instants(string name) => Column<long>(name).Cells(v => (DateTimeOffset?)ColumnValues.Instant(v), null);

    private static ColumnValues Read(FileStream file, ParquetColumn column, ColumnChunkFooter chunk)
    {
        var bytes = new byte[chunk.CompressedSize];
        file.Position = chunk.Offset;
        file.ReadExactly(bytes);
        return ColumnChunkReader.Read(bytes, column, chunk);
    }

    private static ColumnValues<T> Concatenate<T>(List<ColumnValues> chunks, bool optional)
        where T : notnull
    {
        // Millions of rows: no element by element.
        var values = new T[chunks.Sum(chunk => chunk.ValueCount)];
        bool[]? present = optional ? new bool[chunks.Sum(chunk => chunk.RowCount)] : null;
        int value = 0, row = 0;
        foreach (ColumnValues chunk in chunks)
        {
            ((ColumnValues<T>)chunk).Values.CopyTo(values.AsSpan(value));
            if (present is not null)
                chunk.Present.CopyTo(present.AsSpan(row));
            value += chunk.ValueCount;
            row += chunk.RowCount;
        }

        return new ColumnValues<T>(values, present);
    }
}
