using Grokking.Host.Configuration;
using Grokking.Host.Runs;
using Grokking.Host.Training;
using Grokking.Optimisers;

namespace Grokking.Service.Training;

/// <summary>Damaged checkpoints are noticed; an older one takes their place, and the run still ends up the same.</summary>
public class CheckpointFallbackTests
{
    [Theory]
    [InlineData("flip")]
    [InlineData("cut")]
    [InlineData("empty")]
    public void A_damaged_checkpoint_is_set_aside_and_the_one_before_is_used(string damage)
    {
        using var folder = new Folder();
        Experiment experiment = InterruptionTests.RandomExperiment(new Random(7));
        var whole = new RunDirectory(folder.File("whole"));
        var damaged = new RunDirectory(folder.File("damaged"));
        InterruptionTests.Sit(experiment, whole, 1, null);
        InterruptionTests.Sit(experiment, damaged, 1, interruptAt: experiment.Budget.Steps - 2);
        string newest = RunFiles.Newest(damaged);
        Damage(newest, damage);

        var observer = new Silence(_ => { });
        RunRecord record = new Sitting(experiment, damaged, 1, TimeProvider.System, observer).Run(CancellationToken.None).OrThrow();

        Assert.Equal(RunStatus.Completed, record.Status);
        string warning = Assert.Single(observer.Warnings);
        Assert.Contains(newest, warning, StringComparison.Ordinal);
        Assert.True(File.Exists(newest + ".damaged"));
        RunFiles.AssertAlike(whole, damaged);
    }

    [Fact]
    public void Where_every_checkpoint_is_damaged_one_sentence_says_so_and_nothing_is_trained()
    {
        using var folder = new Folder();
        Experiment experiment = InterruptionTests.RandomExperiment(new Random(8));
        var directory = new RunDirectory(folder.File("run"));
        InterruptionTests.Sit(experiment, directory, 1, interruptAt: experiment.Budget.Steps - 2);
        foreach (string path in Directory.GetFiles(directory.Checkpoints))
            Damage(path, "flip");
        byte[] record = File.ReadAllBytes(directory.Record);

        Result<RunRecord> result = new Sitting(experiment, directory, 1, TimeProvider.System, new Silence(_ => { })).Run(CancellationToken.None);

        string reason = Assert.IsType<Result<RunRecord>.Failure>(result).Reason;
        Assert.Contains("damaged", reason, StringComparison.Ordinal);
        Assert.Equal(record, File.ReadAllBytes(directory.Record));
    }

    [Fact]
    public void A_run_that_had_progressed_and_lost_its_checkpoints_is_not_begun_anew_in_silence()
    {
        using var folder = new Folder();
        Experiment experiment = InterruptionTests.RandomExperiment(new Random(8));
        var directory = new RunDirectory(folder.File("run"));
        InterruptionTests.Sit(experiment, directory, 1, interruptAt: experiment.Budget.Steps - 2);
        Directory.Delete(directory.Checkpoints, recursive: true);
        byte[] record = File.ReadAllBytes(directory.Record);

        Result<RunRecord> result = new Sitting(experiment, directory, 1, TimeProvider.System, new Silence(_ => { })).Run(CancellationToken.None);

        string reason = Assert.IsType<Result<RunRecord>.Failure>(result).Reason;
        Assert.Contains($"{directory.Checkpoints} holds no checkpoint", reason, StringComparison.Ordinal);
        Assert.Equal(record, File.ReadAllBytes(directory.Record));
    }

    [Fact]
    public void Only_the_first_and_the_newest_checkpoints_are_kept()
    {
        using var folder = new Folder();
        // A rate at which nothing diverges: a run that ends early keeps other checkpoints.
        Experiment experiment = InterruptionTests.RandomExperiment(new Random(9)) with
        {
            Budget = new(50, null),
            Checkpoint = new(5, null),
            Optimiser = new GradientDescent { LearningRate = 1e-3 },
        };
        var directory = new RunDirectory(folder.File("run"));

        InterruptionTests.Sit(experiment, directory, 1, null);

        Assert.Equal(
            new long[] { 0, 40, 45, 50 }.Select(directory.Checkpoint),
            Directory.GetFiles(directory.Checkpoints).Order(StringComparer.Ordinal));
    }

    private static void Damage(string path, string how)
    {
        byte[] bytes = File.ReadAllBytes(path);
        if (how == "flip")
            bytes[bytes.Length / 2] ^= 0x10;
        File.WriteAllBytes(path, how switch { "cut" => bytes[..(bytes.Length / 3)], "empty" => [], _ => bytes });
    }
}
