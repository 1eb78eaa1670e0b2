using Grokking.Host.Files;
using Grokking.Host.Metrics;
using Grokking.Host.Metrics.Parquet;

namespace Grokking.Service.Metrics;

/// <summary>One prepared folder per point at which a process can die; then a start, and what must be true.</summary>
public sealed class CrashRecoveryTests : IDisposable
{
    private readonly Folder run = new();
    private readonly MetricsFiles files;

    public CrashRecoveryTests() => files = new MetricsFiles(run.Path, Disk.Real);

    public void Dispose() => run.Dispose();

    [Fact]
    public void An_unfinished_part_is_swept_and_its_rows_recovered_from_the_tail()
    {
        Part(0, 0, 10);
        Tail(1, 10, 15);
        File.WriteAllText(Path.Combine(files.Directory, ".part-000001.parquet.0000002A.tmp"), "PAR1 half of a part");
        Assert.Equal(5, Recover());
        AssertSteps(0, 15);
        Assert.Equal([0, 1], files.Parts());
        Assert.Empty(Directory.GetFiles(files.Directory, ".*"));
    }

    [Fact]
    public void A_tail_beside_its_part_is_swept()
    {
        Part(0, 0, 10);
        Tail(0, 0, 10);
        AssertSteps(0, 10);
        Assert.Equal(0, Recover());
        AssertSteps(0, 10);
        Assert.Empty(files.Tails());
    }

    [Fact]
    public void A_torn_last_line_is_dropped_at_every_length()
    {
        Tail(0, 0, 3);
        byte[] whole = File.ReadAllBytes(files.Tail(0));
        int lastLine = whole.AsSpan()[..^1].LastIndexOf((byte)'\n') + 1;
        for (int length = lastLine; length < whole.Length; length++)
        {
            File.WriteAllBytes(files.Tail(0), whole[..length]);
            (IReadOnlyList<MetricsRow> rows, bool damaged) = MetricsTail.Read(files.Tail(0), SampleRun.Schema);
            Assert.Equal((2, false), (rows.Count, damaged));
        }

        Assert.Equal(2, Recover());
        AssertSteps(0, 2);
        Assert.Empty(files.Tails());
    }

    [Fact]
    public void Rows_before_a_damaged_line_are_kept_and_the_tail_set_aside()
    {
        Tail(0, 0, 4);
        string[] lines = File.ReadAllLines(files.Tail(0));
        lines[2] = new string('\0', 50);
        File.WriteAllLines(files.Tail(0), lines);
        Assert.Equal(2, Recover());
        AssertSteps(0, 2);
        Assert.Equal(["tail-000000.jsonl.bak"], Directory.GetFiles(files.Superseded).Select(Path.GetFileName));
    }

    [Fact]
    public void A_kill_before_the_first_checkpoint_begins_from_nothing()
    {
        Part(0, 0, 10);
        Tail(1, 10, 12);
        Resume(0, from: 0, to: 5);
        AssertSteps(0, 5);
        Assert.Equal(["part-000000.parquet.bak", "tail-000001.jsonl.bak"], Directory.GetFiles(files.Superseded).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void A_checkpoint_older_than_the_parts_sets_the_younger_ones_aside()
    {
        Part(0, 0, 10);
        Part(1, 10, 20);
        Part(2, 20, 30);
        Tail(3, 30, 33);
        Resume(1, from: 10, to: 40);
        AssertSteps(0, 40);
        Assert.Equal(
            ["part-000001.parquet.bak", "part-000002.parquet.bak", "tail-000003.jsonl.bak"], Directory.GetFiles(files.Superseded).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void A_second_resume_from_the_same_checkpoint_destroys_nothing()
    {
        Part(0, 0, 10);
        Part(1, 10, 20);
        Resume(1, from: 10, to: 20);
        Resume(1, from: 10, to: 25);
        AssertSteps(0, 25);
        Assert.Contains("part-000001.parquet.1.bak", Directory.GetFiles(files.Superseded).Select(Path.GetFileName));
    }

    [Fact]
    public void A_finished_run_that_is_extended_sets_the_joined_file_aside()
    {
        using (MetricsSink sink = SampleRun.Sink(run))
        {
            Append(sink, 0, 10);
            sink.Complete();
        }

        Resume(1, from: 10, to: 20);
        AssertSteps(0, 20);
        Assert.True(File.Exists(Path.Combine(files.Superseded, "metrics.parquet.bak")));
    }

    [Fact]
    public void An_unfinished_joined_file_is_swept()
    {
        Part(0, 0, 10);
        File.WriteAllText(run.File(".metrics.parquet.0000002A.tmp"), "PAR1");
        Resume(1, from: 10, to: 11);
        AssertSteps(0, 11);
        Assert.Empty(Directory.GetFiles(run.Path, ".*"));
    }

    [Fact]
    public void A_missing_part_that_the_checkpoint_counts_on_is_named()
    {
        Part(0, 0, 10);
        Part(1, 10, 20);
        File.Delete(files.Part(0));
        DamagedFileException fault = Assert.Throws<DamagedFileException>(() => SampleRun.Segments(run, watermark: 2));
        Assert.Equal($"The file {files.Part(0)} is damaged: it is missing, though the checkpoint counts on the first 2 parts.", fault.Message);
        Assert.Equal([1], files.Parts());
    }

    [Fact]
    public void A_part_of_another_table_is_noticed_at_the_start()
    {
        Directory.CreateDirectory(files.Directory);
        TableFile.Write(Disk.Real, files.Part(0), [TableColumn.Int64("step", 1)], []);
        Assert.Throws<DamagedFileException>(() => SampleRun.Segments(run, watermark: 1));
    }

    [Fact]
    public void Kills_at_random_moments_leave_no_gap_and_no_duplicate()
    {
        // A process that dies is a sink's files without its end: the folder is copied at a random moment, and the copy goes on.
        var random = new Random(11);
        for (int round = 0; round < 25; round++)
        {
            using var life = new Folder();
            string directory = life.Path;
            int watermark = 0;
            long checkpointed = 0;
            for (int death = 0; death < 4; death++)
            {
                using MetricsSegments segments = MetricsSegments.Begin(new MetricsFiles(directory, Disk.Real), SampleRun.Schema, SampleRun.Id, SampleRun.Metadata, watermark);
                int steps = random.Next(1, 40);
                for (long step = checkpointed; step < checkpointed + steps; step++)
                {
                    segments.Append(SampleRun.Row(step));
                    switch (random.Next(10))
                    {
                        case 0: segments.Flush(); break;
                        case 1: segments.Seal(); break;
                        case 2 when step > checkpointed + 3:
                            (watermark, checkpointed, steps) = (segments.Seal(), step + 1, 0);
                            break;
                    }
                }

                directory = Copy(directory, life.File($"after-{death}"));
            }

            using (var sink = new MetricsSink(
                MetricsSegments.Begin(new MetricsFiles(directory, Disk.Real), SampleRun.Schema, SampleRun.Id, SampleRun.Metadata, watermark),
                SampleRun.Schema,
                SampleRun.Id,
                new MetricsSinkOptions(),
                TimeProvider.System))
            {
                Append(sink, checkpointed, checkpointed + 50);
                sink.Complete();
            }

            ParquetTable table = ParquetTable.Open(new MetricsFiles(directory, Disk.Real).Joined);
            Assert.Equal(SampleRun.Steps(0, checkpointed + 50).Select(s => (long?)s), table.Longs("step"));
            Assert.Equal(SampleRun.Expected(0, SampleRun.Steps(0, checkpointed + 50)), table.Doubles("train_loss"));
        }
    }

    private static string Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string name in (string[])["metrics", "superseded"])
        {
            Directory.CreateDirectory(Path.Combine(to, name));
            foreach (string file in Directory.Exists(Path.Combine(from, name)) ? Directory.GetFiles(Path.Combine(from, name)) : [])
                File.Copy(file, Path.Combine(to, name, Path.GetFileName(file)));
        }

        return to;
    }

    private static void Append(MetricsSink sink, long from, long to)
    {
        foreach (long step in SampleRun.Steps(from, to))
            sink.Append(SampleRun.Row(step));
    }

    private void Part(int number, long from, long to)
    {
        Directory.CreateDirectory(files.Directory);
        using FileStream file = File.Create(files.Part(number));
        ParquetWriter writer = ParquetWriter.Begin(file, SampleRun.Schema.Columns, SampleRun.Metadata);
        writer.WriteRowGroup(SampleRun.Schema.Transpose(SampleRun.Id, [.. SampleRun.Steps(from, to).Select(SampleRun.Row)]));
        writer.Finish();
    }

    private void Tail(int number, long from, long to)
    {
        Directory.CreateDirectory(files.Directory);
        using var tail = new MetricsTail(File.Create(files.Tail(number)), SampleRun.Schema, SampleRun.Id);
        foreach (long step in SampleRun.Steps(from, to))
            tail.Append(SampleRun.Row(step));
    }

    private int Recover() => MetricsSegments.Recover(files, SampleRun.Schema, SampleRun.Id, SampleRun.Metadata);

    private void Resume(int watermark, long from, long to)
    {
        using MetricsSink sink = SampleRun.Sink(run, watermark);
        Append(sink, from, to);
        sink.Stop();
    }

    private void AssertSteps(long from, long to)
    {
        MetricsHistory history = MetricsHistory.Open(run.Path);
        Assert.Equal(SampleRun.Steps(from, to), history.Steps);
        Assert.Equal(SampleRun.Expected(0, SampleRun.Steps(from, to)), history.Numbers("train_loss"));
        Assert.Equal(SampleRun.Expected(1, SampleRun.Steps(from, to)), history.Numbers("test_accuracy"));
        Assert.Equal(SampleRun.Expected(2, SampleRun.Steps(from, to)), history.Numbers("weight_norm_w1"));
    }
}
