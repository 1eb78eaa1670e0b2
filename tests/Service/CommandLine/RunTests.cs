using System.Text.Json;
using Grokking.Host.Metrics.Parquet;
using Grokking.Host.Runs;
using Grokking.Service.Training;

namespace Grokking.Service.CommandLine;

/// <summary>The command line as users have it: a process, its output, its exit code, its files.</summary>
public class RunTests
{
    private static readonly string[] Promised =
    [
        "run", "experiment", "status", "stop_reason", "steps", "seed", "train_loss", "train_accuracy", "test_loss", "test_accuracy",
        "memorised_step", "memorised_step_sustained", "memorised_step_99", "memorised_step_99_sustained",
        "grokked_step", "grokked_step_sustained", "grokked_step_99", "grokked_step_99_sustained",
        "steps_per_second", "directory", "metrics", "checkpoint",
    ];

    [Fact]
    public void The_quick_experiment_groks_and_leaves_all_of_its_files()
    {
        using var folder = new Folder();
        using GrokkingProcess process = GrokkingProcess.Run(folder.Path, "run", "gromov/quick", "--json");

        Assert.Equal(0, process.ExitCode);
        Assert.Single(process.Output.TrimEnd().Split('\n'));
        JsonElement json = process.Json;
        // More may stand beside what is promised.
        Assert.Equal(Promised, json.EnumerateObject().Select(member => member.Name).Where(Promised.Contains));
        Assert.Equal(("completed", "budget", 200), (json.GetProperty("status").GetString(), json.GetProperty("stop_reason").GetString(), json.GetProperty("steps").GetInt32()));
        Assert.Equal(1.0, json.GetProperty("test_accuracy").GetDouble());
        // science: 18-21 and 38-40 over five seeds, with room for another generator of random numbers.
        Assert.InRange(json.GetProperty("memorised_step").GetInt32(), 14, 26);
        Assert.InRange(json.GetProperty("grokked_step").GetInt32(), 30, 50);

        var directory = new RunDirectory(json.GetProperty("directory").GetString()!);
        Assert.StartsWith("gromov-quick-", Path.GetFileName(directory.Path), StringComparison.Ordinal);
        Assert.All([json.GetProperty("metrics").GetString(), json.GetProperty("checkpoint").GetString(), directory.DataSet, directory.Summary, directory.Record, directory.Curves], path => Assert.True(File.Exists(path)));
        Assert.Equal(Enumerable.Range(0, 201).Select(step => (long?)step), RunFiles.Steps(directory));
        Assert.Equal(529, ParquetTable.Open(directory.DataSet).RowCount);
        Assert.Equal(1, ParquetTable.Open(directory.Summary).RowCount);
        Assert.NotEmpty(Directory.GetFiles(directory.Logs));
        Assert.False(Directory.Exists(directory.MetricsSegments));
    }

    [Fact]
    public void Running_the_same_experiment_again_reports_the_same_run_and_trains_nothing()
    {
        using var folder = new Folder();
        using GrokkingProcess first = GrokkingProcess.Run(folder.Path, "run", "gromov/quick", "--steps", "5", "--json");
        byte[] metrics = File.ReadAllBytes(first.Json.GetProperty("metrics").GetString()!);
        using GrokkingProcess second = GrokkingProcess.Run(folder.Path, "run", "gromov/quick", "--steps", "5", "--json");

        Assert.Equal(0, second.ExitCode);
        Assert.Contains("completed already", second.Error, StringComparison.Ordinal);
        Assert.Equal(first.Json.GetRawText(), second.Json.GetRawText());
        Assert.Equal(metrics, File.ReadAllBytes(first.Json.GetProperty("metrics").GetString()!));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Terminated_and_resumed_equals_uninterrupted(int seed)
    {
        using var folder = new Folder();
        string[] experiment = ["run", "gromov/quick", "--set", "task.modulus=31", "--steps", "600", "--seed", $"{seed}", "--threads", "1"];
        using GrokkingProcess whole = GrokkingProcess.Run(folder.Path, [.. experiment, "--output", "whole", "--json"]);
        Assert.Equal(0, whole.ExitCode);

        using var interrupted = new GrokkingProcess(folder.Path, [.. experiment, "--output", "pieces", "--json"]);
        interrupted.WaitFor(() => Directory.Exists(folder.File("pieces", "checkpoints")) && File.Exists(folder.File("pieces", "checkpoints", "step-000000050.safetensors")), "the first checkpoint");
        interrupted.Terminate();
        Assert.Equal(75, interrupted.Wait());
        Assert.Equal("interrupted", interrupted.Json.GetProperty("status").GetString());
        Assert.Equal(JsonValueKind.Null, interrupted.Json.GetProperty("metrics").ValueKind);
        int step = interrupted.Json.GetProperty("steps").GetInt32();
        Assert.InRange(step, 50, 599);
        Assert.Equal($"step-{step:D9}.safetensors", Path.GetFileName(interrupted.Json.GetProperty("checkpoint").GetString()));

        using GrokkingProcess resumed = GrokkingProcess.Run(folder.Path, "resume", "pieces", "--json", "--threads", "2");
        Assert.Equal(0, resumed.ExitCode);
        RunFiles.AssertAlike(new RunDirectory(folder.File("whole")), new RunDirectory(folder.File("pieces")));
    }

    [Fact]
    public void A_killed_run_shows_as_interrupted_and_goes_on_from_its_newest_checkpoint()
    {
        using var folder = new Folder();
        string[] experiment = ["run", "gromov/quick", "--set", "task.modulus=31", "--steps", "600", "--threads", "1"];
        using GrokkingProcess whole = GrokkingProcess.Run(folder.Path, [.. experiment, "--output", "whole"]);

        using var killed = new GrokkingProcess(folder.Path, [.. experiment, "--output", "pieces"]);
        killed.WaitFor(() => File.Exists(folder.File("pieces", "checkpoints", "step-000000100.safetensors")), "a checkpoint");
        killed.KillHard();
        killed.Wait();
        using GrokkingProcess status = GrokkingProcess.Run(folder.Path, "status", "pieces", "--json");
        Assert.Equal("interrupted", status.Json.GetProperty("status").GetString());

        using GrokkingProcess resumed = GrokkingProcess.Run(folder.Path, [.. experiment, "--output", "pieces", "--json"]);
        Assert.Equal(0, resumed.ExitCode);
        RunFiles.AssertAlike(new RunDirectory(folder.File("whole")), new RunDirectory(folder.File("pieces")));
    }

    [Fact]
    public void A_run_has_one_trainer_at_a_time()
    {
        using var folder = new Folder();
        string[] experiment = ["run", "gromov/fig1-gd", "--set", "measures=[]", "--output", "run"];
        using var first = new GrokkingProcess(folder.Path, experiment);
        first.WaitFor(() => File.Exists(folder.File("run", "checkpoints", "step-000000000.safetensors")), "the first checkpoint");

        using GrokkingProcess second = GrokkingProcess.Run(folder.Path, experiment);

        Assert.Equal(2, second.ExitCode);
        Assert.Contains("is being trained by another process", second.Error, StringComparison.Ordinal);
        first.Terminate();
        Assert.Equal(75, first.Wait());
    }

    [Fact]
    public void A_paused_run_stops_with_a_checkpoint_and_a_cancelled_one_is_given_up()
    {
        using var folder = new Folder();
        string[] experiment = ["run", "gromov/fig1-gd", "--set", "measures=[]"];
        using var process = new GrokkingProcess(folder.Path, [.. experiment, "--json"]);
        process.WaitFor(() => Directory.Exists(folder.File("data", "runs")) && Directory.GetFiles(folder.File("data", "runs"), "step-000000000.safetensors", SearchOption.AllDirectories).Length > 0, "the first checkpoint");
        using GrokkingProcess pause = GrokkingProcess.Run(folder.Path, "pause", "gromov-fig1");
        Assert.Equal(0, pause.ExitCode);
        Assert.Equal(75, process.Wait());
        Assert.Equal("paused", process.Json.GetProperty("status").GetString());

        using GrokkingProcess cancel = GrokkingProcess.Run(folder.Path, "cancel", "gromov-fig1");
        Assert.Equal(0, cancel.ExitCode);
        using GrokkingProcess status = GrokkingProcess.Run(folder.Path, "status", "gromov-fig1", "--json");
        Assert.Equal("cancelled", status.Json.GetProperty("status").GetString());
        using GrokkingProcess again = GrokkingProcess.Run(folder.Path, experiment);
        Assert.Equal(2, again.ExitCode);
    }

    [Fact]
    public void The_data_directory_may_be_named_before_the_command_and_a_damaged_record_is_named_too()
    {
        using var folder = new Folder();
        using GrokkingProcess run = GrokkingProcess.Run(folder.Path, "--data", "else", "run", "gromov/quick", "--steps", "2", "--json");
        Assert.Equal(0, run.ExitCode);
        var directory = new RunDirectory(run.Json.GetProperty("directory").GetString()!);
        Assert.StartsWith(folder.File("else"), directory.Path, StringComparison.Ordinal);
        using GrokkingProcess other = GrokkingProcess.Run(folder.Path, "run", "gromov/quick", "--steps", "3", "--output", directory.Path);
        Assert.Equal(2, other.ExitCode);
        Assert.DoesNotContain("completed already", other.Error, StringComparison.Ordinal);
        File.WriteAllText(directory.Record, "{ \"schema\": ");

        using GrokkingProcess runs = GrokkingProcess.Run(folder.Path, "runs", "--data", "else");
        using GrokkingProcess status = GrokkingProcess.Run(folder.Path, "status", directory.Path);

        Assert.Equal((0, 2), (runs.ExitCode, status.ExitCode));
        Assert.Contains($"warning: The file {directory.Record} is damaged", runs.Error, StringComparison.Ordinal);
        Assert.StartsWith($"error: The file {directory.Record} is damaged", status.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("LineNumber", status.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Lists_and_checks_answer_with_one_json_object()
    {
        using var folder = new Folder();
        using GrokkingProcess experiments = GrokkingProcess.Run(folder.Path, "experiments", "--json");
        using GrokkingProcess runs = GrokkingProcess.Run(folder.Path, "runs", "--json");
        using GrokkingProcess valid = GrokkingProcess.Run(folder.Path, "validate", "gromov/fig1-gd", "--json");
        using GrokkingProcess verify = GrokkingProcess.Run(folder.Path, "verify", "--up-to", "7", "--json");

        string[] names = [.. experiments.Json.GetProperty("experiments").EnumerateArray().Select(each => each.GetProperty("name").GetString()!)];
        Assert.Equal(names.Distinct(), names);
        Assert.Superset(new HashSet<string> { "gromov/fig1-gd", "gromov/quick", "pku/transformer-coded", "pku/recurrent" }, names.ToHashSet());
        Assert.Equal(0, runs.Json.GetProperty("runs").GetArrayLength());
        Assert.True(valid.Json.GetProperty("valid").GetBoolean());
        Assert.Equal((0, 0), (verify.ExitCode, verify.Json.GetProperty("failed").GetInt32()));
        Assert.True(verify.Json.GetProperty("facts").GetInt32() > 60);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }
}
