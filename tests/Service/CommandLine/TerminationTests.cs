using System.Diagnostics;
using Grokking.Host.Runs;
using Grokking.Service.Training;

namespace Grokking.Service.CommandLine;

/// <summary>
/// Asked to stop at whatever instant, the program ends within five seconds with the code for "interrupted, resumable", and what is resumed equals what nobody disturbed.
/// </summary>
public sealed class TerminationTests : IDisposable
{
    // What is promised.
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(5);

    // Interrupted, resumable.
    private const int Resumable = 75;
    private const int Steps = 6000;
    private static readonly string[] Experiment =
        ["gromov/quick", "--set", "evaluation.every=5", "--set", "checkpoint.everySeconds=0.3", "--set", "optimiser.weightDecay=0.2"];

    private readonly Folder folder = new();
    private readonly Random random = new(4);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_run_that_is_asked_to_stop_at_random_instants_ends_as_if_undisturbed()
    {
        RunDirectory whole = new(folder.File("whole")), pieces = new(folder.File("pieces"));
        using (GrokkingProcess undisturbed = Run(whole))
            Assert.True(undisturbed.Wait() == 0, undisturbed.Error);
        for (int stop = 0; stop < 8; stop++)
        {
            using GrokkingProcess process = Run(pieces);
            WaitForBeginning(process, pieces, stop);
            Stop(process);
            Assert.True(process.ExitCode == Resumable, process.Error);
            Assert.Equal(RunStatus.Interrupted, RunRecord.Read(pieces).OrThrow().Status);
        }

        using GrokkingProcess last = Run(pieces);
        Assert.True(last.Wait() == 0, last.Error);
        RunFiles.AssertAlike(whole, pieces);
    }

    [Fact]
    public void A_sweep_that_is_asked_to_stop_at_random_instants_ends_with_the_same_tables()
    {
        string[] grid = ["sweep", "run", .. Experiment, "--set", "budget.steps=1500", "--vary", "split.trainFraction=0.5,0.7", "--seeds", "0-1", "--threads", "2"];
        using GrokkingProcess whole = GrokkingProcess.Run(folder.Path, [.. grid, "--unmeasured", "--json", "--data", "whole"]);
        Assert.True(whole.ExitCode == 0, whole.Error);
        string sweep = whole.Json.GetProperty("sweep").GetString()!;
        for (int stop = 0; stop < 4; stop++)
        {
            // The first ones are hit while they measure how long it will take.
            using var process = new GrokkingProcess(folder.Path, [.. grid, "--data", "pieces"]);
            process.WaitFor(() => process.Error.Contains(stop < 2 ? "runs, " : "to be trained", StringComparison.Ordinal), "its first word");
            Thread.Sleep(random.Next(600));
            Stop(process);
            Assert.True(process.ExitCode == Resumable, process.Error);
        }

        using GrokkingProcess last = GrokkingProcess.Run(folder.Path, [.. grid, "--unmeasured", "--data", "pieces"]);
        Assert.True(last.ExitCode == 0, last.Error);
        foreach (string data in new[] { "whole", "pieces" })
        {
            using GrokkingProcess merge = GrokkingProcess.Run(folder.Path, "sweep", "merge", sweep, "--data", data);
            Assert.True(merge.ExitCode == 0, merge.Error);
        }

        foreach (string table in new[] { "runs.parquet", "curves.parquet" })
            Assert.Equal(File.ReadAllBytes(folder.File("whole", "sweeps", sweep, table)), File.ReadAllBytes(folder.File("pieces", "sweeps", sweep, table)));
    }

    [Fact]
    public async Task A_service_that_is_asked_to_stop_while_others_listen_ends_in_time_and_goes_on_with_the_same_bits()
    {
        RunDirectory whole = new(folder.File("whole"));
        using (GrokkingProcess undisturbed = Run(whole))
            Assert.True(undisturbed.Wait() == 0, undisturbed.Error);
        using GrokkingProcess submitted = GrokkingProcess.Run(folder.Path, ["submit", .. Experiment, "--set", $"budget.steps={Steps}", "--json"]);
        Assert.True(submitted.ExitCode == 0, submitted.Error);
        string id = submitted.Json.GetProperty("run").GetString()!;
        RunDirectory pieces = new RunCatalogue(folder.File("data")).DirectoryOf(id);
        for (int stop = 0; stop < 4; stop++)
        {
            string url = FreeAddress.Next();
            using var process = new GrokkingProcess(folder.Path, "serve", "--urls", url);
            process.WaitFor(() => process.Error.Contains($"Training {id}", StringComparison.Ordinal), "its training");
            using var client = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
            // A page that is open somewhere.
            using HttpResponseMessage stream = await client.GetAsync(new Uri($"{url}/api/runs/{id}/stream"), HttpCompletionOption.ResponseHeadersRead);
            Assert.True(stream.IsSuccessStatusCode);
            await Task.Delay(random.Next(400));
            Stop(process);
            Assert.True(process.ExitCode == Resumable, process.Error);
            Assert.Equal(RunStatus.Interrupted, RunRecord.Read(pieces).OrThrow().Status);
        }

        using var last = new GrokkingProcess(folder.Path, "serve", "--urls", FreeAddress.Next());
        last.WaitFor(() => RunRecord.Read(pieces).OrThrow().Status == RunStatus.Completed && !Directory.Exists(pieces.MetricsSegments), "its end");
        Stop(last);
        Assert.Equal(0, last.ExitCode);
        RunFiles.AssertAlike(whole, pieces);
    }

    private GrokkingProcess Run(RunDirectory run) => new(folder.Path, ["run", .. Experiment, "--set", $"budget.steps={Steps}", "--threads", "1", "--output", run.Path]);

    // One in four is hit while it still prepares, the others while they train.
    private void WaitForBeginning(GrokkingProcess process, RunDirectory run, int stop)
    {
        DateTimeOffset? before = run.Exists ? RunRecord.Read(run).OrThrow().Updated : null;
        process.WaitFor(() => Directory.Exists(run.Path) && LeaseFile.Newest(run)?.Process == process.Id, "its lease");
        if (stop % 4 != 0)
        {
            process.WaitFor(() => run.Exists && RunRecord.Read(run).OrThrow().Updated != before, "its training");
            Thread.Sleep(random.Next(500));
        }
    }

    private static void Stop(GrokkingProcess process)
    {
        var watch = Stopwatch.StartNew();
        process.Terminate();
        process.Wait();
        Assert.True(watch.Elapsed <= Promised, $"It took {watch.Elapsed.TotalSeconds:0.0} seconds to stop. It said:\n{process.Error}");
    }
}
