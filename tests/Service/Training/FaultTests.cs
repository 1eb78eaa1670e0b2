using Grokking.Host.Commands;
using Grokking.Host.Configuration;
using Grokking.Host.Files;
using Grokking.Host.Output;
using Grokking.Host.Runs;
using Grokking.Host.Training;
using Grokking.Service.Control;
using Grokking.Service.Files;
using Grokking.Training;

namespace Grokking.Service.Training;

/// <summary>A fault, wherever it is, ends a run loudly: failed, with its reason in the record and in the log, and never with the exit code of success.</summary>
public sealed class FaultTests : IDisposable
{
    private readonly Folder folder = new();
    private readonly Experiment experiment = RunControlTests.Tiny(seed: 1, steps: 100_000);

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("trainer", "InvalidOperationException: the trainer is broken")]
    [InlineData("evaluation", "InvalidOperationException: the evaluation is broken")]
    [InlineData("listener", "InvalidOperationException: the listener is broken")]
    [InlineData("metrics", "cannot be written any more: the metrics are broken")]
    [InlineData("checkpoint", "the checkpoint is broken")]
    public void It_is_the_failure_of_the_run_with_its_reason(string place, string reason)
    {
        var directory = new RunDirectory(folder.File("run")) { Disk = DiskWith(place) };
        var observer = new Silence(progress => Break(place is "listener" && progress.Step > 50, place));

        RunRecord record = new Sitting(experiment, directory, 1, TimeProvider.System, observer) { Engine = EngineWith(place) }.Run(CancellationToken.None).OrThrow();

        Assert.Equal(RunStatus.Failed, record.Status);
        Assert.Contains(reason, record.Failure, StringComparison.Ordinal);
        RunRecord written = RunRecord.Read(directory).OrThrow();
        Assert.Equal((RunStatus.Failed, record.Failure), (written.Status, written.Failure));
        string log = File.ReadAllText(Assert.Single(Directory.GetFiles(directory.Logs)));
        Assert.Single(log.Split('\n'), line => line.Contains("\"Error\"", StringComparison.Ordinal));
        Assert.Contains("broken", log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("trainer")]
    [InlineData("metrics")]
    [InlineData("checkpoint")]
    public void The_command_ends_with_one(string place)
    {
        var directory = new RunDirectory(folder.File("run")) { Disk = DiskWith(place) };
        var settings = new CommonSettings(folder.Path, 1, false, EngineWith(place));
        Assert.Equal(ExitCode.Failed, Foreground.Train(experiment, directory, settings, Terminal.Process, CancellationToken.None));
    }

    [Fact]
    public void A_run_that_failed_is_taken_up_again_where_it_was_left()
    {
        var directory = new RunDirectory(folder.File("run"));
        Experiment shorter = experiment with { Budget = new(100, null) };
        Result<RunRecord> Sit(string place) => new Sitting(shorter, directory, 1, TimeProvider.System, new Silence(_ => { })) { Engine = EngineWith(place) }.Run(CancellationToken.None);
        Assert.Equal(RunStatus.Failed, Sit("trainer").OrThrow().Status);
        RunRecord whole = Sit("nowhere").OrThrow();
        Assert.Equal((RunStatus.Completed, 100L, (string?)null), (whole.Status, whole.Step, whole.Failure));
    }

    private static MachineMaker EngineWith(string place) => (_, _, _, _) =>
    {
        CountingMachine? machine = null;
        machine = new CountingMachine(() => Break(place == "trainer" && machine!.Step >= 50, place), () => Break(place == "evaluation" && machine!.Step >= 50, place));
        return Result.Success<IStepMachine>(machine);
    };

    private static HookedDisk DiskWith(string place) => new((call, path) =>
    {
        if ((place == "metrics" && call == FileCall.Create && path.Contains("/metrics/", StringComparison.Ordinal))
            || (place == "checkpoint" && call == FileCall.FlushFile && path.Contains("step-", StringComparison.Ordinal) && !path.Contains("step-000000000", StringComparison.Ordinal)))
        {
            throw new IOException($"the {place}{(place == "metrics" ? " are" : " is")} broken");
        }
    });

    private static void Break(bool now, string place)
    {
        if (now)
            throw new InvalidOperationException($"the {place} is broken");
    }
}
