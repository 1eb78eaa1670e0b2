using Grokking.Host.Metrics.Parquet;
using Grokking.Host.Runs;
using Grokking.Properties.Cuda;
using Grokking.Service.CommandLine;
using Grokking.Service.Training;

namespace Grokking.Service.Devices;

/// <summary>The command line on a device; the device is simulated, its kernels are the real ones.</summary>
[Collection(SimulatedDriver.Turns)]
public class DeviceCommandTests
{
    private const string Driver = "GROKKING_CUDA_DRIVER";
    private const string Nowhere = "/nowhere/libcuda.so.1";

    // A step amplifies a rounding of 1e-7 by far less than this allows in twenty of them.
    private const double Float32 = 1e-4;
    private const double Tf32 = 2e-3;

    private static readonly string[] Tiny =
    [
        "gromov/quick", "--set", "task.modulus=7", "--set", "network.width=8", "--set", "budget.steps=20", "--set", "evaluation.every=4", "--set", "measures=[]", "--set", "checkpoint.everySteps=5",
    ];

    private static readonly string[] Grid = [.. Tiny, "--vary", "optimiser.learningRate=0.05,0.1", "--seeds", "0-2", "--unmeasured"];

    [SimulatedTheory]
    [InlineData("float32", Float32)]
    [InlineData("tf32", Tf32)]
    public void A_run_on_a_device_is_the_same_run_with_nearly_the_same_numbers(string precision, double tolerance)
    {
        using var folder = new Folder();
        using GrokkingProcess here = GrokkingProcess.Run(folder.Path, ["run", .. Tiny, "--json", "--data", "cpu"]);
        using GrokkingProcess there = OnDevice(folder, ["run", .. Tiny, "--json", "--data", "cuda", "--device", "cuda", "--precision", precision]);

        Assert.True(there.ExitCode == 0, there.Error);
        Assert.Equal(here.Json.GetProperty("run").GetString(), there.Json.GetProperty("run").GetString());
        (RunDirectory one, RunDirectory other) = (Directory(here), Directory(there));
        (double[] expected, double[] actual) = (RunFiles.Column(one, "train_loss"), RunFiles.Column(other, "train_loss"));
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.InRange(pair.Second / pair.First, 1 - tolerance, 1 + tolerance));
        string profile = RunRecord.Read(other).OrThrow().Environment.NumericsProfile;
        Assert.StartsWith($"cuda {precision} ", profile, StringComparison.Ordinal);
        Assert.NotEqual(RunRecord.Read(one).OrThrow().Environment.NumericsProfile, profile);
    }

    [Theory]
    [InlineData("run", "gromov/quick")]
    [InlineData("sweep", "run", "gromov/quick-fractions")]
    [InlineData("serve")]
    [InlineData("bench", "--only", "w1")]
    [InlineData("selftest")]
    public void Where_there_is_no_device_the_reason_is_one_sentence_and_nothing_is_left(params string[] command)
    {
        using var folder = new Folder();
        string[] device = command[0] == "selftest" ? [] : ["--device", "cuda"];
        using GrokkingProcess process = With(folder, [.. command, .. device, "--data", "data"], (Driver, Nowhere));

        Assert.Equal(2, process.Wait());
        string sentence = Assert.Single(process.Error.TrimEnd().Split('\n'), line => line.StartsWith("error: ", StringComparison.Ordinal));
        Assert.Contains($"the library '{Nowhere}' that {Driver} names cannot be loaded", sentence, StringComparison.Ordinal);
        Assert.False(System.IO.Directory.Exists(folder.File("data")));
    }

    [Fact]
    public void Auto_takes_the_processor_where_there_is_no_device_and_says_so_once()
    {
        using var folder = new Folder();
        using GrokkingProcess plain = GrokkingProcess.Run(folder.Path, ["run", .. Tiny, "--json", "--data", "cpu"]);
        using GrokkingProcess process = With(folder, ["run", .. Tiny, "--json", "--device", "auto", "--data", "auto"], (Driver, Nowhere));

        Assert.Equal(0, process.Wait());
        Assert.Single(process.Error.Split('\n'), line => line.StartsWith("--device is auto: the processor trains. ", StringComparison.Ordinal));
        RunFiles.AssertAlike(Directory(plain), Directory(process));
    }

    [Theory]
    [InlineData("--precision is a device's; it goes with --device cuda", "run", "gromov/quick", "--precision", "tf32")]
    [InlineData("--device is 'gpu'; it must be one of cpu, cuda, auto", "run", "gromov/quick", "--device", "gpu")]
    [InlineData("--precision is 'float16'; it must be one of float32, tf32", "resume", "x", "--device", "cuda", "--precision", "float16")]
    [InlineData("--together is a device's; it goes with --device cuda", "sweep", "run", "gromov/quick", "--together", "3")]
    [InlineData("--runs is a device's; it goes with --device cuda", "bench", "--runs", "3")]
    [InlineData("--only peak and --write-start are the processor's", "bench", "--only", "peak", "--device", "cuda")]
    public void What_is_a_devices_goes_with_one(string sentence, params string[] command)
    {
        using var folder = new Folder();
        using GrokkingProcess process = GrokkingProcess.Run(folder.Path, command);
        Assert.Equal(2, process.ExitCode);
        Assert.Contains(sentence, process.Error, StringComparison.Ordinal);
    }

    [SimulatedFact]
    public void A_sweep_whose_runs_go_together_is_the_sweep_of_each_alone()
    {
        using var folder = new Folder();
        using GrokkingProcess alone = OnDevice(folder, ["sweep", "run", .. Grid, "--json", "--device", "cuda", "--together", "1", "--data", "alone"]);
        using GrokkingProcess together = OnDevice(folder, ["sweep", "run", .. Grid, "--json", "--device", "cuda", "--together", "4", "--data", "together"]);

        Assert.True(alone.ExitCode == 0, alone.Error);
        Assert.True(together.ExitCode == 0, together.Error);
        string sweep = alone.Json.GetProperty("sweep").GetString()!;
        foreach (string data in new[] { "alone", "together" })
        {
            using GrokkingProcess merge = GrokkingProcess.Run(folder.Path, "sweep", "merge", sweep, "--data", data);
            Assert.Equal(0, merge.ExitCode);
        }

        foreach (string table in new[] { "plan.json", "runs.parquet", "curves.parquet" })
            Assert.Equal(File.ReadAllBytes(folder.File("alone", "sweeps", sweep, table)), File.ReadAllBytes(folder.File("together", "sweeps", sweep, table)));
        // A single run, by another command, is the same again.
        using GrokkingProcess single = OnDevice(folder, ["run", .. Tiny, "--set", "optimiser.learningRate=0.1", "--seed", "2", "--json", "--device", "cuda", "--data", "single"]);
        string run = single.Json.GetProperty("run").GetString()!;
        RunFiles.AssertAlike(Directory(single), new RunDirectory(folder.File("together", "runs", run)));

        using GrokkingProcess compare = GrokkingProcess.Run(folder.Path, "sweep", "compare", sweep, "--data", "alone", "--with", "together", "--json");
        Assert.True(compare.ExitCode == 0, compare.Error);
        Assert.All(compare.Json.GetProperty("points").EnumerateArray(), point => Assert.Equal((3, 0.0, 1.0), (point.GetProperty("equal").GetInt32(), point.GetProperty("distance").GetDouble(), point.GetProperty("chance").GetDouble())));
    }

    [SimulatedFact]
    public void A_run_whose_device_is_lost_keeps_its_checkpoint_and_goes_on_on_the_processor()
    {
        using var folder = new Folder();
        using GrokkingProcess lost = With(folder, ["run", .. Tiny, "--json", "--device", "cuda"], (Driver, SimulatedDriver.Use()), ("SIM_FAIL", Late));

        Assert.True(lost.Wait() == 75, lost.Error);
        Assert.Single(lost.Error.Split('\n'), line => line.StartsWith("warning: ", StringComparison.Ordinal) && line.Contains("700", StringComparison.Ordinal));
        RunRecord record = RunRecord.Read(Directory(lost)).OrThrow();
        Assert.Equal(RunStatus.Interrupted, record.Status);
        Assert.InRange(record.Step, 5, 15);
        Assert.True(File.Exists(Directory(lost).Checkpoint(record.Step)));

        using GrokkingProcess resumed = GrokkingProcess.Run(folder.Path, "resume", record.Run, "--json");
        Assert.True(resumed.ExitCode == 0, resumed.Error);
        Assert.Equal((RunStatus.Completed, 20L), (RunRecord.Read(Directory(lost)).OrThrow().Status, RunRecord.Read(Directory(lost)).OrThrow().Step));
        Assert.Contains("the last bits may differ", resumed.Error, StringComparison.Ordinal);
        Assert.Equal([0, 4, 8, 12, 16, 20], RunFiles.Steps(Directory(lost)));
    }

    [SimulatedFact]
    public void With_auto_a_sweep_goes_on_by_itself()
    {
        using var folder = new Folder();
        using GrokkingProcess process = With(folder, ["sweep", "run", .. Grid, "--json", "--device", "auto", "--together", "3"], (Driver, SimulatedDriver.Use()), ("SIM_FAIL", Late));

        Assert.True(process.Wait() == 0, process.Error);
        Assert.Equal((6, 0), (process.Json.GetProperty("completed").GetInt32(), process.Json.GetProperty("failed").GetInt32()));
        Assert.Contains("700", process.Error, StringComparison.Ordinal);
        using GrokkingProcess merge = GrokkingProcess.Run(folder.Path, "sweep", "merge", process.Json.GetProperty("sweep").GetString()!, "--json");
        ParquetTable runs = ParquetTable.Open(merge.Json.GetProperty("runs_table").GetString()!);
        Assert.All(runs.Texts("numerics_profile"), profile => Assert.DoesNotContain("cuda", profile, StringComparison.OrdinalIgnoreCase));
        Assert.All(runs.Longs("steps"), steps => Assert.Equal(20, steps));
    }

    [SimulatedFact]
    public void With_cuda_a_sweep_ends_and_can_be_taken_up_again()
    {
        using var folder = new Folder();
        using GrokkingProcess process = With(folder, ["sweep", "run", .. Grid, "--json", "--device", "cuda", "--together", "3"], (Driver, SimulatedDriver.Use()), ("SIM_FAIL", Late));

        Assert.True(process.Wait() == 75, process.Error);
        Assert.Equal(("interrupted", 0), (process.Json.GetProperty("status").GetString(), process.Json.GetProperty("failed").GetInt32()));
        using GrokkingProcess again = OnDevice(folder, ["sweep", "run", process.Json.GetProperty("sweep").GetString()!, "--json", "--unmeasured", "--device", "cuda"]);
        Assert.True(again.ExitCode == 0, again.Error);
        Assert.Equal(6, again.Json.GetProperty("completed").GetInt32());
    }

    [SimulatedFact]
    public void The_selftest_checks_kernels_and_steps_and_shows_speeds()
    {
        using var folder = new Folder();
        using GrokkingProcess process = OnDevice(folder, ["selftest", "--json"]);

        Assert.True(process.ExitCode == 0, process.Error);
        Assert.Equal(0, process.Json.GetProperty("failed").GetInt32());
        foreach (string word in new[] { "matmul_tf32: ", "scatter_add: ", "float32, transformer", "tf32, quadratic", "longShortTermMemory", "perceptron", "AdamW", "in pieces", "among others" })
            Assert.Contains(word, process.Error, StringComparison.Ordinal);
        Assert.Matches("kernel +scale +µs +G/s", process.Error);
    }

    [SimulatedFact]
    public void A_selftest_on_a_device_that_is_lost_fails_with_the_reason()
    {
        using var folder = new Folder();
        using GrokkingProcess process = With(folder, ["selftest", "--json"], (Driver, SimulatedDriver.Use()), ("SIM_FAIL", "launch:30:700"));
        Assert.Equal(1, process.Wait());
        Assert.Contains("700", Assert.Single(process.Error.Split('\n'), line => line.StartsWith("error: ", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_selftest_that_may_have_no_device_says_that_there_is_nothing_to_test()
    {
        using var folder = new Folder();
        using GrokkingProcess process = With(folder, ["selftest", "--device", "auto"], (Driver, Nowhere));
        Assert.Equal(0, process.Wait());
        Assert.StartsWith("There is nothing to test. CUDA cannot be used: ", process.Error, StringComparison.Ordinal);
    }

    // After the first checkpoints, and before the last: a step is two recorded graphs, however many kernels these have.
    private const string Late = "graph:25:700";

    private static RunDirectory Directory(GrokkingProcess process) => new(process.Json.GetProperty("directory").GetString()!);

    private static GrokkingProcess OnDevice(Folder folder, IEnumerable<string> arguments)
    {
        GrokkingProcess process = With(folder, arguments, (Driver, SimulatedDriver.Use()));
        process.Wait();
        return process;
    }

    private static GrokkingProcess With(Folder folder, IEnumerable<string> arguments, params (string Name, string Value)[] environment) => new(folder.Path, arguments, environment);
}
