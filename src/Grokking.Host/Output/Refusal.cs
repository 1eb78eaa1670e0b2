using System.Collections.Immutable;
using Grokking.Host.Configuration;

namespace Grokking.Host.Output;

/// <summary>Says why nothing was begun.</summary>
internal static class Refusal
{
    /// <summary>One reason.</summary>
    /// <returns>The exit code of wrong usage.</returns>
    public static int Of(Terminal terminal, string reason)
    {
        terminal.Say($"error: {reason}");
        return ExitCode.Usage;
    }

    /// <summary>Every error of a configuration.</summary>
    /// <returns>The exit code of wrong usage.</returns>
    public static int Of(Terminal terminal, string name, ImmutableArray<ConfigurationError> errors)
    {
        foreach (ConfigurationError error in errors)
            terminal.Say($"error: {name}: {error.Sentence}");
        return ExitCode.Usage;
    }
}
