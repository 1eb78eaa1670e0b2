using System.CommandLine;
using Grokking.Host.Checkpoints;
using Grokking.Host.Output;
using Grokking.Host.Runs;
using Grokking.Host.Training;

namespace Grokking.Host.Commands;

/// <summary>
/// <c>pause RUN</c> and <c>cancel RUN</c>: leave a wish in the run's directory, which the process that trains it looks for several times a second.
/// </summary>
internal static class ControlCommands
{
    /// <summary>Makes <c>pause</c>.</summary>
    public static Command CreatePause(CommonOptions common, Terminal terminal) => Create(
        "pause", "Asks a running run to write a checkpoint and stop; resume goes on with it.", Pause, common, terminal);

    /// <summary>Makes <c>cancel</c>.</summary>
    public static Command CreateCancel(CommonOptions common, Terminal terminal) => Create(
        "cancel", "Gives a run up for good; its files are kept.", Cancel, common, terminal);

    private static (int Code, string Answer) Pause(RunEntry entry)
    {
        switch (entry.Record.Status)
        {
            case RunStatus.Running:
                Ask(entry.Directory.PauseRequest);
                return (ExitCode.Done, "is asked to pause");
            case RunStatus.Paused:
                return (ExitCode.Done, "is paused already");
            default:
                return (ExitCode.Usage, $"is {RunReport.Name(entry.Record.Status)}; only a running run can be paused");
        }
    }

    private static (int Code, string Answer) Cancel(RunEntry entry)
    {
        switch (entry.Record.Status)
        {
            case RunStatus.Running:
                Ask(entry.Directory.CancelRequest);
                return (ExitCode.Done, "is asked to stop for good");
            case RunStatus.Cancelled:
                return (ExitCode.Done, "is cancelled already");
            case RunStatus.Completed:
                return (ExitCode.Usage, "is completed; only a run that has not ended can be cancelled");
            default:
                // Nobody trains it, so nobody would see the wish: it is granted here.
                using (RunLock? taken = RunLock.TryTake(entry.Directory.Lock, TimeProvider.System))
                {
                    if (taken is null)
                    {
                        Ask(entry.Directory.CancelRequest);
                        return (ExitCode.Done, "is asked to stop for good");
                    }

                    Cancellation.Grant(entry, TimeProvider.System);
                    return (ExitCode.Done, "is cancelled");
                }
        }
    }

    private static void Ask(string request) => DurableFile.WriteText(request, $"{TimeProvider.System.GetUtcNow():O}\n");

    private static Command Create(
        string name, string description, Func<RunEntry, (int Code, string Answer)> act, CommonOptions common, Terminal terminal)
    {
        Argument<string> run = RunArgument.Create();
        var command = new Command(name, description) { run };
        command.SetAction(parsed => new RunCatalogue(parsed.GetValue(common.Data)!).Find(parsed.GetRequiredValue(run)).Match(
            entry =>
            {
                (int code, string answer) = act(entry);
                terminal.Say($"{(code == ExitCode.Done ? "" : "error: ")}The run {entry.Record.Run} {answer}.");
                return code;
            },
            reason => Refusal.Of(terminal, reason)));
        return command;
    }
}
