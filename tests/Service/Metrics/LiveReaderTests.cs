using Grokking.Host.Files;
using Grokking.Host.Metrics;
using Grokking.Service.Foreign;

namespace Grokking.Service.Metrics;

/// <summary>DuckDB over the files of a run that is not at its end.</summary>
public sealed class LiveReaderTests : IDisposable
{
    private readonly Folder run = new();

    public void Dispose() => run.Dispose();

    [NodeFact]
    public async Task Parts_and_tail_together_have_every_row_so_far()
    {
        var files = new MetricsFiles(run.Path, Disk.Real);
        using MetricsSegments segments = SampleRun.Segments(run);
        foreach (long step in SampleRun.Steps(0, 30))
        {
            segments.Append(SampleRun.Row(step));
            if (step is 9 or 19)
                segments.Seal();
        }

        segments.Flush();
        // Numbers that JSON does not know are texts there, so the columns' types are named.
        string types = "step: 'BIGINT', time: 'TIMESTAMPTZ', train_loss: 'DOUBLE', test_accuracy: 'DOUBLE', weight_norm_w1: 'DOUBLE'";
        IReadOnlyList<string?[]> rows = await NodeReaders.QueryAsync(
            run,
            $"""
            with parts as (select * from read_parquet('{files.Directory}/part-*.parquet')),
                 tail as (select * from read_json('{files.Directory}/tail-*.jsonl', format = 'newline_delimited', ignore_errors = true, columns = {'{'}{types}{'}'}))
            select step, epoch_us(time), train_loss, test_accuracy, weight_norm_w1
            from (select * from parts union all by name select * from tail where step > (select max(step) from parts)) order by step
            """);
        Assert.Equal(30, rows.Count);
        foreach ((string?[] row, long step) in rows.Zip(SampleRun.Steps(0, 30)))
        {
            MetricsRow expected = SampleRun.Row(step);
            Assert.Equal(($"{step}", $"{(expected.Time.ToUnixTimeMilliseconds() * 1000) + 7}"), (row[0], row[1]));
            for (int i = 0; i < expected.Values.Length; i++)
                Assert.Equal(expected.Values[i], row[i + 2] is { } number ? double.Parse(number, System.Globalization.CultureInfo.InvariantCulture) : null);
        }
    }

    [NodeFact]
    public async Task The_joined_file_has_exactly_the_rows_of_the_parts()
    {
        var files = new MetricsFiles(run.Path, Disk.Real);
        using MetricsSegments segments = SampleRun.Segments(run);
        foreach (long step in SampleRun.Steps(0, 300))
        {
            segments.Append(SampleRun.Row(step));
            if (step % 50 == 0)
                segments.Seal();
        }

        segments.Seal();
        string joined = segments.Join();
        string parts = $"{files.Directory}/part-*.parquet";
        IReadOnlyList<string?[]> rows = await NodeReaders.QueryAsync(
            run,
            $"""
            select (select count(*) from read_parquet('{joined}')),
                   (select count(*) from (select * from read_parquet('{joined}') except all select * from read_parquet('{parts}'))),
                   (select count(*) from (select * from read_parquet('{parts}') except all select * from read_parquet('{joined}'))),
                   (select count(*) from read_parquet('{joined}') where step between 100 and 149)
            """);
        Assert.Equal("300 0 0 50", string.Join(' ', rows[0]));
    }
}
