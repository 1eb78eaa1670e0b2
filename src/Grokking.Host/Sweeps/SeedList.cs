using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Grokking.Host.Configuration;

namespace Grokking.Host.Sweeps;

/// <summary>The seeds of a sweep as people write them: <c>0-4</c>, <c>7</c>, <c>0-4,10,20-24</c>.</summary>
internal static class SeedList
{
    private const string Forms = "seeds and ranges of seeds between commas, such as 0-4 or 0,3,7-9";

    /// <summary>Reads a list.</summary>
    /// <param name="place">Where it stands: <c>--seeds</c>.</param>
    /// <param name="text">The list.</param>
    /// <returns>Distinct seeds in order, or the sentence that says what is wrong.</returns>
    public static Result<ImmutableArray<long>> Parse(string place, string text)
    {
        var seeds = new SortedSet<long>();
        foreach (string item in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (item.Split('-', StringSplitOptions.TrimEntries) is not ([_] or [_, _]) || Ends(item) is not { } ends)
                return Result.Failure<ImmutableArray<long>>($"{place} is {Excerpt.Of(text)}; it must be {Forms}.");
            if (ends.First > Limits.Seed || ends.Last > Limits.Seed)
                return Result.Failure<ImmutableArray<long>>($"{place} is {Excerpt.Of(text)}; a seed must be an integer from 0 to {Limits.Seed}.");
            if (ends.Last < ends.First)
                return Result.Failure<ImmutableArray<long>>($"{place} is {Excerpt.Of(text)}; the range {Excerpt.Of(item)} has no seed: its end lies before its beginning.");
            if (ends.Last - ends.First >= SweepLimits.Runs)
                return Result.Failure<ImmutableArray<long>>(TooMany(place, ends.Last - ends.First + 1));
            for (long seed = ends.First; seed <= ends.Last; seed++)
                seeds.Add(seed);
            if (seeds.Count > SweepLimits.Runs)
                return Result.Failure<ImmutableArray<long>>(TooMany(place, seeds.Count));
        }

        return Result.Success<ImmutableArray<long>>([.. seeds]);
    }

    /// <summary>Reads the same from JSON: such a text, one integer, or an array of integers.</summary>
    /// <param name="place">Where it stands.</param>
    /// <param name="value">The JSON.</param>
    /// <returns>Distinct seeds in order, or the sentence that says what is wrong.</returns>
    public static Result<ImmutableArray<long>> Read(string place, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => Parse(place, value.GetString()!),
        JsonValueKind.Number => Parse(place, value.GetRawText()),
        JsonValueKind.Array => Parse(place, string.Join(',', value.EnumerateArray().Select(seed => seed.GetRawText()))),
        _ => Result.Failure<ImmutableArray<long>>($"{place} is {Excerpt.Of(value.GetRawText())}; it must be a list of integers, or a text of {Forms}."),
    };

    private static (long First, long Last)? Ends(string item)
    {
        string[] words = item.Split('-', StringSplitOptions.TrimEntries);
        return Whole(words[0]) is { } first && Whole(words[^1]) is { } last ? (first, last) : null;
    }

    private static long? Whole(string text) => text.Length > 0 && text.All(char.IsAsciiDigit)
        ? long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long seed) ? seed : long.MaxValue
        : null;

    private static string TooMany(string place, long count) =>
        string.Create(CultureInfo.InvariantCulture, $"{place} has {count:N0} seeds; a sweep has at most {SweepLimits.Runs:N0} runs.");
}
