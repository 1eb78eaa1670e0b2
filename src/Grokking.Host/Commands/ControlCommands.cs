using System.CommandLine;
using Grokking.Host.Checkpoints;
using Grokking.Host.Runs;

namespace Grokking.Host.Commands;

/// <summary><c>pause RUN</c> and <c>cancel RUN</c>: leave a wish in the run's directory, which the process that trains it looks for several times a second.</summary>
internal static class ControlCommands
{
    /// <summary>Makes <c>pause</c>.</summary>
    public static Command CreatePause(CommonOptions common, Terminal terminal) => Create(
        "pause",
        "Asks a running run to write a checkpoint and stop; resume goes on with it.",
        directory => directory.PauseRequest,
        (entry, _) => entry.Record.Status switch
        {
            RunStatus.Running => null,
            RunStatus.Paused => "is paused already",
            _ => $"is {RunReport.Name(entry.Record.Status)}; only a running run can be paused",
        },
        common,
        terminal);

    /// <summary>Makes <c>cancel</c>.</summary>
    public static Command CreateCancel(CommonOptions common, Terminal terminal) => Create(
        "cancel",
        "Gives a run up for good; its files are kept.",
        directory => directory.CancelRequest,
        (entry, time) =>
        {
            switch (entry.Record.Status)
            {
                case RunStatus.Running:
                    return null;
                case RunStatus.Completed:
                    return "is completed; there is nothing to cancel";
                case RunStatus.Cancelled:
                    return "is cancelled already";
                default:
                    // Nobody trains it, so nobody would see the wish: it is granted here.
                    (entry.Record with { Status = RunStatus.Cancelled, Updated = time.GetUtcNow() }).Write(entry.Directory);
                    return "is cancelled";
            }
        },
        common,
        terminal);

    private static Command Create(
        string name, string description, Func<RunDirectory, string> wish, Func<RunEntry, TimeProvider, string?> settled, CommonOptions common, Terminal terminal)
    {
        Argument<string> run = RunArgument.Create();
        var command = new Command(name, description) { run, common.Data };
        command.SetAction(parsed => new RunCatalogue(parsed.GetValue(common.Data)!).Find(parsed.GetRequiredValue(run)).Match(
            entry =>
            {
                if (settled(entry, TimeProvider.System) is { } answer)
                {
                    terminal.Say($"{entry.Record.Run} {answer}");
                    return answer.Contains("only", StringComparison.Ordinal) || answer.Contains("nothing", StringComparison.Ordinal) ? ExitCode.Usage : ExitCode.Done;
                }

                DurableFile.WriteText(wish(entry.Directory), $"{TimeProvider.System.GetUtcNow():O}\n");
                terminal.Say($"{entry.Record.Run}: asked to {name}");
                return ExitCode.Done;
            },
            reason => Refusal.Of(terminal, reason)));
        return command;
    }
}
