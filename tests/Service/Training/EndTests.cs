using Grokking.Host.Configuration;
using Grokking.Host.Control;
using Grokking.Host.Files;
using Grokking.Host.Metrics;
using Grokking.Host.Metrics.Parquet;
using Grokking.Host.Runs;
using Grokking.Host.Training;
using Grokking.Networks;

namespace Grokking.Service.Training;

/// <summary>What is there when a run has ended, and what is not.</summary>
public class EndTests
{
    [Fact]
    public void Parts_that_a_crash_left_beside_the_joined_file_are_removed_at_the_next_start()
    {
        using var folder = new Folder();
        Experiment experiment = InterruptionTests.RandomExperiment(new Random(3));
        var directory = new RunDirectory(folder.File("run"));
        InterruptionTests.Sit(experiment, directory, 1, null);
        Assert.False(Directory.Exists(directory.MetricsSegments));
        Directory.CreateDirectory(directory.MetricsSegments);
        File.Copy(directory.Metrics, new MetricsFiles(directory.Path, Disk.Real).Part(0));

        Assert.Equal(RunStatus.Completed, InterruptionTests.Sit(experiment, directory, 1, null));

        Assert.False(Directory.Exists(directory.MetricsSegments));
        Assert.True(File.Exists(directory.Metrics));
    }

    [Fact]
    public void A_cancelled_run_has_its_summary_and_its_metrics_in_one_file()
    {
        using var folder = new Folder();
        Experiment experiment = InterruptionTests.RandomExperiment(new Random(4));
        var directory = new RunDirectory(folder.File("run"));
        var observer = new Silence(_ => File.WriteAllText(directory.CancelRequest, ""));

        RunRecord record = new Sitting(experiment, directory, 1, new SlowClock(), observer).Run(CancellationToken.None).OrThrow();

        Assert.Equal((RunStatus.Cancelled, null), (record.Status, record.Failure));
        Assert.Equal("cancelled", Assert.Single(ParquetTable.Open(directory.Summary).Texts("status")));
        Assert.Equal(0, RunFiles.Steps(directory)[0]);
        Assert.False(Directory.Exists(directory.MetricsSegments));
    }

    [Fact]
    public void A_run_that_is_cancelled_while_nobody_trains_it_has_them_too()
    {
        using var folder = new Folder();
        Experiment experiment = InterruptionTests.RandomExperiment(new Random(4));
        var directory = new RunDirectory(folder.File("run"));
        InterruptionTests.Sit(experiment, directory, 1, interruptAt: 3);
        var control = new RunControl(new RunCatalogue(folder.Path), TimeProvider.System);
        long[] before = [.. MetricsHistory.Open(directory.Path).Steps];

        Assert.True(control.Cancel(RunCatalogue.Open(directory).OrThrow()).OrThrow().IsNew);

        Assert.Equal(RunStatus.Cancelled, RunRecord.Read(directory).OrThrow().Status);
        Assert.Equal("cancelled", Assert.Single(ParquetTable.Open(directory.Summary).Texts("status")));
        Assert.Equal(before.Select(step => (long?)step), RunFiles.Steps(directory));
        Assert.False(Directory.Exists(directory.MetricsSegments));
    }

    [Fact]
    public void The_summary_has_every_setting_of_the_experiment()
    {
        using var folder = new Folder();
        Experiment experiment = InterruptionTests.RandomExperiment(new Random(5)) with { Measures = ["norms", "ipr"], Checkpoint = new(20, 7.5), Evaluation = new EvaluationSchedule(3, null) };
        var directory = new RunDirectory(folder.File("run"));

        InterruptionTests.Sit(experiment, directory, 1, null);

        ParquetTable summary = ParquetTable.Open(directory.Summary);
        Assert.Equal((3L, null, 20L), (summary.Longs("evaluation_every")[0], summary.Longs("evaluation_per_decade")[0], summary.Longs("checkpoint_every_steps")[0]));
        Assert.Equal(7.5, summary.Doubles("checkpoint_every_seconds")[0]);
        Assert.Equal("norms,ipr", summary.Texts("measures")[0]);
        Assert.Contains("operands", summary.Schema.Columns.Select(column => column.Name));
    }

    [Fact]
    public void An_experiment_that_does_not_fit_leaves_no_directory()
    {
        using var folder = new Folder();
        // Past the limits of the configuration, which would refuse it first.
        Experiment experiment = InterruptionTests.RandomExperiment(new Random(6)) with { Task = new("x + y", 1009, 2), Network = new QuadraticNetwork(1009, 2, 1 << 21), BatchSize = null };
        var directory = new RunDirectory(folder.File("run"));

        Result<RunRecord> result = new Sitting(experiment, directory, 1, TimeProvider.System, new Silence(_ => { })).Run(CancellationToken.None);

        Assert.Contains("network.width is 2097152", Assert.IsType<Result<RunRecord>.Failure>(result).Reason, StringComparison.Ordinal);
        Assert.False(Directory.Exists(directory.Path));
    }
}
