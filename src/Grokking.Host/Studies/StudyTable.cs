using System.Collections.Immutable;
using Grokking.Host.Files;
using Grokking.Host.Metrics.Parquet;

namespace Grokking.Host.Studies;

/// <summary>A table that a figure is drawn from: columns of numbers or texts, held in memory, read from or written to one Parquet file.</summary>
internal sealed class StudyTable
{
    // Written into the file, so that a table explains itself wherever it lies.
    private const string AboutKey = "grokking.table";

    private readonly Dictionary<string, double[]> numbers = [];
    private readonly Dictionary<string, string[]> texts = [];

    private StudyTable(string about, ImmutableArray<TableColumn> columns, ImmutableArray<KeyValuePair<string, string>> metadata)
    {
        (About, Columns, Metadata) = (about, columns, metadata);
        RowCount = columns[0].Cells.RowCount;
    }

    /// <summary>What a row is, for readers of the report.</summary>
    public string About { get; }

    /// <summary>The columns.</summary>
    public ImmutableArray<TableColumn> Columns { get; }

    /// <summary>What the file says about itself; empty for a table that was never saved.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Metadata { get; }

    /// <summary>How many rows there are.</summary>
    public int RowCount { get; }

    /// <summary>The rows, in order.</summary>
    public IEnumerable<StudyRow> Rows => Enumerable.Range(0, RowCount).Select(row => new StudyRow(this, row));

    /// <summary>A table in memory.</summary>
    /// <param name="about">What a row is, in a short phrase.</param>
    /// <param name="columns">At least one; all have as many rows.</param>
    public static StudyTable Of(string about, params ImmutableArray<TableColumn> columns) => new(about, columns, []);

    /// <summary>Reads a Parquet file of this program: of a study, or of a run.</summary>
    /// <exception cref="IOException">It is damaged or cannot be read.</exception>
    public static StudyTable Open(string path)
    {
        ParquetTable file = ParquetTable.Open(path);
        return new(
            file.Metadata.FirstOrDefault(pair => pair.Key == AboutKey).Value ?? "",
            [.. file.Schema.Columns.Select(column => new TableColumn(column, Cells(file, column)))],
            file.Metadata);
    }

    /// <summary>Writes the table.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Write(string path, IEnumerable<KeyValuePair<string, string>> metadata) =>
        TableFile.Write(Disk.Real, path, Columns, [.. metadata, new(AboutKey, About)]);

    /// <summary>A column of numbers; what is missing is NaN.</summary>
    /// <param name="column">Its name.</param>
    /// <exception cref="ArgumentException">There is no such column, or it holds texts.</exception>
    public double[] Numbers(string column)
    {
        if (!numbers.TryGetValue(column, out double[]? cells))
        {
            numbers.Add(column, cells = Find(column).Cells switch
            {
                ColumnValues<double> values => values.Cells(value => value, double.NaN),
                ColumnValues<float> values => values.Cells(value => value, double.NaN),
                ColumnValues<long> values => values.Cells(value => value, double.NaN),
                ColumnValues<int> values => values.Cells(value => value, double.NaN),
                ColumnValues<bool> values => values.Cells(value => value ? 1 : 0, double.NaN),
                _ => throw new ArgumentException($"The column '{column}' holds no numbers.", nameof(column)),
            });
        }

        return cells;
    }

    /// <summary>A column of texts; what is missing is the empty text.</summary>
    /// <param name="column">Its name.</param>
    /// <exception cref="ArgumentException">There is no such column, or it holds numbers.</exception>
    public string[] Texts(string column)
    {
        if (!texts.TryGetValue(column, out string[]? cells))
        {
            texts.Add(column, cells = Find(column).Cells is ColumnValues<string> values
                ? values.Cells(value => value, "")
                : throw new ArgumentException($"The column '{column}' holds no texts.", nameof(column)));
        }

        return cells;
    }

    /// <summary>Whether there is such a column.</summary>
    public bool Has(string column) => Columns.Any(each => each.Column.Name == column);

    private TableColumn Find(string column) => Columns.FirstOrDefault(each => each.Column.Name == column)
        ?? throw new ArgumentException($"There is no column '{column}'; there are {string.Join(", ", Columns.Select(each => each.Column.Name))}.", nameof(column));

    private static ColumnValues Cells(ParquetTable file, ParquetColumn column) => column.Type switch
    {
        ParquetType.Boolean => file.Column<bool>(column.Name),
        ParquetType.Int32 => file.Column<int>(column.Name),
        ParquetType.Int64 or ParquetType.Timestamp => file.Column<long>(column.Name),
        ParquetType.Float => file.Column<float>(column.Name),
        ParquetType.Double => file.Column<double>(column.Name),
        _ => file.Column<string>(column.Name),
    };
}

/// <summary>A row of a table.</summary>
/// <param name="Table">The table.</param>
/// <param name="Index">Which row, from 0.</param>
internal readonly record struct StudyRow(StudyTable Table, int Index)
{
    /// <summary>A number; NaN where it is missing.</summary>
    public double Number(string column) => Table.Numbers(column)[Index];

    /// <summary>A text; empty where it is missing.</summary>
    public string Text(string column) => Table.Texts(column)[Index];
}
