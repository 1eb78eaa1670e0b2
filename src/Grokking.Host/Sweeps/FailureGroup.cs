using System.Collections.Immutable;

namespace Grokking.Host.Sweeps;

/// <summary>Runs that failed for one reason: ten thousand that found the same full disk are one sentence.</summary>
/// <param name="Reason">The reason of the first of them, in full.</param>
/// <param name="Runs">Their ids.</param>
internal sealed record FailureGroup(string Reason, ImmutableArray<string> Runs)
{
    /// <summary>Groups failures, the largest group first. Reasons that differ in nothing but the run that they name, as in a path, are one.</summary>
    public static ImmutableArray<FailureGroup> Of(IEnumerable<(string Run, string Reason)> failures) =>
    [
        .. failures
            .GroupBy(each => each.Reason.Replace(each.Run, "", StringComparison.Ordinal), StringComparer.Ordinal)
            .Select(group => new FailureGroup(group.First().Reason, [.. group.Select(each => each.Run)]))
            .OrderByDescending(group => group.Runs.Length).ThenBy(group => group.Runs[0], StringComparer.Ordinal),
    ];

    /// <summary>The group in words.</summary>
    public string Sentence => Runs.Length == 1 ? $"{Runs[0]}: {Reason}" : $"{Runs.Length} runs, the first of which is {Runs[0]}: {Reason}";
}
