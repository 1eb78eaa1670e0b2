using System.CommandLine;
using Grokking.Host.Configuration;
using Grokking.Host.Experiments;
using Grokking.Host.Output;

namespace Grokking.Host.Commands;

/// <summary>What names an experiment on the command line: a preset or a file, and changes to it.</summary>
internal sealed class ExperimentOptions
{
    /// <summary><c>--set path=value</c>.</summary>
    public Option<string[]> Set { get; } = new("--set")
    {
        Description = "Changes one setting, as in --set optimiser.learningRate=1e5; may be repeated.",
        HelpName = "path=value",
        Arity = ArgumentArity.OneOrMore,
    };

    /// <summary><c>--seed N</c>.</summary>
    public Option<long?> Seed { get; } = NumberOption.Create("--seed", 0, Limits.Seed, "The seed in place of the experiment's.");

    /// <summary><c>--steps N</c>.</summary>
    public Option<long?> Steps { get; } = NumberOption.Create("--steps", 0, Limits.Steps, "The budget in place of the experiment's.");

    /// <summary>The changes that were asked for, or the sentence about the first that cannot be read.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="more">Further ones.</param>
    public Result<IReadOnlyList<Change>> Changes(ParseResult parsed, params IEnumerable<string> more)
    {
        var changes = new List<Change>();
        string[] settings =
        [
            .. parsed.GetValue(Set) ?? [],
            .. parsed.GetValue(Seed) is { } seed ? [$"seed={seed}"] : Array.Empty<string>(),
            .. parsed.GetValue(Steps) is { } steps ? [$"budget.steps={steps}"] : Array.Empty<string>(),
            .. more,
        ];
        foreach (Result<Change> change in settings.Select(Change.Parse))
        {
            if (change is Result<Change>.Failure wrong)
                return Result.Failure<IReadOnlyList<Change>>(wrong.Reason);
            changes.Add(change.OrThrow());
        }

        return Result.Success<IReadOnlyList<Change>>(changes);
    }

    /// <summary>Goes on with an experiment, or says what is wrong with it.</summary>
    /// <param name="name">A preset's name or a file.</param>
    /// <param name="changes">Changes to it.</param>
    /// <param name="terminal">Where to write.</param>
    /// <param name="then">What to do with it.</param>
    /// <returns>The exit code.</returns>
    public static int With(string name, Result<IReadOnlyList<Change>> changes, Terminal terminal, Func<Experiment, int> then)
    {
        if (changes is Result<IReadOnlyList<Change>>.Failure wrong)
            return Refusal.Of(terminal, wrong.Reason);
        if (ExperimentCatalogue.Default.Text(name) is not Result<string>.Success { Value: var text })
            return Refusal.Of(terminal, ExperimentCatalogue.Default.Text(name).Match(_ => "", reason => reason));
        ExperimentReading reading = ConfigurationText.Read(text, changes.OrThrow());
        return reading.Experiment is { } experiment ? then(experiment) : Refusal.Of(terminal, name, reading.Errors);
    }
}
