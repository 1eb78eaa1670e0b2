using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Grokking.Host.Checkpoints;
using Grokking.Host.Files;
using Grokking.Host.Metrics;
using Grokking.Host.Metrics.Parquet;
using Grokking.Host.Runs;
using Grokking.Service.Training;

namespace Grokking.Service.CommandLine;

/// <summary>
/// Kills a training process again and again, at random instants from its start on, so that it is hit while it begins, recovers, trains and writes. After each kill every
/// published file must be whole and every row that could be read before must be readable still; at the end the run must equal one that nobody disturbed.
/// </summary>
internal sealed class KillLoop(int seed)
{
    private static readonly string[] Settings = ["--set", "evaluation.every=5", "--set", "checkpoint.everySeconds=0.4", "--set", "optimiser.weightDecay=0.2"];
    private readonly Random random = new(seed);

    /// <summary>Milliseconds from the newest row on the disk to the kill, where training was under way.</summary>
    private readonly List<double> ages = [];
    private int filesChecked;

    /// <summary>Kills the process so often, then lets it end. A run that ends before all kills are done is compared, and another one begun in its stead.</summary>
    /// <param name="kills">How often.</param>
    /// <param name="steps">Steps of a run.</param>
    /// <returns>A table: one line for each kill.</returns>
    public string Run(int kills, int steps)
    {
        using var folder = new Folder();
        RunDirectory whole = new(folder.File("whole"));
        using (GrokkingProcess undisturbed = Train(folder, whole, steps))
            Assert.True(undisturbed.Wait() == 0, undisturbed.Error);
        var lines = new StringBuilder("| kill | run | after (ms) | step on the disk | rows | files checked | age of the newest row (ms) |\n|---:|---:|---:|---:|---:|---:|---:|\n");
        int number = 0;
        for (int kill = 1; kill <= kills;)
        {
            var killed = new RunDirectory(folder.File($"killed-{++number}"));
            for (; kill <= kills && !(killed.Exists && RunRecord.Read(killed).OrThrow().Status == RunStatus.Completed); kill++)
                lines.Append(Kill(folder, killed, steps, kill, number));
            using (GrokkingProcess last = Train(folder, killed, steps))
                Assert.True(last.Wait() == 0, last.Error);
            RunFiles.AssertAlike(whole, killed);
            Assert.Empty(Directory.EnumerateFiles(killed.Path, ".*.tmp", SearchOption.AllDirectories));
        }

        double[] sorted = [.. ages.DefaultIfEmpty(0).Order()];
        return string.Create(CultureInfo.InvariantCulture, $"""
            # {kills} kills

            {kills} times SIGKILL at a random instant, {number} runs of {steps} steps one after the other; after each kill every published file was read to its end and every row of before was there still; no row was there twice. Each
            run ended with the final weights and the rows, bit for bit, of one that nobody disturbed. {filesChecked} files were read. Where training was under way ({ages.Count} kills), the newest row on the disk was {sorted[sorted.Length / 2]:0} ms old in
            the median, {sorted[(int)(0.95 * (sorted.Length - 1))]:0} ms at the 95th percentile, {sorted[^1]:0} ms at most.

            {lines}
            """);
    }

    private string Kill(Folder folder, RunDirectory run, int steps, int kill, int number)
    {
        // One in three is hit while it begins or recovers, the others after they have begun to train.
        DateTimeOffset? before = run.Exists ? RunRecord.Read(run).OrThrow().Updated : null;
        DateTimeOffset begun = DateTimeOffset.UtcNow;
        using GrokkingProcess process = Train(folder, run, steps);
        var watch = Stopwatch.StartNew();
        if (random.Next(3) > 0)
            process.WaitFor(() => run.Exists && RunRecord.Read(run).OrThrow().Updated != before, "its training");
        // One in eight lives longer, so that a slow machine too gets on, and comes to an end.
        Thread.Sleep(random.Next(random.Next(8) == 0 ? 5000 : 1000));
        long[] seen = Rows(run, out _);
        DateTimeOffset instant = DateTimeOffset.UtcNow;
        process.KillHard();
        process.Wait();

        int files = AssertWhole(run);
        filesChecked += files;
        long[] rows = Rows(run, out DateTimeOffset? newest);
        Assert.Equal(rows.Distinct().Order(), rows);
        // A process that had just set its tail aside, to train those steps again, has not lost them.
        if (seen.Length > 0 && rows.Length < seen.Length)
            Assert.True(Directory.Exists(Path.Combine(run.Path, "superseded")));
        // Rows of the life before tell nothing of this one.
        double? age = newest is { } time && time > begun ? (instant - time).TotalMilliseconds : null;
        if (age is { } known)
            ages.Add(known);
        long step = run.Exists ? RunRecord.Read(run).OrThrow().Step : 0;
        return string.Create(CultureInfo.InvariantCulture, $"| {kill} | {number} | {watch.ElapsedMilliseconds} | {step} | {rows.Length} | {files} | {(age is { } shown ? shown.ToString("0", CultureInfo.InvariantCulture) : "–")} |\n");
    }

    private static GrokkingProcess Train(Folder folder, RunDirectory run, int steps) =>
        new(folder.Path, ["run", "gromov/quick", "--steps", steps.ToString(CultureInfo.InvariantCulture), "--threads", "1", "--output", run.Path, .. Settings]);

    private static long[] Rows(RunDirectory run, out DateTimeOffset? newest)
    {
        newest = null;
        if (!run.Exists)
            return [];
        var files = new MetricsFiles(run.Path, Disk.Real);
        try
        {
            if (files.Tails() is [.., var tail] && File.ReadAllText(files.Tail(tail)) is var text && text.LastIndexOf('\n') is > 0 and var end)
                newest = JsonDocument.Parse(text[..end].Split('\n')[^1]).RootElement.GetProperty("time").GetDateTimeOffset();
        }
        catch (FileNotFoundException)
        {
            // It became a part in this moment.
        }

        return [.. MetricsHistory.Open(run.Path).Steps];
    }

    private static int AssertWhole(RunDirectory run)
    {
        if (!Directory.Exists(run.Path))
            return 0;
        string[] published = [.. Directory.EnumerateFiles(run.Path, "*", SearchOption.AllDirectories).Where(file => !Disk.IsTemporary(file))];
        foreach (string file in published)
        {
            switch (Path.GetExtension(file))
            {
                case ".parquet":
                    ParquetTable table = ParquetTable.Open(file);
                    foreach (ParquetColumn column in table.Schema.Columns.Where(column => column.Type == ParquetType.Double))
                        Assert.Equal(table.RowCount, table.Doubles(column.Name).Length);
                    break;
                case ".safetensors":
                    SafetensorsFile.Read(file);
                    break;
                case ".json":
                    RunRecord.Read(run).OrThrow();
                    break;
                default:
                    break;
            }
        }

        return published.Length;
    }
}
