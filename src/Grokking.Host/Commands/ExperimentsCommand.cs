using System.CommandLine;
using Grokking.Host.Configuration;
using Grokking.Host.Experiments;
using Grokking.Host.Output;

namespace Grokking.Host.Commands;

/// <summary><c>experiments</c>: lists the presets.</summary>
internal static class ExperimentsCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CommonOptions common, Terminal terminal)
    {
        var command = new Command("experiments", "Lists the experiments that come with the program.") { common.Json };
        command.SetAction(parsed =>
        {
            var found = ExperimentCatalogue.Default.Presets.Select(preset => (preset, Experiment: ReadPreset(preset))).ToArray();
            if (parsed.GetValue(common.Json))
            {
                terminal.Data(JsonLine.Write(json =>
                {
                    json.WriteStartArray("experiments");
                    foreach ((Preset preset, Experiment? experiment) in found)
                    {
                        json.WriteStartObject();
                        json.WriteString("name", preset.Name);
                        json.WriteString("source", experiment?.Source);
                        json.WriteString("file", preset.Path);
                        json.WriteEndObject();
                    }

                    json.WriteEndArray();
                    json.WriteStartArray("sweeps");
                    foreach (Preset preset in SweepPresets.Default.All)
                    {
                        json.WriteStartObject();
                        json.WriteString("name", preset.Name);
                        json.WriteString("file", preset.Path);
                        json.WriteEndObject();
                    }

                    json.WriteEndArray();
                }));
                return ExitCode.Done;
            }

            terminal.Table(["experiment", "task", "steps", "source"], found.Select(pair => (IReadOnlyList<string>)(pair.Experiment is { } e
                ? [pair.preset.Name, $"{e.Task.Operation} mod {e.Task.Modulus}", $"{e.Budget.Steps}", e.Source]
                : [pair.preset.Name, "cannot be read", "", $"grokking validate {pair.preset.Path}"])));
            if (SweepPresets.Default.All is [_, ..] sweeps)
                terminal.Say($"sweeps of these (sweep run NAME): {string.Join(", ", sweeps.Select(sweep => sweep.Name))}");
            return ExitCode.Done;
        });
        return command;
    }

    private static Experiment? ReadPreset(Preset preset) =>
        ExperimentCatalogue.Default.Text(preset.Name).Match(text => ConfigurationText.Read(text).Experiment, _ => null);
}
