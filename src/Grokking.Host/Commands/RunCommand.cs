using System.CommandLine;
using Grokking.Host.Configuration;
using Grokking.Host.Output;
using Grokking.Host.Runs;

namespace Grokking.Host.Commands;

/// <summary><c>run EXPERIMENT</c>: trains one experiment in the foreground.</summary>
internal static class RunCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CommonOptions common, Terminal terminal)
    {
        var experiment = new Argument<string>("EXPERIMENT") { Description = "A preset's name, such as gromov/fig1-gd, or a JSON file." };
        experiment.CompletionSources.Add(CompletionCommand.Presets);
        var options = new ExperimentOptions();
        Option<string?> output = FolderOption.Checked(new Option<string?>("--output")
        {
            Description = "This run's directory, in place of one below the data directory.",
            HelpName = "DIR",
        });
        var command = new Command("run", "Trains one experiment, with a live progress line and a summary; continues it where it was interrupted.")
        {
            experiment, options.Set, options.Seed, options.Steps, output, common.Threads, common.Json,
        };
        foreach (Option option in common.Engine.ForRun)
            command.Add(option);
        command.SetAction(parsed =>
        {
            using var signals = new StopSignals();
            return ExperimentOptions.With(
                parsed.GetRequiredValue(experiment),
                options.Changes(parsed, common.Engine.Changes(parsed)),
                terminal,
                read => Train(read, parsed.GetValue(output), common.Of(parsed), terminal, signals.Token));
        });
        return command;
    }

    private static int Train(Experiment experiment, string? output, CommonSettings common, Terminal terminal, CancellationToken stop)
    {
        RunDirectory directory = output is null
            ? new RunCatalogue(common.Data).DirectoryOf(CanonicalForm.RunId(experiment))
            : new RunDirectory(Path.GetFullPath(output));
        return Foreground.Train(experiment, directory, common, terminal, stop);
    }
}
