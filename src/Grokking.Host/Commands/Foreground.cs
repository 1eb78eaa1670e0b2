using System.Globalization;
using Grokking.Cuda.Driver;
using Grokking.Host.Configuration;
using Grokking.Host.Output;
using Grokking.Host.Runs;
using Grokking.Host.Training;

namespace Grokking.Host.Commands;

/// <summary>Trains a run in the foreground and reports how it went; what <c>run</c> and <c>resume</c> have in common.</summary>
internal static class Foreground
{
    /// <summary>Trains an experiment in a directory, from its beginning or from where it was left.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="directory">Where its files go.</param>
    /// <param name="common">The common options.</param>
    /// <param name="terminal">Where to write.</param>
    /// <param name="stop">Cancelled when somebody wants the process to stop.</param>
    /// <returns>The exit code.</returns>
    public static int Train(Experiment experiment, RunDirectory directory, CommonSettings common, Terminal terminal, CancellationToken stop)
    {
        if (directory.Exists && RunRecord.Read(directory) is Result<RunRecord>.Success { Value: { Status: RunStatus.Completed } before }
            && before.Run == CanonicalForm.RunId(experiment))
        {
            terminal.Say($"the same run is completed already; nothing is trained again (its files are in {directory.Path})");
        }

        var sitting = new Sitting(experiment, directory, common.Threads, TimeProvider.System, new ProgressLine(terminal, TimeProvider.System)) { Engine = common.Engine };
        Result<RunRecord> end;
        try
        {
            end = sitting.Run(stop);
        }
        catch (DeviceLostException fault)
        {
            return Interrupted(fault.Message, terminal);
        }

        return end switch
        {
            Result<RunRecord>.Success { Value: var record } => Report(new RunEntry(directory, record), common, terminal),
            // Whoever had to wait for another process was interrupted, and has not asked for anything wrong.
            Result<RunRecord>.Failure { Reason: var reason } when stop.IsCancellationRequested => Interrupted(reason, terminal),
            Result<RunRecord>.Failure { Reason: var reason } => Refusal.Of(terminal, reason),
            _ => throw new InvalidOperationException("a result is a success or a failure"),
        };
    }

    private static int Report(RunEntry entry, CommonSettings common, Terminal terminal)
    {
        terminal.Table(["run", entry.Record.Run], RunReport.Rows(entry), asTalk: common.Json);
        if (entry.Record.Failure is { } failure)
            terminal.Say($"error: {failure}");
        if (entry.Record.StopReason == "diverged")
            terminal.Say($"warning: training diverged: at step {entry.Record.Step} a loss was not finite or a thousand times the first");
        if (entry.Record.Status is RunStatus.Interrupted or RunStatus.Paused)
            terminal.Say($"{Text(entry.Record.Status)} at step {entry.Record.Step}; go on with: {ProgramName.Current} resume {entry.Directory.Path}");
        if (common.Json)
            terminal.Data(RunReport.Json(entry));
        return entry.Record.Status switch
        {
            RunStatus.Completed => ExitCode.Done,
            RunStatus.Interrupted or RunStatus.Paused => ExitCode.Interrupted,
            _ => ExitCode.Failed,
        };
    }

    private static int Interrupted(string reason, Terminal terminal)
    {
        terminal.Say($"interrupted: {reason}");
        return ExitCode.Interrupted;
    }

    private static string Text(RunStatus status) => status.ToString().ToLower(CultureInfo.InvariantCulture);
}
