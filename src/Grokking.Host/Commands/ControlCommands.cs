using System.CommandLine;
using System.Globalization;
using Grokking.Host.Configuration;
using Grokking.Host.Control;
using Grokking.Host.Output;
using Grokking.Host.Runs;

namespace Grokking.Host.Commands;

/// <summary>What can be wished of a run from the command line, whoever trains it: the wish takes effect through files, and no service need be there.</summary>
internal static class ControlCommands
{
    /// <summary>Makes <c>pause</c>.</summary>
    public static Command CreatePause(CommonOptions common, Terminal terminal) => Create(
        "pause", "Has a run write a checkpoint and rest; resume goes on with it.", common, terminal, (_, control, run) => control.Pause(run));

    /// <summary>Makes <c>cancel</c>.</summary>
    public static Command CreateCancel(CommonOptions common, Terminal terminal) => Create(
        "cancel", "Gives a run up for good; its files are kept.", common, terminal, (_, control, run) => control.Cancel(run));

    /// <summary>Makes <c>extend</c>.</summary>
    public static Command CreateExtend(CommonOptions common, Terminal terminal)
    {
        Argument<string> steps = Whole("STEPS", "How many.", 1, Limits.Steps);
        return Create(
            "extend", "Gives a completed run more steps, which a service trains, or resume.", common, terminal, (parsed, control, run) => control.Extend(run, Value(parsed, steps)), steps);
    }

    /// <summary>Makes <c>prioritise</c>.</summary>
    public static Command CreatePrioritise(CommonOptions common, Terminal terminal)
    {
        Argument<string> priority = Whole("PRIORITY", "Runs of higher priority are trained first; 0 is usual.", -RunControl.LargestPriority, RunControl.LargestPriority);
        return Create(
            "prioritise", "Has a waiting run trained before or after others.", common, terminal, (parsed, control, run) => control.Prioritise(run, (int)Value(parsed, priority)), priority);
    }

    /// <summary>Makes <c>clone</c>.</summary>
    public static Command CreateClone(CommonOptions common, Terminal terminal)
    {
        var options = new ExperimentOptions();
        Command command = Create(
            "clone",
            "Submits what a run was, with changes.",
            common,
            terminal,
            (parsed, control, run) => options.Changes(parsed).Bind(changes => control.Clone(run, changes, run.Record.Priority)));
        command.Add(options.Set);
        command.Add(options.Seed);
        command.Add(options.Steps);
        return command;
    }

    /// <summary>Says what became of a wish.</summary>
    /// <returns>The exit code.</returns>
    public static int Answer(Result<Granted> answer, bool json, Terminal terminal) => answer.Match(
        granted =>
        {
            terminal.Say(granted.Sentence);
            if (json)
                terminal.Data(RunReport.Json(granted.Entry));
            return ExitCode.Done;
        },
        reason => Refusal.Of(terminal, reason));

    private static Command Create(
        string name, string description, CommonOptions common, Terminal terminal, Func<ParseResult, RunControl, RunEntry, Result<Granted>> act, params ReadOnlySpan<Argument> more)
    {
        Argument<string> run = RunArgument.Create();
        var command = new Command(name, description) { run, common.Json };
        foreach (Argument argument in more)
            command.Add(argument);
        command.SetAction(parsed =>
        {
            var runs = new RunCatalogue(parsed.GetValue(common.Data)!);
            return Answer(runs.Find(parsed.GetRequiredValue(run)).Bind(entry => act(parsed, new RunControl(runs, TimeProvider.System), entry)), parsed.GetValue(common.Json), terminal);
        });
        return command;
    }

    private static Argument<string> Whole(string name, string description, long low, long high)
    {
        var argument = new Argument<string>(name) { Description = description };
        argument.Validators.Add(result =>
        {
            string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) || value < low || value > high)
                result.AddError($"{name} is {text}; it must be an integer from {low} to {high}.");
        });
        return argument;
    }

    private static long Value(ParseResult parsed, Argument<string> argument) => long.Parse(parsed.GetRequiredValue(argument), CultureInfo.InvariantCulture);
}
