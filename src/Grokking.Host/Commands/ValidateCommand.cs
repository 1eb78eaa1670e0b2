using System.CommandLine;
using Grokking.Host.Configuration;
using Grokking.Host.Experiments;
using Grokking.Host.Output;

namespace Grokking.Host.Commands;

/// <summary><c>validate FILE</c>: explains everything that is wrong with an experiment.</summary>
internal static class ValidateCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CommonOptions common, Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "An experiment file, or a preset's name." };
        file.CompletionSources.Add(CompletionCommand.Presets);
        var command = new Command("validate", "Checks an experiment and explains every error.") { file, common.Json };
        command.SetAction(parsed =>
        {
            string name = parsed.GetRequiredValue(file);
            return ExperimentCatalogue.Default.Text(name).Match(
                text => Validate(name, ConfigurationText.Read(text), parsed.GetValue(common.Json), terminal),
                reason => Refusal.Of(terminal, reason));
        });
        return command;
    }

    private static int Validate(string name, ExperimentReading reading, bool json, Terminal terminal)
    {
        string[] warnings = reading.Experiment is { } valid ? [.. PhysicsGuards.Warnings(valid)] : [];
        foreach (string warning in warnings)
            terminal.Say($"warning: {warning}");
        if (!reading.Errors.IsEmpty)
            _ = Refusal.Of(terminal, name, reading.Errors);
        if (json)
        {
            terminal.Data(JsonLine.Write(line =>
            {
                line.WriteBoolean("valid", reading.Errors.IsEmpty);
                line.WriteString("run", reading.Experiment is { } experiment ? CanonicalForm.RunId(experiment) : null);
                line.WriteStartArray("errors");
                foreach (ConfigurationError error in reading.Errors)
                {
                    line.WriteStartObject();
                    line.WriteString("path", error.Path);
                    line.WriteString("message", error.Sentence);
                    line.WriteString("nearest", error.Nearest.Length == 0 ? null : error.Nearest);
                    line.WriteEndObject();
                }

                line.WriteEndArray();
                line.WriteStartArray("warnings");
                foreach (string warning in warnings)
                    line.WriteStringValue(warning);
                line.WriteEndArray();
            }));
        }
        else if (reading.Experiment is { } experiment)
        {
            terminal.Data($"{name} is valid; its run is {CanonicalForm.RunId(experiment)}.");
        }

        return reading.Errors.IsEmpty ? ExitCode.Done : ExitCode.Usage;
    }
}
