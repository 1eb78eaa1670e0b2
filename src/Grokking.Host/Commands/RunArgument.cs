using System.CommandLine;

namespace Grokking.Host.Commands;

/// <summary>The argument RUN of several commands.</summary>
internal static class RunArgument
{
    /// <summary>Makes the argument.</summary>
    public static Argument<string> Create() => new("RUN") { Description = "A run's id, the beginning of one, or a run's directory." };
}
