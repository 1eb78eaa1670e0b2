using Grokking.Host.Files;
using Grokking.Host.Metrics.Parquet;

namespace Grokking.Host.Metrics;

/// <summary>
/// The parts and the tail of one run, in the hands of one owner. Published parts never change; the rows since the last one are in memory and in the
/// tail; a checkpoint names how many parts count (the watermark).
/// </summary>
internal sealed class MetricsSegments : IDisposable
{
    private readonly MetricsFiles files;
    private readonly MetricsSchema schema;
    private readonly string run;
    private readonly IReadOnlyList<KeyValuePair<string, string>> metadata;
    private List<MetricsRow> rows = [];
    private MetricsTail? tail;
    private int number;

    private MetricsSegments(
        MetricsFiles files, MetricsSchema schema, string run, IReadOnlyList<KeyValuePair<string, string>> metadata)
    {
        this.files = files;
        this.schema = schema;
        this.run = run;
        this.metadata = metadata;
        number = files.Parts().DefaultIfEmpty(-1).Max() + 1;
    }

    /// <summary>Rows that are in no part yet.</summary>
    public int OpenRows => rows.Count;

    /// <summary>How many parts there are: what a checkpoint written now may count on.</summary>
    public int Watermark => number;

    /// <summary>Begins or resumes a run: removes what a crash left, sets aside what lies beyond the watermark.</summary>
    /// <param name="files">Where.</param>
    /// <param name="schema">The columns.</param>
    /// <param name="run">The run's id.</param>
    /// <param name="metadata">What the files say about their origin.</param>
    /// <param name="watermark">The checkpoint's watermark; 0 to begin from nothing.</param>
    /// <returns>The segments, ready for rows.</returns>
    /// <exception cref="DamagedFileException">A part that counts is missing, damaged, or has other columns.</exception>
    /// <exception cref="IOException">The directory cannot be written.</exception>
    public static MetricsSegments Begin(
        MetricsFiles files,
        MetricsSchema schema,
        string run,
        IReadOnlyList<KeyValuePair<string, string>> metadata,
        int watermark)
    {
        files.Sweep();
        // A run that had ended and goes on: what was joined are parts again.
        if (File.Exists(files.Joined))
            ParquetJoiner.Split(files.Disk, files.Joined, files.Part);
        files.SetAsideBeyond(watermark);
        foreach (string part in files.Parts().Select(files.Part))
        {
            // Now, and not after days, when the parts are joined.
            if (!ParquetTable.Open(part).Schema.HasColumnsOf(schema.Columns))
                throw new DamagedFileException(part, "its columns are not those of this run");
        }

        return new MetricsSegments(files, schema, run, metadata);
    }

    /// <summary>Turns what a crash left into parts, without training on: every row that reached the disk is kept.</summary>
    /// <param name="files">Where.</param>
    /// <param name="schema">The columns.</param>
    /// <param name="run">The run's id.</param>
    /// <param name="metadata">What the files say about their origin.</param>
    /// <returns>Rows that were recovered.</returns>
    public static int Recover(MetricsFiles files, MetricsSchema schema, string run, IReadOnlyList<KeyValuePair<string, string>> metadata)
    {
        files.Sweep();
        int recovered = 0;
        foreach (int open in files.Tails())
        {
            (IReadOnlyList<MetricsRow> rows, bool damaged) = MetricsTail.Read(files.Tail(open), schema);
            if (rows.Count > 0)
                WritePart(files.Disk, files.Part(open), schema, run, metadata, rows);
            recovered += rows.Count;
            if (damaged)
                files.SetAside(files.Tail(open));
            else
                files.Disk.Delete(files.Tail(open));
        }

        return recovered;
    }

    /// <summary>Adds a row.</summary>
    /// <param name="row">The row.</param>
    public void Append(MetricsRow row)
    {
        rows.Add(row);
        tail ??= new MetricsTail(files.Disk.Create(files.Tail(number)), schema, run);
        tail.Append(row);
    }

    /// <summary>Hands all rows to the operating system, so that they survive this process.</summary>
    /// <exception cref="IOException">They cannot be written, or somebody has removed the file in the meantime: its rows would be in no directory.</exception>
    public void Flush()
    {
        if (tail is null)
            return;
        tail.Flush();
        string path = files.Tail(number);
        if (!File.Exists(path))
            throw new FileNotFoundException($"The file {path} was removed while it was written.");
    }

    /// <summary>Publishes the open rows as a part. If that fails, rows and tail are as before, and it can be tried again.</summary>
    /// <returns>The watermark.</returns>
    /// <exception cref="IOException">The part cannot be written.</exception>
    public int Seal()
    {
        if (rows.Count == 0)
            return Watermark;
        WritePart(files.Disk, files.Part(number), schema, run, metadata, rows);
        rows = [];
        CloseTail(number++);
        return Watermark;
    }

    /// <summary>Joins all parts into one file, which replaces an older one. The parts stay.</summary>
    /// <returns>The file.</returns>
    /// <exception cref="IOException">It cannot be written, or a part is damaged.</exception>
    public string Join()
    {
        ParquetJoiner.Join(files.Disk, [.. files.Parts().Select(files.Part)], files.Joined, schema.Columns, metadata);
        return files.Joined;
    }

    /// <inheritdoc/>
    public void Dispose() => tail?.Dispose();

    private static void WritePart(
        Disk disk, string path, MetricsSchema schema, string run, IReadOnlyList<KeyValuePair<string, string>> metadata, IReadOnlyList<MetricsRow> rows) =>
        disk.Publish(
            path,
            output =>
            {
                ParquetWriter writer = ParquetWriter.Begin(output, schema.Columns, metadata);
                writer.WriteRowGroup(schema.Transpose(run, rows));
                writer.Finish();
            },
            overwrite: false);

    // The part is published: whatever goes wrong with the tail now costs nothing, and the next start sweeps it.
    private void CloseTail(int published)
    {
        try
        {
            tail?.Dispose();
            files.Disk.Delete(files.Tail(published));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
        finally
        {
            tail = null;
        }
    }
}
