using System.Text.Json;
using Grokking.Host.Configuration;
using Grokking.Host.Metrics;
using Grokking.Host.Metrics.Parquet;
using Grokking.Host.Runs;
using Grokking.Host.Training;

namespace Grokking.Host.Control;

/// <summary>The end of a run that nobody trains and nobody wants any more: it leaves what a run leaves that is cancelled while it is trained.</summary>
internal static class Cancellation
{
    /// <summary>Gives a run up for good.</summary>
    /// <param name="entry">The run as it is to be written; its directory is in the caller's hands.</param>
    public static void Grant(RunEntry entry)
    {
        RunRecord cancelled = entry.Record;
        var files = new MetricsFiles(entry.Directory.Path, entry.Directory.Disk);
        if (cancelled.Outcome is not null && ConfigurationText.Read(JsonSerializer.Serialize(cancelled.Configuration)).Experiment is { } experiment)
            TryClose(files, new RunTables(entry.Directory, cancelled.Run, experiment), cancelled);
        cancelled.Write(entry.Directory);
        files.RemoveJoined();
    }

    private static void TryClose(MetricsFiles files, RunTables tables, RunRecord cancelled)
    {
        try
        {
            tables.WriteSummary(cancelled);
            if (files.Parts() is not [var first, ..])
                return;
            var schema = new MetricsSchema(ParquetTable.Open(files.Part(first)).Schema.Columns.Skip(MetricsSchema.LeadingColumns));
            MetricsSegments.Recover(files, schema, cancelled.Run, tables.Metadata);
            ParquetJoiner.Join(files.Disk, [.. files.Parts().Select(files.Part)], files.Joined, schema.Columns, tables.Metadata);
        }
        catch (Exception fault) when (fault is IOException or InvalidDataException)
        {
            // A damaged part must not keep a run from being given up; the parts then stay as they are.
        }
    }
}
