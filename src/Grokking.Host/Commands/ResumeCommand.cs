using System.CommandLine;
using System.Text.Json;
using Grokking.Host.Configuration;
using Grokking.Host.Output;
using Grokking.Host.Runs;

namespace Grokking.Host.Commands;

/// <summary><c>resume RUN</c>: goes on where a run was left, with exactly what it would have done.</summary>
internal static class ResumeCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CommonOptions common, Terminal terminal)
    {
        Argument<string> run = RunArgument.Create();
        var command = new Command("resume", "Goes on with an interrupted, paused or failed run, in the foreground.")
        {
            run, common.Threads, common.Json,
        };
        foreach (Option option in common.Engine.ForResume)
            command.Add(option);
        command.SetAction(parsed =>
        {
            using var signals = new StopSignals();
            CommonSettings settings = common.Of(parsed);
            return new RunCatalogue(settings.Data).Find(parsed.GetRequiredValue(run)).Match(
                entry => Resume(entry, settings, terminal, signals.Token),
                reason => Refusal.Of(terminal, reason));
        });
        return command;
    }

    private static int Resume(RunEntry entry, CommonSettings settings, Terminal terminal, CancellationToken stop)
    {
        ExperimentReading reading = ConfigurationText.Read(JsonSerializer.Serialize(entry.Record.Configuration));
        return reading.Experiment is { } experiment
            ? Foreground.Train(experiment, entry.Directory, settings, terminal, stop)
            : Refusal.Of(terminal, entry.Directory.Record, reading.Errors);
    }
}
