using System.Text.Json;
using Grokking.Host.Metrics;

namespace Grokking.Service.Metrics;

/// <summary>Whoever follows a run sees every row once, whatever becomes of the files meanwhile.</summary>
public sealed class MetricsFollowerTests : IDisposable
{
    private readonly Folder run = new();

    public void Dispose() => run.Dispose();

    [Fact]
    public void Rows_come_once_from_tail_parts_and_the_joined_file_and_after_an_extension()
    {
        var follower = new MetricsFollower(run.Path, after: 1);
        Assert.Empty(follower.Next());
        using (MetricsSegments segments = SampleRun.Segments(run))
        {
            Append(segments, 0, 5);
            Assert.Equal(SampleRun.Steps(2, 5), Next(follower));
            Append(segments, 5, 7);
            segments.Seal();
            Append(segments, 7, 9);
            Assert.Equal(SampleRun.Steps(5, 9), Next(follower));
            Assert.Empty(follower.Next());
            Append(segments, 9, 10);
            segments.Seal();
            segments.Join();
        }

        var files = new MetricsFiles(run.Path, Grokking.Host.Files.Disk.Real);
        files.RemoveJoined();
        Assert.Equal(SampleRun.Steps(9, 10), Next(follower));

        // The end, more steps and another end between two looks: the same files as before, by their names.
        using (MetricsSegments segments = SampleRun.Segments(run, watermark: 2))
        {
            Append(segments, 10, 13);
            segments.Seal();
            segments.Join();
        }

        files.RemoveJoined();
        Assert.Equal(SampleRun.Steps(10, 13), Next(follower));
        Assert.Empty(follower.Next());
    }

    [Fact]
    public void A_resume_repeats_nothing()
    {
        var follower = new MetricsFollower(run.Path, after: -1);
        using (MetricsSegments segments = SampleRun.Segments(run))
        {
            Append(segments, 0, 6);
            Assert.Equal(SampleRun.Steps(0, 6), Next(follower));
        }

        // From nothing again: the tail has the same number and is another file.
        using MetricsSegments again = SampleRun.Segments(run);
        Append(again, 0, 4);
        Assert.Empty(follower.Next());
        Append(again, 4, 9);
        Assert.Equal(SampleRun.Steps(6, 9), Next(follower));
    }

    private static void Append(MetricsSegments segments, long from, long to)
    {
        foreach (long step in SampleRun.Steps(from, to))
            segments.Append(SampleRun.Row(step));
        segments.Flush();
    }

    private static IEnumerable<long> Next(MetricsFollower follower) => [.. follower.Next().Select(row => JsonDocument.Parse(row).RootElement.GetProperty("step").GetInt64())];
}
