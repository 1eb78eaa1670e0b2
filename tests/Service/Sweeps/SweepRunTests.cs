using System.Text.Json;
using Grokking.Host.Metrics.Parquet;
using Grokking.Host.Runs;
using Grokking.Service.CommandLine;

namespace Grokking.Service.Sweeps;

/// <summary>Sweeps as users have them: processes, their exit codes, their tables.</summary>
public class SweepRunTests
{
    private static readonly string[] Grid =
    [
        "gromov/quick", "--vary", "split.trainFraction=0.7,0.9", "--seeds", "0-2", "--set", "task.modulus=29", "--set", "budget.steps=300",
        "--set", "evaluation.every=3", "--set", "measures=[\"norms\"]", "--unmeasured",
    ];

    [Fact]
    public void A_sweep_trains_every_run_once_and_merges_into_two_tables()
    {
        using var folder = new Folder();
        using GrokkingProcess run = GrokkingProcess.Run(folder.Path, ["sweep", "run", .. Grid, "--json"]);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(("completed", 6, 6, 0), Standing(run.Json));
        string sweep = run.Json.GetProperty("sweep").GetString()!;
        Dictionary<string, DateTime> written = Directory.GetFiles(folder.File("data", "runs"), "*", SearchOption.AllDirectories).ToDictionary(path => path, File.GetLastWriteTimeUtc);

        using GrokkingProcess again = GrokkingProcess.Run(folder.Path, "sweep", "run", sweep, "--json");
        Assert.Equal((0, ("completed", 6, 6, 0)), (again.ExitCode, Standing(again.Json)));
        Assert.Equal(written, Directory.GetFiles(folder.File("data", "runs"), "*", SearchOption.AllDirectories).ToDictionary(path => path, File.GetLastWriteTimeUtc));

        using GrokkingProcess all = GrokkingProcess.Run(folder.Path, "sweep", "status");
        Assert.Matches($"{sweep} +6 +6 +0 +0 +gromov/quick", all.Output);
        using GrokkingProcess merge = GrokkingProcess.Run(folder.Path, "sweep", "merge", sweep[..14], "--json");
        Assert.True(merge.ExitCode == 0, merge.Error);
        Assert.DoesNotContain("warning", merge.Error, StringComparison.Ordinal);
        ParquetTable runs = ParquetTable.Open(merge.Json.GetProperty("runs_table").GetString()!);
        Assert.Equal([0.7, 0.7, 0.7, 0.9, 0.9, 0.9], runs.Doubles("split_train_fraction"));
        Assert.Equal([0, 1, 2, 0, 1, 2], runs.Longs("seed"));
        Assert.Equal(Enumerable.Repeat("completed", 6), runs.Texts("status"));
        Assert.All(runs.Doubles("test_accuracy"), accuracy => Assert.Equal(1, accuracy));
        Assert.All(runs.Longs("grokked_step_99_sustained"), step => Assert.InRange(step!.Value, 1, 300));
        Assert.All(runs.Integers("modulus"), modulus => Assert.Equal(29, modulus));
        Assert.All(runs.Texts("numerics_profile"), profile => Assert.Contains("Single", profile, StringComparison.Ordinal));
        ParquetTable curves = ParquetTable.Open(merge.Json.GetProperty("curves_table").GetString()!);
        Assert.Equal(6 * 101, curves.RowCount);
        foreach (string? id in runs.Texts("run_id"))
        {
            ParquetTable alone = ParquetTable.Open(folder.File("data", "runs", id!, "metrics.parquet"));
            bool[] here = Array.ConvertAll(curves.Texts("run_id"), text => text == id);
            foreach (ParquetColumn column in alone.Schema.Columns.Where(column => column.Type == ParquetType.Double && column.Name != "elapsed_seconds"))
                Assert.Equal(alone.Doubles(column.Name), curves.Doubles(column.Name).Where((_, row) => here[row]));
        }
    }

    [Fact]
    public void A_sweep_killed_at_random_instants_ends_with_the_bytes_of_the_uninterrupted_one()
    {
        using var folder = new Folder();
        using GrokkingProcess whole = GrokkingProcess.Run(folder.Path, ["sweep", "run", .. Grid, "--threads", "1", "--json", "--data", "whole"]);
        Assert.True(whole.ExitCode == 0, whole.Error);
        string sweep = whole.Json.GetProperty("sweep").GetString()!;
        var random = new Random(5);
        string pieces = folder.File("pieces", "runs");
        for (int kill = 0; kill < 4; kill++)
        {
            using var process = new GrokkingProcess(folder.Path, ["sweep", "run", .. Grid, "--threads", "2", "--data", "pieces"]);
            int enough = Checkpoints(pieces) + 1 + random.Next(3);
            process.WaitFor(() => Checkpoints(pieces) >= enough, "enough checkpoints");
            process.KillHard();
            process.Wait();
        }

        using GrokkingProcess status = GrokkingProcess.Run(folder.Path, "sweep", "status", sweep, "--json", "--data", "pieces");
        JsonElement states = status.Json.GetProperty("states");
        Assert.Equal(0, states.GetProperty("running").GetInt32());
        Assert.True(states.GetProperty("completed").GetInt32() < 6, "The kills came too late to mean anything.");
        using GrokkingProcess last = GrokkingProcess.Run(folder.Path, "sweep", "run", sweep, "--json", "--unmeasured", "--threads", "3", "--data", "pieces");
        Assert.Equal((0, ("completed", 6, 6, 0)), (last.ExitCode, Standing(last.Json)));
        Assert.True(Directory.GetDirectories(pieces).Sum(path => RunRecord.Read(new RunDirectory(path)).OrThrow().Resumes) > 0, "No run was resumed.");
        AssertSameTables(folder, sweep, "whole", "pieces");
    }

    [Fact]
    public void Two_processes_at_once_and_more_threads_than_runs_give_the_bytes_of_one_thread()
    {
        using var folder = new Folder();
        using GrokkingProcess one = GrokkingProcess.Run(folder.Path, ["sweep", "run", .. Grid, "--threads", "1", "--json", "--data", "one"]);
        string sweep = one.Json.GetProperty("sweep").GetString()!;
        using var first = new GrokkingProcess(folder.Path, ["sweep", "run", .. Grid, "--threads", "2", "--json", "--data", "two"]);
        using var second = new GrokkingProcess(folder.Path, ["sweep", "run", .. Grid, "--threads", "8", "--json", "--data", "two"]);

        Assert.True(first.Wait() == 0, first.Error);
        Assert.True(second.Wait() == 0, second.Error);
        Assert.Equal(("completed", 6, 6, 0), Standing(first.Json));
        Assert.Equal(("completed", 6, 6, 0), Standing(second.Json));
        Assert.All(Directory.GetDirectories(folder.File("two", "runs")), path => Assert.Equal(0, RunRecord.Read(new RunDirectory(path)).OrThrow().Resumes));
        AssertSameTables(folder, sweep, "one", "two");
    }

    [Fact]
    public void Terminated_it_checkpoints_every_run_and_says_how_to_go_on()
    {
        using var folder = new Folder();
        using var process = new GrokkingProcess(folder.Path, ["sweep", "run", .. Grid, "--threads", "2", "--json"]);
        string runs = folder.File("data", "runs");
        process.WaitFor(() => Checkpoints(runs) >= 4, "two runs at work");
        process.Terminate();

        Assert.Equal(75, process.Wait());
        Assert.Equal("interrupted", process.Json.GetProperty("status").GetString());
        Assert.Contains("go on with: ", process.Error, StringComparison.Ordinal);
        string sweep = process.Json.GetProperty("sweep").GetString()!;
        using GrokkingProcess merge = GrokkingProcess.Run(folder.Path, "sweep", "merge", sweep, "--json");
        Assert.Equal(0, merge.ExitCode);
        Assert.Contains("of 6 runs are not completed", merge.Error, StringComparison.Ordinal);
        ParquetTable table = ParquetTable.Open(merge.Json.GetProperty("runs_table").GetString()!);
        Assert.Equal(6, table.RowCount);
        string[] states = [.. table.Texts("status").Select(text => text!).Distinct()];
        Assert.Contains("interrupted", states);
        Assert.All(states, state => Assert.Contains(state, new[] { "completed", "interrupted", "queued" }));
        Assert.Equal(states.Contains("queued"), table.Doubles("test_loss").Contains(null));
        using GrokkingProcess last = GrokkingProcess.Run(folder.Path, "sweep", "run", sweep, "--json");
        Assert.Equal((0, ("completed", 6, 6, 0)), (last.ExitCode, Standing(last.Json)));
        Assert.Contains("to be trained: ", last.Error, StringComparison.Ordinal);
        Assert.Contains("at most about ", last.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_fails_is_reported_and_the_others_go_on()
    {
        using var folder = new Folder();
        using GrokkingProcess plan = GrokkingProcess.Run(folder.Path, ["sweep", "plan", .. Grid, "--json"]);
        string sweep = plan.Json.GetProperty("sweep").GetString()!;
        string victim = JsonDocument.Parse(File.ReadAllText(plan.Json.GetProperty("plan").GetString()!))
            .RootElement.GetProperty("points")[1].GetProperty("runs")[1].GetProperty("run").GetString()!;
        Directory.CreateDirectory(folder.File("data", "runs"));
        File.WriteAllText(folder.File("data", "runs", victim), "in the way");

        using GrokkingProcess run = GrokkingProcess.Run(folder.Path, "sweep", "run", sweep, "--json", "--unmeasured");

        Assert.Equal((1, ("failed", 6, 5, 1)), (run.ExitCode, Standing(run.Json)));
        Assert.Contains($"error: {victim}: ", run.Error, StringComparison.Ordinal);
        File.Delete(folder.File("data", "runs", victim));
        using GrokkingProcess again = GrokkingProcess.Run(folder.Path, "sweep", "run", sweep, "--json", "--unmeasured");
        Assert.Equal((0, ("completed", 6, 6, 0)), (again.ExitCode, Standing(again.Json)));
    }

    [Fact]
    public void A_sweep_preset_of_series_stops_runs_once_they_have_grokked_and_shows_each_point()
    {
        using var folder = new Folder();
        string[] quick = ["gromov/quick-fractions", "--vary", "split.trainFraction=0.8,0.9", "--seeds", "0", "--json", "--unmeasured"];
        using GrokkingProcess run = GrokkingProcess.Run(folder.Path, ["sweep", "run", .. quick]);
        Assert.True(run.ExitCode == 0, run.Error);
        string sweep = run.Json.GetProperty("sweep").GetString()!;

        using GrokkingProcess shown = GrokkingProcess.Run(folder.Path, "sweep", "status", sweep);
        using GrokkingProcess merge = GrokkingProcess.Run(folder.Path, "sweep", "merge", sweep, "--json");

        Assert.Matches("series +split.trainFraction +runs +completed +grokked", shown.Output);
        Assert.Matches("gradientDescent +0.8 +1 +1 +1 +[0-9]+", shown.Output);
        ParquetTable table = ParquetTable.Open(merge.Json.GetProperty("runs_table").GetString()!);
        Assert.Equal("adamW adamW gradientDescent gradientDescent", string.Join(' ', table.Texts("series")));
        Assert.All(table.Texts("stop_reason"), reason => Assert.Equal("target", reason));
        Assert.All(table.Longs("steps").Zip(table.Longs("budget_steps")), pair => Assert.True(pair.First < pair.Second));
        using GrokkingProcess again = GrokkingProcess.Run(folder.Path, ["sweep", "plan", .. quick]);
        Assert.Equal(sweep, again.Json.GetProperty("sweep").GetString());
        Assert.Equal(4, again.Json.GetProperty("completed").GetInt32());
    }

    private static void AssertSameTables(Folder folder, string sweep, string expected, string actual)
    {
        foreach (string data in new[] { expected, actual })
        {
            using GrokkingProcess merge = GrokkingProcess.Run(folder.Path, "sweep", "merge", sweep, "--data", data);
            Assert.True(merge.ExitCode == 0, merge.Error);
        }

        foreach (string table in new[] { "plan.json", "runs.parquet", "curves.parquet" })
            Assert.Equal(File.ReadAllBytes(folder.File(expected, "sweeps", sweep, table)), File.ReadAllBytes(folder.File(actual, "sweeps", sweep, table)));
    }

    private static (string? Status, int Runs, int Completed, int Failed) Standing(JsonElement json) => (
        json.GetProperty("status").GetString(), json.GetProperty("runs").GetInt32(), json.GetProperty("completed").GetInt32(), json.GetProperty("failed").GetInt32());

    private static int Checkpoints(string runs) =>
        Directory.Exists(runs) ? Directory.GetFiles(runs, "step-*.safetensors", SearchOption.AllDirectories).Length : 0;
}
