using System.CommandLine;

namespace Grokking.Host.Commands;

/// <summary>Commands that are made when they are named.</summary>
internal static class NamedCommand
{
    /// <summary>
    /// The command that a word names, or all of them where it names none. Making a command looks up what its options may be, networks and optimisers among them, and for all commands together that takes longer than
    /// many of them run.
    /// </summary>
    /// <param name="word">The word in the place of a command; null where there is none.</param>
    /// <param name="all">The commands.</param>
    public static IReadOnlyList<Command> OrAll(string? word, (string Name, Func<Command> Make)[] all)
    {
        (string Name, Func<Command> Make)[] named = [.. all.Where(command => command.Name == word)];
        return [.. (named is [] ? all : named).Select(command => command.Make())];
    }
}
