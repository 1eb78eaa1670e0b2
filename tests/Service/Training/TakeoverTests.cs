using Grokking.Host.Configuration;
using Grokking.Host.Files;
using Grokking.Host.Runs;
using Grokking.Host.Training;

namespace Grokking.Service.Training;

/// <summary>A process that was thought dead and comes back: it writes nothing more, and the run is as if it had never been.</summary>
public class TakeoverTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Whoever_lost_its_lease_stops_and_changes_nothing(int seed)
    {
        using var folder = new Folder();
        var random = new Random(seed);
        Experiment experiment = InterruptionTests.RandomExperiment(random);
        var whole = new RunDirectory(folder.File("whole"));
        InterruptionTests.Sit(experiment, whole, 1, null);
        var directory = new RunDirectory(folder.File("taken"));
        long at = random.Next(1, (int)RunRecord.Read(whole).OrThrow().Step);
        Dictionary<string, byte[]>? before = null;
        LeaseFile? other = null;
        var observer = new Silence(progress =>
        {
            if (progress.Step < at || before is not null)
                return;
            other = LeaseFile.Mine(LeaseFile.Newest(directory)!.Token + 1, TimeProvider.System) with { Scope = "another machine" };
            other.Publish(directory, overwrite: false);
            before = Content(directory);
        });

        RunRecord record = new Sitting(experiment, directory, 1, new SlowClock(), observer).Run(CancellationToken.None).OrThrow();

        Assert.Equal(RunStatus.Interrupted, record.Status);
        Assert.Contains("took over", Assert.Single(observer.Warnings, warning => warning.Contains("token", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal(before, Content(directory));
        (other! with { Released = true }).Publish(directory, overwrite: true);
        Assert.Equal(RunStatus.Completed, InterruptionTests.Sit(experiment, directory, 1, null));
        RunFiles.AssertAlike(whole, directory);
    }

    // The tail was open when the other came; that one moves it aside before it begins.
    private static Dictionary<string, byte[]> Content(RunDirectory directory) => Directory.EnumerateFiles(directory.Path, "*", SearchOption.AllDirectories)
        .Where(file => !file.StartsWith(directory.Logs, StringComparison.Ordinal) && !file.EndsWith(".jsonl", StringComparison.Ordinal) && !Disk.IsTemporary(file))
        .ToDictionary(file => file, File.ReadAllBytes);
}
