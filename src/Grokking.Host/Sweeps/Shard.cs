using System.Globalization;
using Grokking.Host.Configuration;

namespace Grokking.Host.Sweeps;

/// <summary>
/// One of n parts of a sweep, for a process of its own: of all runs in the order of their ids, every n-th. Which runs these are follows from the plan and n alone, so that nobody
/// need tell the parts apart; ids are hashes, so that neighbours in the grid, which cost alike, are spread over the parts.
/// </summary>
/// <param name="Index">Which, from 0.</param>
/// <param name="Count">n.</param>
internal readonly record struct Shard(int Index, int Count)
{
    private const string Forms = "it must be INDEX/COUNT, such as 0/8 for the first of eight";

    /// <summary>Where schedulers say which one of many equal tasks this is, the first that is set counts.</summary>
    public static IReadOnlyList<string> Variables { get; } = ["SLURM_ARRAY_TASK_ID", "JOB_COMPLETION_INDEX"];

    /// <summary>Reads <c>3/8</c>.</summary>
    /// <param name="place">Where it stands: <c>--shard</c>.</param>
    /// <param name="text">The text.</param>
    /// <returns>The shard, or the sentence that says what is wrong.</returns>
    public static Result<Shard> Parse(string place, string text)
    {
        if (text.Split('/') is not [var first, var second] || Whole(first) is not { } index || Whole(second) is not { } count)
            return Result.Failure<Shard>($"{place} is {Excerpt.Of(text)}; {Forms}.");
        return Of($"{place} is {Excerpt.Of(text)}", index, count);
    }

    /// <summary>The shard of n whose index a scheduler has put into the environment.</summary>
    /// <param name="place">Where n stands: <c>--shards</c>.</param>
    /// <param name="count">n.</param>
    /// <param name="environment">The value of a variable; null where it is not set.</param>
    /// <returns>The shard, or the sentence that says what is missing.</returns>
    public static Result<Shard> FromEnvironment(string place, long count, Func<string, string?> environment)
    {
        // A variable that is empty was not set by a scheduler.
        (string name, string value) = Variables.Select(name => (name, environment(name) ?? "")).FirstOrDefault(each => each.Item2.Length > 0, ("", ""));
        if (name.Length == 0)
        {
            return Result.Failure<Shard>(
                $"{place} is {count}, but which of them this is stands nowhere; {string.Join(" or ", Variables)} must be set, as Slurm and Kubernetes do, or --shard INDEX/COUNT be given.");
        }

        return Whole(value) is { } index
            ? Of($"{name} is {Excerpt.Of(value)} for {place} {count}", index, count)
            : Result.Failure<Shard>($"{name} is {Excerpt.Of(value)}; it must be an integer from 0 to {count - 1}.");
    }

    /// <summary>In which of n parts each run is.</summary>
    /// <param name="runs">The ids of all runs, each once, in any order.</param>
    /// <param name="count">n.</param>
    public static IEnumerable<(string Run, int Index)> Deal(IEnumerable<string> runs, int count) => runs.Order(StringComparer.Ordinal).Select((run, place) => (run, place % count));

    /// <summary>The runs of this part.</summary>
    /// <param name="runs">The ids of all runs, each once, in any order.</param>
    public IReadOnlySet<string> Of(IEnumerable<string> runs)
    {
        int index = Index;
        return Deal(runs, Count).Where(each => each.Index == index).Select(each => each.Run).ToHashSet(StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Index}/{Count}");

    private static Result<Shard> Of(string finding, long index, long count) =>
        count is < 1 or > SweepLimits.Runs ? Result.Failure<Shard>($"{finding}; there must be 1 to {SweepLimits.Runs} shards.")
        : index >= count ? Result.Failure<Shard>($"{finding}; the index must be from 0 to {count - 1}.")
        : Result.Success(new Shard((int)index, (int)count));

    private static long? Whole(string text) => text.Length is > 0 and < 10 && text.All(char.IsAsciiDigit) ? long.Parse(text, CultureInfo.InvariantCulture) : null;
}
