using System.Diagnostics;
using System.Globalization;
using System.Text;
using Grokking.Host.Metrics.Parquet;
using Grokking.Host.Runs;
using Grokking.Host.Sweeps;
using Grokking.Service.Browser;
using Grokking.Service.CommandLine;

namespace Grokking.Service.Sweeps;

/// <summary>
/// What a sweep of ten thousand runs costs beside its training: seconds and memory of the commands, files and bytes of a run. Measured where GROKKING_SWEEP_SCALE_TABLE names a file
/// for the table; the suite does the same with few runs and times nothing.
/// </summary>
public sealed class SweepScaleTests : IDisposable
{
    private const int Rows = 100;
    private static readonly string? Table = Environment.GetEnvironmentVariable("GROKKING_SWEEP_SCALE_TABLE");
    private static readonly int Widths = Table is null ? 4 : 2000;
    private static readonly int Rounds = Table is null ? 1 : 5;

    private readonly Folder folder = new();
    private readonly StringBuilder table = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Plan_status_merge_and_shards_of_many_runs()
    {
        int runs = 5 * Widths;
        string[] grid = ["gromov/quick", "--vary", $"network.width=1:{Widths}:1", "--vary", "split.trainFraction=0.3,0.4,0.5,0.6,0.7", "--unmeasured", "--json"];
        table.AppendLine("# What many runs cost beside their training\n\nMade by `GROKKING_SWEEP_SCALE_TABLE=FILE dotnet test -c Release tests/Service --filter SweepScaleTests`: whole processes, start included.\n");
        table.AppendLine(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} processors; a sweep of {runs:N0} runs at {runs:N0} points, {Rows} rows of metrics each; median (and largest) of {Rounds}.\n");
        table.AppendLine("| command | seconds | peak memory, MB |\n|---|---:|---:|");
        string sweep = "";
        string[] seeds = ["gromov/quick", "--vary", $"network.width=1:{Widths / 10}:1", "--vary", "split.trainFraction=0.3,0.4,0.5,0.6,0.7", "--seeds", "0-9", "--unmeasured", "--json"];
        if (Table is not null)
        {
            Measure("sweep plan, a tenth of the points with ten seeds each", () => Directory.Delete(folder.File("data"), recursive: true), ["sweep", "plan", .. seeds], process => Assert.Equal(runs, process.Json.GetProperty("runs").GetInt32()));
            Directory.Delete(folder.File("data"), recursive: true);
        }

        Measure("sweep plan", () => Directory.Delete(folder.File("data"), recursive: true), ["sweep", "plan", .. grid], process => sweep = process.Json.GetProperty("sweep").GetString()!);
        SweepPlan plan = new SweepFolder(folder.File("data", "sweeps", sweep)).Read().OrThrow();
        Assert.Equal(runs, plan.Runs.Length);
        Fill(plan);
        Measure("sweep status", null, ["sweep", "status", sweep], process => Assert.Contains("of the work is done", process.Error, StringComparison.Ordinal));
        Measure("sweep status --json", null, ["sweep", "status", sweep, "--json"], process =>
        {
            Assert.Equal(runs / 20, process.Json.GetProperty("failures")[0].GetProperty("count").GetInt32());
            Assert.Equal(1, process.Json.GetProperty("failures").GetArrayLength());
            Assert.Equal(1, process.Json.GetProperty("states").GetProperty("running").GetInt32());
            Assert.InRange(process.Json.GetProperty("progress").GetDouble(), 0.5, 0.99);
            Assert.True(process.Json.GetProperty("steps_per_second").GetDouble() > 0);
            Assert.True(process.Json.GetProperty("seconds_left_at_most").GetDouble() > 0);
        });
        Measure("sweep merge", null, ["sweep", "merge", sweep, "--json"], process => Assert.Equal(runs, ParquetTable.Open(process.Json.GetProperty("runs_table").GetString()!).RowCount));
        Done(plan);
        Measure("sweep merge, all completed", null, ["sweep", "merge", sweep, "--json"], process => Assert.Equal((long)runs * Rows, process.Json.GetProperty("rows").GetInt64()));
        Measure("sweep run --shard 0/100, nothing left", null, ["sweep", "run", sweep, "--shard", "0/100", "--json"], process => Assert.Equal("completed", process.Json.GetProperty("status").GetString()));
        Tables(sweep, runs);
        OfARun();
        Write();
        OfAShard();
        Write();
    }

    private void Write()
    {
        if (Table is not null)
            File.WriteAllText(Table, table.ToString());
    }

    // Fourteen of twenty are completed, one failed, one is trained, one was interrupted, the others have not begun.
    private void Fill(SweepPlan plan)
    {
        using GrokkingProcess trained = GrokkingProcess.Run(folder.Path, "run", "gromov/quick", "--steps", "10", "--data", "model");
        Assert.True(trained.ExitCode == 0, trained.Error);
        RunRecord model = RunRecord.Read(new RunDirectory(Directory.GetDirectories(folder.File("model", "runs")).Single())).OrThrow();
        var catalogue = new RunCatalogue(folder.File("data"));
        plan.Runs.Index().AsParallel().WithDegreeOfParallelism(8).ForAll(each =>
        {
            (int at, (SweepPoint point, PlannedRun run)) = each;
            if (at % 20 > 16)
                return;
            RunDirectory directory = catalogue.DirectoryOf(run.Run);
            Directory.CreateDirectory(directory.Path);
            bool trains = at == 16;
            RunStatus status = (at % 20) switch { 14 => RunStatus.Failed, 15 => RunStatus.Interrupted, 16 => RunStatus.Running, _ => RunStatus.Completed };
            RunRecord record = model with
            {
                Run = run.Run,
                Seed = run.Seed,
                Budget = point.Settings().Budget.Steps,
                Status = status,
                Step = status == RunStatus.Completed ? point.Settings().Budget.Steps : 7,
                Failure = status == RunStatus.Failed ? $"The file {directory.Path}/metrics cannot be written." : null,
                ElapsedSeconds = 0.5,
            };
            record.Write(directory);
            // Of those that the record says are trained one is; the others were killed.
            if (trains)
                LeaseFile.Mine(1, TimeProvider.System).Publish(directory, overwrite: false);
            ManyRuns.WriteMetrics(directory.Metrics, run.Run, Rows, at);
        });
    }

    private void Done(SweepPlan plan)
    {
        var catalogue = new RunCatalogue(folder.File("data"));
        RunRecord model = RunRecord.Read(catalogue.DirectoryOf(plan.Runs[0].Run.Run)).OrThrow();
        plan.Runs.Index().AsParallel().WithDegreeOfParallelism(8).ForAll(each =>
        {
            RunDirectory directory = catalogue.DirectoryOf(each.Item.Run.Run);
            Directory.CreateDirectory(directory.Path);
            (model with { Run = each.Item.Run.Run, Seed = each.Item.Run.Seed }).Write(directory);
            if (!File.Exists(directory.Metrics))
                ManyRuns.WriteMetrics(directory.Metrics, each.Item.Run.Run, Rows, each.Index);
        });
    }

    private void Measure(string name, Action? before, string[] words, Action<GrokkingProcess> check)
    {
        var seconds = new List<double>();
        var memory = new List<double>();
        for (int round = 0; round < Rounds; round++)
        {
            if (round > 0)
                before?.Invoke();
            var watch = Stopwatch.StartNew();
            using var process = new GrokkingProcess(folder.Path, words);
            double peak = 0;
            while (!process.HasEnded)
            {
                peak = Math.Max(peak, Peak(process.Id));
                Thread.Sleep(5);
            }

            seconds.Add(watch.Elapsed.TotalSeconds);
            memory.Add(peak);
            Assert.True(process.Wait() == 0, process.Error);
            check(process);
        }

        table.AppendLine(CultureInfo.InvariantCulture, $"| `{name}` | {Median(seconds):0.00} ({seconds.Max():0.00}) | {Median(memory):0} ({memory.Max():0}) |");
    }

    private void Tables(string sweep, int runs)
    {
        long Bytes(string name) => new FileInfo(folder.File("data", "sweeps", sweep, name)).Length;
        table.AppendLine("\n| file of the sweep | bytes | per run |\n|---|---:|---:|");
        foreach (string name in new[] { "plan.json", "runs.parquet", "curves.parquet" })
            table.AppendLine(CultureInfo.InvariantCulture, $"| `{name}` | {Bytes(name):N0} | {Bytes(name) / runs:N0} |");
    }

    // A run of next to no work, so that what is left is what each run costs.
    private void OfARun()
    {
        int many = Table is null ? 4 : 100;
        string[] words =
        [
            "sweep", "run", "gromov/quick", "--seeds", $"0-{many - 1}", "--set", "budget.steps=1", "--set", "task.modulus=5", "--set", "network.width=4", "--set", "measures=[]",
            "--threads", "1", "--unmeasured", "--data", "short", "--json",
        ];
        var watch = Stopwatch.StartNew();
        using GrokkingProcess process = GrokkingProcess.Run(folder.Path, words);
        Assert.True(process.ExitCode == 0, process.Error);
        double all = watch.Elapsed.TotalSeconds;
        watch.Restart();
        using GrokkingProcess again = GrokkingProcess.Run(folder.Path, words);
        double start = watch.Elapsed.TotalSeconds;
        Assert.Equal(0, again.ExitCode);
        string[] files = Directory.GetFiles(folder.File("short", "runs"), "*", SearchOption.AllDirectories);
        table.AppendLine("\n| a run of one step | |\n|---|---:|");
        table.AppendLine(CultureInfo.InvariantCulture, $"| seconds, one thread | {(all - start) / many:0.000} |");
        table.AppendLine(CultureInfo.InvariantCulture, $"| files | {files.Length / (double)many:0.#} |");
        table.AppendLine(CultureInfo.InvariantCulture, $"| bytes | {files.Sum(file => new FileInfo(file).Length) / many:N0} |");
    }

    // From the start of the process to its end, beside what its runs themselves say that they were trained. The preset's own checkpoints, every fifty steps, are for runs of a second.
    private void OfAShard()
    {
        int many = Table is null ? 2 : 8;
        string[] words =
        [
            "sweep", "run", "gromov/quick", "--seeds", $"0-{(2 * many) - 1}", "--set", $"budget.steps={(Table is null ? 20 : 160_000)}", "--set", "evaluation={\"every\":100}", "--set", "checkpoint={\"everySeconds\":60}", "--shard", "1/2",
            "--threads", "1", "--data", "long", "--json",
        ];
        var watch = Stopwatch.StartNew();
        using var process = new GrokkingProcess(folder.Path, words);
        while (!process.HasEnded)
            Thread.Sleep(5);
        double seconds = watch.Elapsed.TotalSeconds;
        Assert.True(process.Wait() == 0, process.Error);
        string[] directories = Directory.GetDirectories(folder.File("long", "runs"));
        Assert.Equal(many, directories.Length);
        double work = directories.Sum(path => RunRecord.Read(new RunDirectory(path)).OrThrow().ElapsedSeconds);
        Assert.InRange(work, 0, seconds);
        table.AppendLine(CultureInfo.InvariantCulture, $"\n| a shard of {many} runs, one thread | |\n|---|---:|");
        table.AppendLine(CultureInfo.InvariantCulture, $"| seconds, start of the process included | {seconds:0.0} |");
        table.AppendLine(CultureInfo.InvariantCulture, $"| of these training | {work:0.0} |");
        table.AppendLine(CultureInfo.InvariantCulture, $"| overhead | {100 * (seconds - work) / seconds:0.00} % |");
    }

    private static double Peak(int process)
    {
        try
        {
            string? line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(each => each.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : double.Parse(line["VmHWM:".Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) / 1024;
        }
        catch (IOException)
        {
            // It ended in this moment.
            return 0;
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
