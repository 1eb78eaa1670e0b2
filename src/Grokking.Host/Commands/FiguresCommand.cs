using System.CommandLine;
using System.Text.Json;
using Grokking.Host.Configuration;
using Grokking.Host.Figures;
using Grokking.Host.Output;
using Grokking.Host.Runs;

namespace Grokking.Host.Commands;

/// <summary><c>figures RUN…</c>: redraws curves from saved Parquet.</summary>
internal static class FiguresCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CommonOptions common, Terminal terminal)
    {
        var runs = new Argument<string[]>("RUN")
        {
            Description = "Finished runs: ids, beginnings of ids, or directories.",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<string?> output = FolderOption.Checked(new Option<string?>("--output")
        {
            Description = "Where the files go (default: each into its run's directory).",
            HelpName = "DIR",
        });
        var command = new Command("figures", "Redraws the learning curves of finished runs from their saved metrics, as SVG.")
        {
            runs, output,
        };
        command.SetAction(parsed =>
        {
            var catalogue = new RunCatalogue(parsed.GetValue(common.Data)!);
            int[] codes = [.. parsed.GetRequiredValue(runs).Select(name => catalogue.Find(name).Match(
                entry => Draw(entry, parsed.GetValue(output), terminal),
                reason => Refusal.Of(terminal, reason)))];
            return codes.Max();
        });
        return command;
    }

    private static int Draw(RunEntry entry, string? output, Terminal terminal)
    {
        ExperimentReading reading = ConfigurationText.Read(JsonSerializer.Serialize(entry.Record.Configuration));
        if (reading.Experiment is not { } experiment)
            return Refusal.Of(terminal, entry.Directory.Record, reading.Errors);
        if (!File.Exists(entry.Directory.Metrics))
        {
            return Refusal.Of(
                terminal,
                $"The run {entry.Record.Run} is {RunReport.Name(entry.Record.Status)} and has no metrics.parquet; RUN must be a finished run.");
        }

        string path = output is null ? entry.Directory.Curves : Path.Combine(Path.GetFullPath(output), $"{entry.Record.Run}.svg");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        RunFigure.Write(entry.Directory, experiment, path);
        terminal.Data(path);
        return ExitCode.Done;
    }
}
