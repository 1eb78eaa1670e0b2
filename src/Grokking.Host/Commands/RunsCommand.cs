using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Grokking.Host.Output;
using Grokking.Host.Runs;

namespace Grokking.Host.Commands;

/// <summary><c>runs</c>: lists what was trained.</summary>
internal static class RunsCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CommonOptions common, Terminal terminal)
    {
        var command = new Command("runs", "Lists the runs below the data directory, newest first.") { common.Json };
        command.SetAction(parsed =>
        {
            var catalogue = new RunCatalogue(parsed.GetValue(common.Data)!);
            RunListing listing = catalogue.ListAll();
            foreach (string sentence in listing.Unreadable)
                terminal.Say($"warning: {sentence}");
            if (parsed.GetValue(common.Json))
            {
                terminal.Data(JsonSerializer.Serialize(new { Runs = listing.Runs.Select(RunView.Of) }, RunView.Format));
                return ExitCode.Done;
            }

            terminal.Table(["run", "status", "step", "train", "test", "grokked", "created"], listing.Runs.Select(entry => (IReadOnlyList<string>)
            [
                entry.Record.Run,
                entry.Record.Status.Name(),
                $"{entry.Record.Step}/{entry.Record.Budget}",
                Percent(entry.Record.Outcome?.TrainAccuracy),
                Percent(entry.Record.Outcome?.TestAccuracy),
                entry.Record.Outcome?.Milestones.Grokked.First?.ToString(CultureInfo.InvariantCulture) ?? "–",
                entry.Record.Created.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
            ]));
            return ExitCode.Done;
        });
        return command;
    }

    private static string Percent(double? share) => share is { } known ? $"{(100 * known).ToString("0.0", CultureInfo.InvariantCulture)} %" : "–";
}
