using System.CommandLine;
using Grokking.Host.Configuration;
using Grokking.Host.Experiments;
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
        var set = new Option<string[]>("--set")
        {
            Description = "Changes one setting, as in --set optimiser.learningRate=1e5; may be repeated.",
            HelpName = "path=value",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<long?> seed = NumberOption.Create("--seed", 0, Limits.Seed, "The seed in place of the experiment's.");
        Option<long?> steps = NumberOption.Create("--steps", 0, Limits.Steps, "The budget in place of the experiment's.");
        Option<string?> output = FolderOption.Checked(new Option<string?>("--output")
        {
            Description = "This run's directory, in place of one below the data directory.",
            HelpName = "DIR",
        });
        var command = new Command("run", "Trains one experiment, with a live progress line and a summary; continues it where it was interrupted.")
        {
            experiment, set, seed, steps, output, common.Threads, common.Json,
        };
        foreach (Option option in common.Engine.ForRun)
            command.Add(option);
        command.SetAction(parsed => Run(
            parsed.GetRequiredValue(experiment),
            [
                .. parsed.GetValue(set) ?? [],
                .. parsed.GetValue(seed) is { } s ? [$"seed={s}"] : Array.Empty<string>(),
                .. parsed.GetValue(steps) is { } n ? [$"budget.steps={n}"] : Array.Empty<string>(),
                .. common.Engine.Changes(parsed),
            ],
            parsed.GetValue(output),
            common.Of(parsed),
            terminal));
        return command;
    }

    private static int Run(string name, IReadOnlyList<string> settings, string? output, CommonSettings common, Terminal terminal)
    {
        var changes = new List<Change>();
        foreach (Result<Change> change in settings.Select(Change.Parse))
        {
            if (change is Result<Change>.Failure wrong)
                return Refusal.Of(terminal, wrong.Reason);
            changes.Add(change.OrThrow());
        }

        if (ExperimentCatalogue.Default.Text(name) is not Result<string>.Success { Value: var text })
            return Refusal.Of(terminal, ExperimentCatalogue.Default.Text(name).Match(_ => "", reason => reason));
        ExperimentReading reading = ConfigurationText.Read(text, changes);
        if (reading.Experiment is not { } experiment)
            return Refusal.Of(terminal, name, reading.Errors);

        var catalogue = new RunCatalogue(common.Data);
        string id = CanonicalForm.RunId(experiment);
        var directory = output is null ? catalogue.DirectoryOf(id) : new RunDirectory(Path.GetFullPath(output));
        return Foreground.Train(experiment, directory, common, terminal);
    }
}
