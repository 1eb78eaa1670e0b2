using Grokking.Host.Files;
using Grokking.Host.Metrics;
using Grokking.Host.Metrics.Parquet;

namespace Grokking.Host.Sweeps;

/// <summary>
/// <c>curves.parquet</c>: every row of metrics of every run, in the order of the plan, with its run and coordinates and without times. Written in
/// row groups as they fill, so that its size is not bounded by memory.
/// </summary>
internal static class CurvesTable
{
    private const int RowsPerGroup = 20_000;

    /// <summary>Writes the table.</summary>
    /// <param name="path">Its place.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="standing">How its runs stand; of those that have not ended, the rows so far are taken.</param>
    /// <param name="metadata">What the file says about itself.</param>
    /// <returns>How many rows it has.</returns>
    public static long Write(string path, SweepPlan plan, SweepStanding standing, IEnumerable<KeyValuePair<string, string>> metadata)
    {
        (SweepPoint Point, RunStanding Run)[] rows =
            [.. standing.Points.SelectMany(point => point.Runs.Select(run => (point.Point, run))).Where(row => row.run.Record is not null)];
        RunStanding[] distinct = [.. rows.Select(row => row.Run).DistinctBy(run => run.Run.Run)];
        Dictionary<string, IReadOnlyList<ParquetColumn>> known = distinct
            .Zip(OnAllProcessors.Map(distinct, run => MetricsHistory.Open(run.Directory.Path).Measured))
            .ToDictionary(pair => pair.First.Run.Run, pair => pair.Second);
        ParquetColumn[] measured = Union([.. rows.Select(row => known[row.Run.Run.Run]).Where(columns => columns.Count > 0)]);
        var coordinates = new CoordinateColumns(plan);
        var schema = new ParquetSchema([.. Leading(coordinates, plan.Points[0], new("", 0), [0]).Select(column => column.Column), .. measured]);
        long written = 0;
        Disk.Real.Publish(path, output =>
        {
            ParquetWriter writer = ParquetWriter.Begin(output, schema, metadata);
            var pieces = new List<ColumnValues[]>();
            void Flush()
            {
                if (pieces.Count > 0)
                    writer.WriteRowGroup([.. schema.Columns.Select((_, c) => ColumnValues.Concatenate([.. pieces.Select(piece => piece[c])]))]);
                pieces.Clear();
            }

            foreach ((SweepPoint point, RunStanding run) in rows)
            {
                if (known[run.Run.Run].Count == 0)
                    continue;
                ColumnValues[] piece = Piece(coordinates, point, run, measured);
                pieces.Add(piece);
                written += piece[0].RowCount;
                if (pieces.Sum(each => each[0].RowCount) >= RowsPerGroup)
                    Flush();
            }

            Flush();
            writer.Finish();
        });
        return written;
    }

    // A column may be missing in a row if it may in some run, or if some run does not have it.
    private static ParquetColumn[] Union(IReadOnlyList<IReadOnlyList<ParquetColumn>> runs) =>
    [
        .. runs.SelectMany(columns => columns)
            .GroupBy(column => column.Name, StringComparer.Ordinal)
            .Select(group => group.First() with { Optional = group.Any(column => column.Optional) || group.Count() < runs.Count }),
    ];

    private static ColumnValues[] Piece(CoordinateColumns coordinates, SweepPoint point, RunStanding run, ParquetColumn[] measured)
    {
        try
        {
            return Read();
        }
        catch (Exception vanished) when (vanished is FileNotFoundException or DirectoryNotFoundException)
        {
            // The run ended in this moment, and its parts became one file.
            return Read();
        }

        ColumnValues[] Read()
        {
            MetricsHistory history = MetricsHistory.Open(run.Directory.Path);
            string[] columns = [.. history.Columns];
            return
            [
                .. Leading(coordinates, point, run.Run, [.. history.Steps]).Select(column => column.Cells),
                .. measured.Select(column => Cells(column, columns.Contains(column.Name)
                    ? [.. history.Numbers(column.Name)]
                    : new double?[history.Steps.Length])),
            ];
        }
    }

    private static ColumnValues<double> Cells(ParquetColumn column, double?[] numbers) =>
        column.Optional ? ColumnValues.OfOptional(numbers) : ColumnValues.Of(Array.ConvertAll(numbers, number => number!.Value));

    private static IEnumerable<TableColumn> Leading(CoordinateColumns coordinates, SweepPoint point, PlannedRun run, long[] steps) =>
    [
        TableColumn.Text("run_id", [.. steps.Select(_ => run.Run)]),
        TableColumn.Text("series", [.. steps.Select(_ => point.Series)]),
        .. coordinates.Of([.. steps.Select(_ => point)]),
        TableColumn.Int64("seed", [.. steps.Select(_ => run.Seed)]),
        TableColumn.Int64("step", steps),
    ];
}
