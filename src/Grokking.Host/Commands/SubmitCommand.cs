using System.CommandLine;
using Grokking.Host.Control;
using Grokking.Host.Output;
using Grokking.Host.Runs;

namespace Grokking.Host.Commands;

/// <summary><c>submit EXPERIMENT</c>: has a service train an experiment, or a run that rests.</summary>
internal static class SubmitCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CommonOptions common, Terminal terminal)
    {
        var name = new Argument<string>("EXPERIMENT") { Description = "A preset's name, such as gromov/fig1-gd, a JSON file, or a run that is to go on." };
        name.CompletionSources.Add(CompletionCommand.Presets);
        var options = new ExperimentOptions();
        Option<long?> priority = NumberOption.Create("--priority", -RunControl.LargestPriority, RunControl.LargestPriority, "Runs of higher priority are trained first (default: 0).");
        var command = new Command("submit", "Puts an experiment into the queue, for a service to train; submitting it twice is harmless.")
        {
            name, options.Set, options.Seed, options.Steps, priority, common.Json,
        };
        command.SetAction(parsed =>
        {
            var runs = new RunCatalogue(parsed.GetValue(common.Data)!);
            var control = new RunControl(runs, TimeProvider.System);
            string what = parsed.GetRequiredValue(name);
            bool json = parsed.GetValue(common.Json);
            return runs.Find(what) is Result<RunEntry>.Success { Value: var run }
                ? ControlCommands.Answer(control.Resume(run), json, terminal)
                : ExperimentOptions.With(what, options.Changes(parsed), terminal, experiment =>
                    ControlCommands.Answer(control.Submit(experiment, (int)(parsed.GetValue(priority) ?? 0)), json, terminal));
        });
        return command;
    }
}
