using System.Text.Json;
using Grokking.Host.Runs;
using Grokking.Service.CommandLine;

namespace Grokking.Service.Sweeps;

/// <summary>Shards as schedulers have them: processes that know nothing of each other, their exit codes, and the tables in the end.</summary>
public sealed class ShardRunTests : IDisposable
{
    private static readonly string[] Grid =
    [
        "gromov/quick", "--vary", "split.trainFraction=0.5,0.7,0.9", "--seeds", "0-4", "--set", "task.modulus=7", "--set", "network.width=8",
        "--set", "evaluation.every=5", "--set", "measures=[\"norms\"]", "--unmeasured",
    ];

    private readonly Folder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void One_four_and_seven_shards_each_twice_and_two_at_once_give_the_same_bytes()
    {
        string sweep = "";
        foreach (int count in new[] { 1, 4, 7 })
        {
            string data = $"of-{count}";
            sweep = Planned(data);
            foreach (int shard in Enumerable.Range(0, count))
            {
                using var first = Shard(sweep, data, $"{shard}/{count}");
                using var second = Shard(sweep, data, $"{shard}/{count}");
                Assert.True(first.Wait() == 0, first.Error);
                Assert.True(second.Wait() == 0, second.Error);
                Assert.Equal(first.Json.GetProperty("completed").GetInt32(), second.Json.GetProperty("runs").GetInt32());
            }

            // One trainer for each run, from its beginning to its end.
            Assert.Equal(15, Records(data).Length);
            Assert.All(Records(data), record => Assert.Equal((RunStatus.Completed, 0), (record.Status, record.Resumes)));
            Merge(sweep, data);
        }

        foreach (string table in new[] { "plan.json", "runs.parquet", "curves.parquet" })
        {
            byte[] expected = Bytes("of-1", sweep, table);
            Assert.Equal(expected, Bytes("of-4", sweep, table));
            Assert.Equal(expected, Bytes("of-7", sweep, table));
        }
    }

    [Fact]
    public void A_shard_trains_its_runs_and_no_others_and_done_ones_not_again()
    {
        string sweep = Planned("data");
        using GrokkingProcess one = GrokkingProcess.Run(folder.Path, "sweep", "run", sweep, "--shard", "1/4", "--json");
        Assert.Equal((0, "1/4", 4), (one.ExitCode, one.Json.GetProperty("shard").GetString(), one.Json.GetProperty("completed").GetInt32()));
        Assert.Equal(4, Records("data").Length);

        using var again = new GrokkingProcess(folder.Path, ["sweep", "run", sweep, "--shards", "4", "--json"], ("SLURM_ARRAY_TASK_ID", "1"), ("JOB_COMPLETION_INDEX", "2"));
        Assert.Equal(0, again.Wait());
        Assert.Equal("1/4", again.Json.GetProperty("shard").GetString());
        Assert.Contains("4 runs, 4 completed already", again.Error, StringComparison.Ordinal);
        Assert.Equal(4, Records("data").Length);
        using var other = new GrokkingProcess(folder.Path, ["sweep", "run", sweep, "--shards", "4", "--json"], ("JOB_COMPLETION_INDEX", "2"));
        Assert.Equal(0, other.Wait());
        Assert.Equal("2/4", other.Json.GetProperty("shard").GetString());
        Assert.Equal(8, Records("data").Length);
    }

    [Theory]
    [InlineData(15, false)]
    [InlineData(10, false)]
    [InlineData(10, true)]
    public void A_signal_asks_a_shard_for_checkpoints_and_it_goes_on_from_there(int signal, bool twice)
    {
        string sweep = Planned("data", "--set", "budget.steps=200000", "--set", "checkpoint.everySteps=2000");
        using var shard = Shard(sweep, "data", "0/5");
        shard.WaitFor(() => Records("data").Any(record => record.Step > 0), "a checkpoint");
        shard.Signal(signal);
        // What a shell passes on that had the signal too.
        if (twice)
            shard.Signal(15);

        Assert.True(shard.Wait() == 75, shard.Error);
        Assert.Equal("interrupted", shard.Json.GetProperty("status").GetString());
        Assert.Contains("go on with: ", shard.Error, StringComparison.Ordinal);
        Assert.Contains(" --shard 0/5", shard.Error, StringComparison.Ordinal);
        RunRecord[] left = Records("data");
        Assert.All(left, record => Assert.Contains(record.Status, new[] { RunStatus.Interrupted, RunStatus.Completed }));
        Assert.Contains(left, record => record is { Status: RunStatus.Interrupted, Step: > 0 });
        Assert.All(left.Where(record => record.Status == RunStatus.Interrupted), record => Assert.True(File.Exists(new RunCatalogue(folder.File("data")).DirectoryOf(record.Run).Checkpoint(record.Step))));
    }

    [Fact]
    public void A_shard_with_a_run_that_fails_trains_the_others_and_ends_with_one()
    {
        string sweep = Planned("data");
        string[] runs = [.. RunsOf(sweep).Order(StringComparer.Ordinal)];
        Directory.CreateDirectory(folder.File("data", "runs"));
        File.WriteAllText(folder.File("data", "runs", runs[0]), "in the way");

        using GrokkingProcess ill = GrokkingProcess.Run(folder.Path, "sweep", "run", sweep, "--shard", "0/5", "--json");
        using GrokkingProcess well = GrokkingProcess.Run(folder.Path, "sweep", "run", sweep, "--shard", "1/5", "--json");

        Assert.Equal((1, 0), (ill.ExitCode, well.ExitCode));
        Assert.Equal(("failed", 3, 2), (ill.Json.GetProperty("status").GetString(), ill.Json.GetProperty("runs").GetInt32(), ill.Json.GetProperty("completed").GetInt32()));
    }

    [Theory]
    [InlineData("--shard", "5/5", "the index must be from 0 to 4")]
    [InlineData("--shard", "five", "it must be INDEX/COUNT")]
    [InlineData("--shards", "0", "--shards is 0; it must be an integer from 1")]
    [InlineData("--shards", "5", "SLURM_ARRAY_TASK_ID or JOB_COMPLETION_INDEX must be set")]
    public void A_shard_that_cannot_be_is_refused_before_anything_is_planned(string option, string value, string reason)
    {
        using var process = new GrokkingProcess(folder.Path, ["sweep", "run", .. Grid, option, value], ("SLURM_ARRAY_TASK_ID", ""), ("JOB_COMPLETION_INDEX", ""));
        Assert.Equal(2, process.Wait());
        Assert.Contains(reason, process.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    private GrokkingProcess Shard(string sweep, string data, string shard) =>
        new(folder.Path, ["sweep", "run", sweep, "--data", data, "--shard", shard, "--threads", "2", "--json"]);

    private string Planned(string data, params string[] more)
    {
        using GrokkingProcess plan = GrokkingProcess.Run(folder.Path, ["sweep", "plan", .. Grid, .. more, "--data", data, "--json"]);
        Assert.True(plan.ExitCode == 0, plan.Error);
        return plan.Json.GetProperty("sweep").GetString()!;
    }

    private IEnumerable<string> RunsOf(string sweep) =>
        JsonDocument.Parse(File.ReadAllText(folder.File("data", "sweeps", sweep, "plan.json"))).RootElement.GetProperty("points").EnumerateArray()
            .SelectMany(point => point.GetProperty("runs").EnumerateArray()).Select(run => run.GetProperty("run").GetString()!);

    private void Merge(string sweep, string data)
    {
        using GrokkingProcess merge = GrokkingProcess.Run(folder.Path, "sweep", "merge", sweep, "--data", data);
        Assert.True(merge.ExitCode == 0, merge.Error);
    }

    private RunRecord[] Records(string data) => Directory.Exists(folder.File(data, "runs"))
        ? [.. Directory.GetDirectories(folder.File(data, "runs")).Select(path => RunRecord.Read(new RunDirectory(path))).OfType<Result<RunRecord>.Success>().Select(read => read.Value)]
        : [];

    private byte[] Bytes(string data, string sweep, string table) => File.ReadAllBytes(folder.File(data, "sweeps", sweep, table));
}
