using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Grokking.Host.Files;
using Grokking.Host.Metrics.Parquet;

namespace Grokking.Host.Metrics;

/// <summary>
/// A run's metrics read back, at any moment of its life: from the joined file when it has ended, before that from the parts and the flushed rows of
/// the tail, which is at most a second behind.
/// </summary>
internal sealed class MetricsHistory
{
    private const int Looks = 20;

    private readonly IReadOnlyList<ParquetTable> tables;
    private readonly IReadOnlyList<MetricsRow> open;
    private readonly MetricsSchema schema;

    private MetricsHistory(IReadOnlyList<ParquetTable> tables, IReadOnlyList<MetricsRow> open, MetricsSchema schema)
    {
        this.tables = tables;
        this.open = open;
        this.schema = schema;
        Steps = Joined([.. tables.Select(t => t.Column<long>("step").Values.ToArray())], open.Select(r => r.Step));
    }

    /// <summary>The step of each row, ascending.</summary>
    public ImmutableArray<long> Steps { get; }

    /// <summary>Names of the measured columns.</summary>
    public IEnumerable<string> Columns => schema.Measured.Select(c => c.Name);

    /// <summary>The measured columns themselves.</summary>
    public IReadOnlyList<ParquetColumn> Measured => schema.Measured;

    /// <summary>Opens a run's metrics; nothing is changed, and a running run is not disturbed.</summary>
    /// <param name="runDirectory">The run's directory.</param>
    /// <returns>The metrics; without rows where none were written yet.</returns>
    /// <exception cref="DamagedFileException">A file is damaged.</exception>
    public static MetricsHistory Open(string runDirectory)
    {
        var files = new MetricsFiles(runDirectory, Disk.Real);
        for (int look = 1; ; look++)
        {
            try
            {
                return Read(files);
            }
            catch (Exception vanished) when (look < Looks && vanished is (FileNotFoundException or DirectoryNotFoundException))
            {
                // Between listing and opening, a tail became a part or a resume set a part aside. The next look sees that, unless it happened again.
            }
        }
    }

    /// <summary>The numbers of a column, one per row of <see cref="Steps"/>; null was not measured.</summary>
    /// <param name="column">One of <see cref="Columns"/>.</param>
    /// <returns>The numbers.</returns>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    public ImmutableArray<double?> Numbers(string column)
    {
        int index = Columns.ToList().IndexOf(column);
        return index >= 0
            ? Joined([.. tables.Select(t => t.Doubles(column))], open.Select(r => r.Values[index]))
            : throw new ArgumentException($"There is no column '{column}'; there are {string.Join(", ", Columns)}.", nameof(column));
    }

    // The metrics of a run that has ended are one piece, which is not copied.
    private static ImmutableArray<T> Joined<T>(T[][] pieces, IEnumerable<T> rest)
    {
        T[] last = [.. rest];
        return ImmutableCollectionsMarshal.AsImmutableArray(pieces.Length == 1 && last.Length == 0 ? pieces[0] : [.. pieces.SelectMany(piece => piece), .. last]);
    }

    private static MetricsHistory Read(MetricsFiles files)
    {
        bool joined = File.Exists(files.Joined);
        // Tails before parts: one that becomes a part in between is seen twice and dropped here, not missed.
        IReadOnlyList<int> tailNumbers = joined ? [] : files.Tails();
        IReadOnlyList<int> partNumbers = joined ? [] : files.Parts();
        IReadOnlyList<ParquetTable> tables =
            [.. (joined ? [files.Joined] : partNumbers.Select(files.Part)).Select(ParquetTable.Open)];
        string[] tails = [.. tailNumbers.Except(partNumbers).Select(files.Tail)];
        MetricsSchema schema = tables.Count > 0 ? new(tables[0].Schema.Columns.Skip(MetricsSchema.LeadingColumns))
            : tails.Length > 0 ? new(MetricsTail.ColumnsOf(tails[0]))
            : new([]);
        return new MetricsHistory(tables, [.. tails.SelectMany(t => MetricsTail.Read(t, schema).Rows)], schema);
    }
}
