using System.CommandLine;
using Grokking.Host.Files;
using Grokking.Host.Output;
using Grokking.Host.Schedulers;

namespace Grokking.Host.Commands;

/// <summary><c>sweep submit slurm SWEEP</c>: the shards as an array job.</summary>
internal static class SubmitSlurmCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CommonOptions common, Terminal terminal)
    {
        var command = new Command("slurm", "Writes an array job for Slurm and submits it by sbatch; a task whose time runs out is queued again.");
        var options = new SubmitOptions(command, common, terminal);
        var program = new ShardProgramOptions(command);
        var more = new Option<string[]>("--sbatch") { Description = "One more option of sbatch, as in --sbatch=--time=4:00:00; may be repeated.", HelpName = "OPTION" };
        more.Validators.Add(result =>
        {
            foreach (string word in result.Tokens.Select(token => token.Value).Where(word => !word.StartsWith("--", StringComparison.Ordinal) || word.Any(char.IsControl)))
                result.AddError($"--sbatch is '{word}'; it must be one long option of sbatch in one line, as in --sbatch=--partition=short.");
        });
        command.Add(more);
        command.SetAction(parsed =>
        {
            using var signals = new StopSignals();
            return options.Submit(
                parsed,
                SlurmCluster.ArraySize(),
                SlurmScript.Name,
                task => Result.Success(SlurmScript.Write(program.Of(parsed, task), [.. parsed.GetValue(more) ?? []])),
                (task, script) =>
                {
                    Disk.Real.MakeDirectory(SlurmScript.Logs(task));
                    return SlurmCluster.Submit(script).Match(
                        job =>
                        {
                            terminal.Say($"submitted as job {job}: {task.Left.Length} of {task.Count} shards; {script}");
                            options.Report(parsed, task, script, job);
                            return ExitCode.Done;
                        },
                        options.Failed);
                },
                signals.Token);
        });
        return command;
    }
}
