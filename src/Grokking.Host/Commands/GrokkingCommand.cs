using System.CommandLine;
using System.CommandLine.Parsing;
using Grokking.Host.Output;
using Grokking.Host.Runs;

namespace Grokking.Host.Commands;

/// <summary>The whole command line. Commands only translate between words and what the rest of the program does.</summary>
internal static class GrokkingCommand
{
    /// <summary>Runs the program.</summary>
    /// <param name="arguments">The words after the program's name.</param>
    /// <param name="terminal">Where to write.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> InvokeAsync(string[] arguments, Terminal terminal)
    {
        ParseResult parsed = Create(terminal, arguments).Parse(arguments);
        string[] sentences = [.. Sentences(parsed)];
        if (sentences.Length > 0)
        {
            foreach (string sentence in sentences)
                terminal.Say($"error: {sentence}");
            terminal.Say($"help: {string.Join(' ', ["grokking", .. Names(parsed.CommandResult), "--help"])}");
            return ExitCode.Usage;
        }

        try
        {
            // Signals are ours: a run answers them with a checkpoint.
            var invocation = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return await parsed.InvokeAsync(invocation).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            terminal.Say($"error: {fault.Message}");
            return ExitCode.Failed;
        }
        catch (Exception fault)
        {
            // A fault of this program: whoever mends it needs all of it.
            terminal.Say($"error: this should not have happened: {fault}");
            return ExitCode.Failed;
        }
    }

    private static RootCommand Create(Terminal terminal, string[] words)
    {
        var common = new CommonOptions(terminal);
        var root = new RootCommand(
            $"Grokking {RunEnvironment.ProgramVersion}: a laboratory for networks that first memorise a table of modular arithmetic and, "
            + "much later, understand it.")
        {
            common.Data,
        };
        IReadOnlyList<Command> commands = NamedCommand.OrAll(
            words.FirstOrDefault(),
            [
                ("run", () => RunCommand.Create(common, terminal)),
                ("resume", () => ResumeCommand.Create(common, terminal)),
                ("serve", () => ServeCommand.Create(common, terminal)),
                ("experiments", () => ExperimentsCommand.Create(common, terminal)),
                ("runs", () => RunsCommand.Create(common, terminal)),
                ("status", () => StatusCommand.Create(common, terminal)),
                ("submit", () => SubmitCommand.Create(common, terminal)),
                ("pause", () => ControlCommands.CreatePause(common, terminal)),
                ("cancel", () => ControlCommands.CreateCancel(common, terminal)),
                ("clone", () => ControlCommands.CreateClone(common, terminal)),
                ("extend", () => ControlCommands.CreateExtend(common, terminal)),
                ("prioritise", () => ControlCommands.CreatePrioritise(common, terminal)),
                ("validate", () => ValidateCommand.Create(common, terminal)),
                ("verify", () => VerifyCommand.Create(common, terminal)),
                ("reproduce", () => ReproduceCommand.Create(common, terminal)),
                ("figures", () => FiguresCommand.Create(common, terminal)),
                ("sweep", () => SweepCommand.Create(common, terminal, words.ElementAtOrDefault(1))),
                ("bench", () => BenchCommand.Create(common, terminal)),
                ("selftest", () => SelftestCommand.Create(common, terminal)),
                ("completion", () => CompletionCommand.Create(terminal)),
            ]);
        foreach (Command command in commands)
            root.Subcommands.Add(command);
        // A line that a shell wants completed may be any command's.
        if (commands.Count > 1)
            root.Subcommands.Add(CompletionCommand.CreateAnswer(terminal));
        return root;
    }

    private static IEnumerable<string> Sentences(ParseResult parsed)
    {
        // A word in the place of a command explains all other errors.
        if (parsed.CommandResult.Command is RootCommand root && parsed.UnmatchedTokens is [var word, ..])
        {
            string[] known = [.. root.Subcommands.Where(command => !command.Hidden).Select(command => command.Name)];
            string nearest = NearestName.To(word, known);
            return [$"There is no command '{word}'; {(nearest.Length == 0 ? "" : $"did you mean '{nearest}'? ")}known: {string.Join(", ", known)}."];
        }

        string[] strays = [.. Strays(parsed)];
        return strays.Length > 0 ? strays.Select(stray => Unknown(stray, parsed.CommandResult)) : parsed.Errors.Select(error => error.Message).Distinct();
    }

    // A list of arguments swallows options that do not exist; a single argument leaves them over.
    private static IEnumerable<string> Strays(ParseResult parsed) => parsed.CommandResult.Children.OfType<ArgumentResult>()
        .SelectMany(argument => argument.Tokens.Select(token => token.Value))
        .Concat(parsed.UnmatchedTokens)
        .Where(word => word.StartsWith("--", StringComparison.Ordinal))
        .Distinct();

    private static string Unknown(string stray, CommandResult place)
    {
        var known = new List<string>();
        for (CommandResult? at = place; at is not null; at = at.Parent as CommandResult)
            known.AddRange(at.Command.Options.Where(option => at == place || option.Recursive).Select(option => option.Name));
        string[] names = [.. known.Where(name => name.StartsWith("--", StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal)];
        string nearest = NearestName.To(stray, names);
        return $"There is no option '{stray}' here; {(nearest.Length == 0 ? "" : $"did you mean '{nearest}'? ")}known: {string.Join(", ", names)}.";
    }

    private static IEnumerable<string> Names(CommandResult command) =>
        command.Parent is CommandResult parent ? [.. Names(parent), command.Command.Name] : [];
}
