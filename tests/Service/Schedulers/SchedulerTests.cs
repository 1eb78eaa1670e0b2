using System.Diagnostics;
using System.Runtime.Versioning;
using Grokking.Service.CommandLine;

namespace Grokking.Service.Schedulers;

/// <summary>Real schedulers train a sweep of two hundred runs while everything that can be killed is killed; in the end it is as if one process had trained it.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class SchedulerTests(OneProcess runs) : IClassFixture<OneProcess>
{
    // Folders that a careless script would take for two.
    private const string Slurm = "by slurm", Parallel = "by parallel's jobs";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    [ToolFact("slurmctld", "slurmd", "munged", "sbatch", "scontrol", "squeue")]
    public void Slurm_with_tasks_queued_again_and_tasks_and_daemons_killed_trains_every_run_once()
    {
        string sweep = runs.Plan(Slurm);
        using var folder = new Folder();
        using var slurm = new LoopbackSlurm(folder);
        Submit(slurm, sweep);
        // Each says whether it found something to trouble; all must.
        Func<bool>[] troubles =
        [
            // Taken from its processor and given back, as by a site that needs it.
            () => Each(slurm.Tasks("running"), task => slurm.Says("scontrol", "requeue", task)),
            () => Each(runs.Trainers(Slurm), KillHard),
            // Its time is nearly up.
            () => runs.Trainers(Slurm).Length > 0 && Each(slurm.Tasks("running"), task => slurm.Says("scancel", "--batch", "--signal=USR1", task)),
            () => Done(slurm.KillController),
            () => Done(slurm.KillNode),
            // Once more, after the daemons came back.
            () => Each(runs.Trainers(Slurm), KillHard),
            () => Each(slurm.Tasks("running"), task => slurm.Says("scontrol", "requeue", task)),
        ];
        int next = 0, troubled = 0, submissions = 1;
        var watch = Stopwatch.StartNew();
        var quiet = Stopwatch.StartNew();
        int before = 0;
        while (runs.Completed(Slurm) is var completed && completed < OneProcess.Runs)
        {
            Assert.True(watch.Elapsed < Patience, $"{completed} of {OneProcess.Runs} runs are completed. {slurm.Logs}");
            // One trouble after the other, each when three more runs are completed: two may come from tasks that the last one has hit, the third from what came after it.
            if (next < troubles.Length && completed >= troubled + 3 && troubles[next]())
                (next, troubled) = (next + 1, completed);
            if (completed > before)
                (before, _) = (completed, Restarted(quiet));
            // The scheduler may have lost a task, or given one up; what is left is submitted again, by whoever looks at the files.
            if (quiet.Elapsed > TimeSpan.FromSeconds(30) || (slurm.Tasks("all") is var tasks && tasks.Length > 0 && slurm.Tasks("pending,running,completing,configuring,suspended").Length == 0))
            {
                slurm.TakeNodeBack();
                Submit(slurm, sweep);
                submissions++;
                Restarted(quiet);
            }

            Thread.Sleep(200);
        }

        Assert.True(next == troubles.Length, $"Only {next} troubles found something to trouble.");
        runs.AssertSame(sweep, Slurm);
        Assert.InRange(runs.Records(Slurm).Count(record => record.Resumes > 0), 1, OneProcess.Runs);
        string said = string.Join('\n', Directory.GetFiles(runs.File(Slurm, "sweeps", sweep, "slurm")).Select(File.ReadAllText));
        Assert.Contains("ended with 75 and is queued again", said, StringComparison.Ordinal);
        Assert.Contains("ended with 137 and is queued again", said, StringComparison.Ordinal);
        Assert.InRange(submissions, 1, 5);

        using GrokkingProcess nothing = runs.Start(["sweep", "submit", "slurm", sweep, "--data", Slurm, "--json"], slurm.Variable);
        Assert.Equal(0, nothing.Wait());
        Assert.Contains("every run of", nothing.Error, StringComparison.Ordinal);
        Assert.Equal(0, nothing.Json.GetProperty("submitted").GetInt32());
    }

    [ToolFact("parallel")]
    public void Parallel_killed_and_resumed_trains_every_run_once()
    {
        string sweep = runs.Plan(Parallel);
        string[] words = ["sweep", "submit", "parallel", sweep, "--data", Parallel, "--shards", "9"];
        using (GrokkingProcess first = runs.Start([.. words, "--together", "2", "--gpus", "2"]))
        {
            first.WaitFor(() => runs.Completed(Parallel) >= 30, "thirty runs");
            Each(runs.Trainers(Parallel), KillHard);
            first.WaitFor(() => runs.Completed(Parallel) >= 60, "sixty runs");
            // It asks its shards for checkpoints, waits for them, and says what is left.
            first.Terminate();
            Assert.True(first.Wait() == 75, first.Error);
        }

        Assert.Empty(runs.Trainers(Parallel));
        using (Process second = Process.Start(new ProcessStartInfo("sh", [runs.File(Parallel, "sweeps", sweep, "parallel.sh")]) { RedirectStandardOutput = true, RedirectStandardError = true })!)
        {
            second.OutputDataReceived += (_, _) => { };
            second.BeginOutputReadLine();
            second.ErrorDataReceived += (_, _) => { };
            second.BeginErrorReadLine();
            var watch = Stopwatch.StartNew();
            while (runs.Completed(Parallel) < 110 && watch.Elapsed < Patience)
                Thread.Sleep(50);
            // Its shards go on without it, until they are killed too.
            second.Kill();
            second.WaitForExit();
            Each(runs.Trainers(Parallel), KillHard);
        }

        Assert.InRange(runs.Completed(Parallel), 1, OneProcess.Runs - 1);
        // The rest on two machines; the one that ssh would reach is this one.
        string ssh = runs.File("ssh"), reached = runs.File("reached");
        File.WriteAllText(ssh, $"#!/bin/sh\necho \"$1\" >> '{reached}'\nshift\n[ \"$1\" = -- ] && shift\nexec sh -c \"$*\"\n");
        File.SetUnixFileMode(ssh, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using GrokkingProcess last = runs.Start([.. words, "--together", "1", "--host", "node1", "--host", "node2"], ("PARALLEL_SSH", ssh), ("SHELL", ""));
        Assert.True(last.Wait() == 0, last.Error);
        Assert.Equal(["node1", "node2"], File.ReadAllLines(reached).Distinct().Order(StringComparer.Ordinal));
        Assert.Contains("200 of 200 runs are completed", last.Error, StringComparison.Ordinal);
        runs.AssertSame(sweep, Parallel);
        Assert.Contains(runs.Records(Parallel), record => record.Resumes > 0);
    }

    private void Submit(LoopbackSlurm slurm, string sweep)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            using GrokkingProcess submit = runs.Start(
                ["sweep", "submit", "slurm", sweep, "--data", Slurm, "--shards", "10", "--together", "2", "--gpus", "1", "--sbatch=--time=10", "--json"], slurm.Variable);
            int code = submit.Wait();
            if (code == 0)
                return;
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), $"{submit.Error}\n{slurm.Logs}");
            Thread.Sleep(500);
        }
    }

    private static void KillHard(int process)
    {
        try
        {
            using Process found = Process.GetProcessById(process);
            found.Kill();
        }
        catch (ArgumentException)
        {
            // It ended by itself in this moment.
        }
    }

    private static bool Each<T>(T[] these, Action<T> act)
    {
        Array.ForEach(these, act);
        return these.Length > 0;
    }

    private static bool Done(Action act)
    {
        act();
        return true;
    }

    private static bool Restarted(Stopwatch watch)
    {
        watch.Restart();
        return true;
    }
}
