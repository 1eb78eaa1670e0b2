using System.CommandLine;
using Grokking.Host.Configuration;
using Grokking.Host.Output;
using Grokking.Host.Studies;

namespace Grokking.Host.Commands;

/// <summary><c>reproduce FIGURE…</c>: from a figure's name to its runs, its picture and its verdict.</summary>
internal static class ReproduceCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CommonOptions common, Terminal terminal)
    {
        var figures = new Argument<string[]>("FIGURE")
        {
            Description = $"Figures, or beginnings of their names, or a family of them: {string.Join(", ", StudyCatalogue.All.Select(study => study.Name))}.",
            Arity = ArgumentArity.OneOrMore,
        };
        var quick = new Option<bool>("--quick") { Description = "Takes the quick variants: fewer seeds, points and steps." };
        var set = new Option<string[]>("--set")
        {
            Description = "Changes one setting of all runs; the report says so, and the bands stay those of the unchanged figure. May be repeated.",
            HelpName = "path=value",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<string?> output = FolderOption.Checked(new Option<string?>("--output")
        {
            Description = "Where tables, pictures and verdicts go (default: figures, below the data directory).",
            HelpName = "DIR",
        });
        var unmeasured = new Option<bool>("--unmeasured") { Description = "Does not train for a second to say how long it will take." };
        var command = new Command("reproduce", "Reproduces figures of the papers: trains what they need, gathers the numbers, draws, and judges.")
        {
            figures, quick, set, output, unmeasured, common.Threads, common.Json,
        };
        command.SetAction(parsed =>
        {
            CommonSettings settings = common.Of(parsed);
            string root = Path.GetFullPath(parsed.GetValue(output) ?? Path.Combine(settings.Data, "figures"));
            return SweepOptions.All(parsed.GetRequiredValue(figures).Select(StudyCatalogue.Find))
                .Bind(found => SweepOptions.All((parsed.GetValue(set) ?? []).Select(Change.Parse))
                    .Bind(changes => StudyPlan.All(found.SelectMany(each => each).Distinct(), parsed.GetValue(quick), changes, settings.Data)))
                .Match(
                    plans => new ReproduceSession(plans, root, settings, terminal).Run(measured: !parsed.GetValue(unmeasured)),
                    reason => Refusal.Of(terminal, reason));
        });
        return command;
    }
}
