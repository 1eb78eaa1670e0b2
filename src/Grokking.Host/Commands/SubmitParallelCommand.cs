using System.Collections.Immutable;
using System.CommandLine;
using Grokking.Host.Files;
using Grokking.Host.Output;
using Grokking.Host.Runs;
using Grokking.Host.Schedulers;
using Grokking.Host.Sweeps;
using Grokking.Host.Training;

namespace Grokking.Host.Commands;

/// <summary><c>sweep submit parallel SWEEP</c>: the shards under GNU parallel, on one machine or several, to their end.</summary>
internal static class SubmitParallelCommand
{
    // Each shard is a word of one command line.
    private const int MostShards = 10_000;

    /// <summary>Makes the command.</summary>
    public static Command Create(CommonOptions common, Terminal terminal)
    {
        var command = new Command("parallel", "Trains the shards under GNU parallel, on this machine or on several that see the same folders, and waits for them.");
        var options = new SubmitOptions(command, common, terminal);
        var program = new ShardProgramOptions(command);
        var hosts = new Option<string[]>("--host") { Description = "A machine as ssh names it; : is this one; may be repeated (default: this one).", HelpName = "HOST" };
        hosts.Validators.Add(result =>
        {
            foreach (string word in result.Tokens.Select(token => token.Value).Where(word => word.Length == 0 || word.Any(sign => char.IsWhiteSpace(sign) || char.IsControl(sign) || sign is ',' or '/')))
                result.AddError($"--host is '{word}'; it must be a machine as ssh names it, such as node1 or user@node1, or : for this one.");
        });
        command.Add(hosts);
        command.SetAction(parsed =>
        {
            using var signals = new StopSignals();
            return options.Submit(
                parsed,
                MostShards,
                ParallelScript.Name,
                task => Script(program.Of(parsed, task), [.. parsed.GetValue(hosts) ?? []]),
                (task, script) =>
                {
                    // What an earlier log says is about other shards, or about these when they had nothing left.
                    Disk.Real.Delete(ParallelScript.Log(task));
                    if (Tool.Run("sh", [script], signals.Token) is not { } code)
                        return options.Failed("There is no sh on this machine's path.");
                    options.Report(parsed, task, script);
                    return code == NotFound
                        ? options.Failed($"There is no GNU parallel on this machine's path; the script is written, and `sh {Shell.Quote(script)}` starts it where there is one.")
                        : Standing(parsed.GetValue(common.Data)!, task, terminal);
                },
                signals.Token);
        });
        return command;
    }

    private static Result<string> Script(ShardTask task, ImmutableArray<string> hosts) => task.Graphics > 0 && hosts.Length > 1
        ? Result.Failure<string>($"--gpus is {task.Graphics} for {hosts.Length} machines; GNU parallel numbers the places of all machines together, so that --gpus must have one --host or none.")
        : Result.Success(ParallelScript.Write(task, task.Together ?? Math.Max(1, Processors.Physical / task.Processors), hosts));

    // What a shell returns of a program that it does not find.
    private const int NotFound = 127;

    // What parallel returns is how many commands failed; how the runs stand is in their files.
    private static int Standing(string data, ShardTask task, Terminal terminal)
    {
        SweepPlan plan = new SweepFolder(task.Folder).Read().OrThrow();
        SweepStanding standing = SweepStanding.Of(plan, new RunCatalogue(data));
        int completed = standing.Count(RunStatus.Completed), failed = standing.Count(RunStatus.Failed) + standing.Count(RunStatus.Cancelled);
        terminal.Say($"{completed} of {standing.Runs.Length} runs are completed{(failed > 0 ? $", {failed} failed" : "")}");
        return completed == standing.Runs.Length ? ExitCode.Done : failed > 0 ? ExitCode.Failed : ExitCode.Interrupted;
    }
}
