using System.Collections.Immutable;
using System.CommandLine;
using Grokking.Host.Configuration;
using Grokking.Host.Files;
using Grokking.Host.Output;
using Grokking.Host.Runs;
using Grokking.Host.Schedulers;
using Grokking.Host.Sweeps;

namespace Grokking.Host.Commands;

/// <summary>The options that all schedulers share, and what follows from them: which shards there are, what each is started by, and what is said of it.</summary>
internal sealed class SubmitOptions
{
    private const int MostGraphics = 64;

    private readonly Argument<string> what = SweepCommand.SweepArgument();

    private readonly Option<long?> shards = NumberOption.Create(
        "--shards", 1, SweepLimits.Runs, $"Shards of the sweep (default: as many as hold {ShardSize.LeastSeconds / 60:0} minutes of work each, by two seconds' measurement).");

    private readonly Option<long?> processors = NumberOption.Create("--cpus", 1, Limits.Threads, "Processors of a shard, which trains so many runs at once (default: 1).");

    private readonly Option<long?> together = NumberOption.Create("--together", 1, SweepLimits.Runs, "How many shards may run at once.");

    private readonly Option<long?> graphics = NumberOption.Create("--gpus", 1, MostGraphics, "Graphics processors of a shard; for parallel, of a machine.");

    private readonly Option<bool> print = new("--print", "--dry-run") { Description = "Writes to standard output what would be submitted, and nothing else." };

    private readonly CommonOptions common;
    private readonly Terminal terminal;

    /// <summary>Gives them to a command.</summary>
    public SubmitOptions(Command command, CommonOptions common, Terminal terminal)
    {
        (this.common, this.terminal) = (common, terminal);
        command.Add(what);
        foreach (Option option in new Option[] { shards, processors, together, graphics, print, common.Json })
            command.Add(option);
    }

    /// <summary>Divides what is left of the sweep, and submits that.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="most">The most shards that the scheduler takes.</param>
    /// <param name="file">The name of the file that is submitted.</param>
    /// <param name="text">Its content.</param>
    /// <param name="submit">Submits what was written, and returns the exit code.</param>
    /// <param name="stop">Cancelled when somebody wants the process to stop.</param>
    /// <returns>The exit code.</returns>
    public int Submit(ParseResult parsed, int most, string file, Func<ShardTask, Result<string>> text, Func<ShardTask, string, int> submit, CancellationToken stop) =>
        Task(parsed, most, stop).Bind(task => text(task).Map(content => (task, content))).Match(
            made =>
            {
                (ShardTask task, string content) = made;
                if (task.Left.IsEmpty)
                {
                    terminal.Say($"every run of {task.Sweep} is completed; nothing is submitted");
                    Report(parsed, task, null);
                    return ExitCode.Done;
                }

                if (parsed.GetValue(print))
                {
                    terminal.Output.Write(content);
                    return ExitCode.Done;
                }

                Disk.Real.PublishText(task.Script(file), content);
                return submit(task, task.Script(file));
            },
            reason => Refusal.Of(terminal, reason));

    /// <summary>Says what was submitted.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="task">What was submitted.</param>
    /// <param name="script">The file; null where there is none.</param>
    /// <param name="job">What the scheduler calls it; null where it says nothing.</param>
    public void Report(ParseResult parsed, ShardTask task, string? script, string? job = null)
    {
        if (!parsed.GetValue(common.Json))
            return;
        terminal.Data(JsonLine.Write(json =>
        {
            json.WriteString("sweep", task.Sweep);
            json.WriteNumber("shards", task.Count);
            json.WriteNumber("submitted", task.Left.Length);
            json.WriteString("script", script);
            json.WriteString("job", job);
        }));
    }

    /// <summary>Says why nothing was submitted.</summary>
    public int Failed(string reason)
    {
        terminal.Say($"error: {reason}");
        return ExitCode.Failed;
    }

    private Result<ShardTask> Task(ParseResult parsed, int most, CancellationToken stop)
    {
        string data = parsed.GetValue(common.Data)!;
        if (parsed.GetValue(shards) is { } asked && asked > most)
            return Result.Failure<ShardTask>($"--shards is {asked}; it must be at most {most} here, where each may hold the more runs.");
        return new SweepCatalogue(data).Find(parsed.GetRequiredValue(what)).Bind(sweep =>
        {
            var left = SweepSession.Left(sweep.Plan, SweepStanding.Of(sweep.Plan, new RunCatalogue(data)));
            int each = (int)(parsed.GetValue(processors) ?? 1);
            return Count((int?)parsed.GetValue(shards), left, sweep.Plan.Costs, each, most, stop).Map(count => new ShardTask(
                sweep.Plan.Id, sweep.Folder.Path, Path.GetFullPath(data), count, WithWork(sweep.Plan, left, count), each)
            {
                Together = (int?)parsed.GetValue(together),
                Graphics = (int)(parsed.GetValue(graphics) ?? 0),
            });
        });
    }

    private Result<int> Count(int? asked, (SweepPoint Point, PlannedRun Run, long Step)[] left, RunCosts costs, int each, int most, CancellationToken stop)
    {
        if (left.Length == 0)
            return Result.Success(asked ?? 1);
        double? seconds = Estimate.Of(left, costs, threads: 1, measured: asked is null, stop).Seconds;
        if ((asked ?? (seconds is { } work ? ShardSize.Of(work, left.Length, each, most) : null)) is not { } count)
            return Result.Failure<int>("How long a step takes could not be measured here, so that the size of a shard is unknown; --shards COUNT must say how many there shall be.");
        string length = seconds is { } all ? $", each at most about {Estimate.Words(all / count / each)} of work on {each} {(each == 1 ? "processor" : "processors")}" : "";
        terminal.Say($"{left.Length} {(left.Length == 1 ? "run is" : "runs are")} left, in {count} {(count == 1 ? "shard" : "shards")}{length}");
        return Result.Success(count);
    }

    private static ImmutableArray<int> WithWork(SweepPlan plan, (SweepPoint Point, PlannedRun Run, long Step)[] left, int count)
    {
        HashSet<string> open = [.. left.Select(each => each.Run.Run)];
        return [.. Shard.Deal(plan.Runs.Select(pair => pair.Run.Run), count).Where(each => open.Contains(each.Run)).Select(each => each.Index).Distinct().Order()];
    }
}
