using Grokking.Host.Checkpoints;
using Grokking.Host.Configuration;
using Grokking.Host.Files;
using Grokking.Host.Metrics.Parquet;
using Grokking.Host.Runs;
using Grokking.Host.Training;
using Grokking.Service.Training;

namespace Grokking.Service.Control;

/// <summary>
/// A failing disk costs no more than the time to train again: the calls of a sound run are counted, and then each of them fails, once or from then on. Whatever was
/// published stays whole, the failure is loud, and on a sound disk the run goes on to the same end. After SQLite's tests of input and output errors.
/// </summary>
public sealed class FaultyDiskTests : IDisposable
{
    private readonly string root = Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"grokking-{Guid.NewGuid():N}");
    private readonly Experiment experiment = RunControlTests.Tiny(1) with { Measures = ["phases"] };

    public FaultyDiskTests() => Directory.CreateDirectory(root);

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Theory]
    [InlineData(DiskFault.Error, false)]
    [InlineData(DiskFault.Error, true)]
    [InlineData(DiskFault.ShortWrite, false)]
    [InlineData(DiskFault.ShortWrite, true)]
    public void Every_call_may_fail(DiskFault fault, bool forever)
    {
        RunDirectory sound = Sound(out int calls);
        Assert.InRange(calls, 50, 1000);
        int loud = 0;
        for (int at = 1; at <= calls; at++)
        {
            var directory = new RunDirectory(Path.Combine(root, $"{at}"));
            RunStatus? status = Sit(directory with { Disk = new FaultyDisk(fault, at, forever) });
            Assert.Contains(status, new RunStatus?[] { null, RunStatus.Failed, RunStatus.Completed });
            loud += status == RunStatus.Completed ? 0 : 1;
            GoesOn(sound, directory, $"{fault} at call {at} of {calls}");
        }

        // What is tidied up at the end, and the copy of the rows that the tail is, may be missed without harm.
        Assert.True(loud > calls / 2, $"{loud} of {calls}");
    }

    [Fact]
    public void Calls_fail_while_a_failure_is_recovered_from()
    {
        RunDirectory sound = Sound(out int calls);
        var random = new Random(3);
        for (int round = 0; round < 100; round++)
        {
            var directory = new RunDirectory(Path.Combine(root, $"{round}"));
            string story = "";
            for (int fault = 0; fault < 5; fault++)
            {
                int at = random.Next(1, calls);
                bool forever = random.Next(2) == 0;
                story += $" {at}{(forever ? "+" : "")}";
                Sit(directory with { Disk = new FaultyDisk((DiskFault)random.Next(2), at, forever) });
                AssertWhole(directory);
            }

            GoesOn(sound, directory, story);
            Assert.Empty(Directory.EnumerateFiles(directory.Path, ".*.tmp", SearchOption.AllDirectories));
        }
    }

    private RunDirectory Sound(out int calls)
    {
        var disk = new FaultyDisk(DiskFault.Error, int.MaxValue, false);
        var directory = new RunDirectory(Path.Combine(root, "sound"));
        Assert.Equal(RunStatus.Completed, Sit(directory with { Disk = disk }));
        calls = disk.Calls;
        return directory;
    }

    // Null where not even the lease could be taken; then the command ends with an exit code of 1.
    private RunStatus? Sit(RunDirectory directory)
    {
        try
        {
            Result<RunRecord> result = new Sitting(experiment, directory, 1, new SlowClock(), new Silence(_ => { }))
            {
                Engine = (_, _, _, _) => Result.Success<Grokking.Training.IStepMachine>(new CountingMachine(() => { })),
            }.Run(CancellationToken.None);
            RunRecord record = result.OrThrow();
            Assert.Equal(record.Status == RunStatus.Failed, record.Failure is not null);
            return record.Status;
        }
        catch (IOException)
        {
            return null;
        }
        finally
        {
            // The process has ended.
            if (LeaseFile.Newest(directory) is { Released: false } lease)
                (lease with { Start = "ended" }).Publish(new(directory.Path), overwrite: true);
        }
    }

    private void GoesOn(RunDirectory sound, RunDirectory directory, string story)
    {
        AssertWhole(directory);
        Assert.True(Sit(directory) == RunStatus.Completed, story);
        RunFiles.AssertAlike(sound, directory);
        AssertWhole(directory);
    }

    private static void AssertWhole(RunDirectory directory)
    {
        if (!Directory.Exists(directory.Path))
            return;
        if (directory.Exists)
            RunRecord.Read(directory).OrThrow();
        foreach (string file in Directory.EnumerateFiles(directory.Path, "*", SearchOption.AllDirectories).Where(file => !Disk.IsTemporary(file)))
        {
            if (file.EndsWith(".parquet", StringComparison.Ordinal))
                Assert.True(ParquetTable.Open(file).RowCount >= 0);
            if (file.EndsWith(".safetensors", StringComparison.Ordinal))
                SafetensorsFile.Read(file);
        }
    }
}
