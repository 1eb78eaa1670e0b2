using System.CommandLine;
using Grokking.Host.Runs;

namespace Grokking.Host.Commands;

/// <summary>The argument RUN of several commands.</summary>
internal static class RunArgument
{
    /// <summary>Makes the argument.</summary>
    public static Argument<string> Create()
    {
        var run = new Argument<string>("RUN") { Description = "A run's id, the beginning of one, or a run's directory." };
        run.CompletionSources.Add(context => new RunCatalogue(Data(context.ParseResult)).List().Select(entry => new System.CommandLine.Completions.CompletionItem(entry.Record.Run)));
        return run;
    }

    // Whoever asks for help asks with an empty command line, which has no options.
    private static string Data(ParseResult parsed) =>
        (parsed.RootCommandResult.Command.Options.Any(option => option.Name == "--data") ? parsed.GetValue<string>("--data") : null) ?? "data";
}
