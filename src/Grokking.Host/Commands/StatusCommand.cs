using System.CommandLine;
using Grokking.Host.Output;
using Grokking.Host.Runs;

namespace Grokking.Host.Commands;

/// <summary><c>status RUN</c>: how one run stands.</summary>
internal static class StatusCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CommonOptions common, Terminal terminal)
    {
        Argument<string> run = RunArgument.Create();
        var command = new Command("status", "Shows how a run stands, as of its newest checkpoint.") { run, common.Json };
        command.SetAction(parsed => new RunCatalogue(parsed.GetValue(common.Data)!).Find(parsed.GetRequiredValue(run)).Match(
            entry =>
            {
                if (parsed.GetValue(common.Json))
                    terminal.Data(RunReport.Json(entry));
                else
                    terminal.Table(["run", entry.Record.Run], RunReport.Rows(entry));
                return ExitCode.Done;
            },
            reason => Refusal.Of(terminal, reason)));
        return command;
    }
}
