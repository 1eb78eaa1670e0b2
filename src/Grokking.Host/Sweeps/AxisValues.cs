using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Grokking.Host.Configuration;

namespace Grokking.Host.Sweeps;

/// <summary>
/// The values of a varied setting as people write them: values and ranges between commas, as in <c>0.2,0.3:0.9:0.1</c> (from, to, step; both ends
/// included where the steps meet them) or <c>log:1e3:1e6:7</c> and <c>lin:0:1:5</c> (from, to, how many). Each becomes JSON in its shortest form.
/// </summary>
internal static class AxisValues
{
    /// <summary>How a list of values is written, for sentences.</summary>
    public const string Forms = "values and ranges between commas, such as 0.2,0.3:0.9:0.1 (from:to:step) or log:1e3:1e6:7 (from:to:how many)";

    // Rounding to so many digits takes the noise of binary fractions away: 0.1 + 0.2 is 0.3.
    private const string Digits = "G12";

    // A step that misses the end by less than this share of itself was meant to meet it.
    private const double Slack = 1e-6;

    /// <summary>Reads a list.</summary>
    /// <param name="place">What is varied and where it stands, for sentences: <c>--vary split.trainFraction</c>.</param>
    /// <param name="text">The list.</param>
    /// <returns>Distinct values in the order of the list, or the sentence that says what is wrong.</returns>
    public static Result<ImmutableArray<string>> Parse(string place, string text) => Distinct(place, Split(text).Select(item => Item(place, item)));

    /// <summary>Reads the same from JSON: one such text, or an array of JSON values, whose texts may be ranges.</summary>
    /// <param name="place">What is varied and where it stands.</param>
    /// <param name="values">The JSON.</param>
    /// <returns>Distinct values in the order of the list, or the sentence that says what is wrong.</returns>
    public static Result<ImmutableArray<string>> Read(string place, JsonElement values) => values.ValueKind switch
    {
        JsonValueKind.String => Parse(place, values.GetString()!),
        JsonValueKind.Array => Distinct(place, values.EnumerateArray().Select(value => value.ValueKind == JsonValueKind.String
            ? Item(place, value.GetString()!)
            : Result.Success<IReadOnlyList<string>>([Canonical(JsonNode.Parse(value.GetRawText()))]))),
        _ => Result.Failure<ImmutableArray<string>>($"{place} is {Excerpt.Of(values.GetRawText())}; it must be a list in brackets, or a text of {Forms}."),
    };

    /// <summary>A value of the command line or of a file as JSON in its shortest form.</summary>
    internal static string Canonical(JsonNode? value) => value switch
    {
        null => "\"null\"",
        JsonValue number when number.GetValueKind() == JsonValueKind.Number => Number(number.ToJsonString()),
        _ => value.ToJsonString(Relaxed),
    };

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static string Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? Math.Floor(value) == value && Math.Abs(value) <= Limits.Seed
                ? ((long)value).ToString(CultureInfo.InvariantCulture)
                : value.ToString("R", CultureInfo.InvariantCulture)
            : text;

    private static Result<ImmutableArray<string>> Distinct(string place, IEnumerable<Result<IReadOnlyList<string>>> items)
    {
        var values = new List<string>();
        foreach (Result<IReadOnlyList<string>> item in items)
        {
            if (item is Result<IReadOnlyList<string>>.Failure wrong)
                return Result.Failure<ImmutableArray<string>>(wrong.Reason);
            values.AddRange(item.OrThrow());
            if (values.Count > SweepLimits.Runs)
                return Result.Failure<ImmutableArray<string>>(TooMany(place, values.Count));
        }

        return values.Count > 0
            ? Result.Success<ImmutableArray<string>>([.. values.Distinct(StringComparer.Ordinal)])
            : Result.Failure<ImmutableArray<string>>($"{place} has no value; it must be {Forms}.");
    }

    private static Result<IReadOnlyList<string>> Item(string place, string item)
    {
        if (item.Length == 0)
            return Result.Failure<IReadOnlyList<string>>($"{place} has an empty place between its commas; it must be {Forms}.");
        return item[0] is '{' or '[' or '"' || !item.Contains(':', StringComparison.Ordinal)
            ? Result.Success<IReadOnlyList<string>>([Word(item)])
            : Range(place, item);
    }

    private static string Word(string item)
    {
        try
        {
            return Canonical(JsonNode.Parse(item));
        }
        catch (JsonException)
        {
            return Canonical(JsonValue.Create(item));
        }
    }

    private static Result<IReadOnlyList<string>> Range(string place, string item)
    {
        string[] words = item.Split(':');
        string kind = words[0] is "log" or "lin" ? words[0] : "step";
        double[] numbers = [.. words.Skip(kind == "step" ? 0 : 1).Select(Finite)];
        if (numbers.Length != 3 || numbers.Any(double.IsNaN))
        {
            return Wrong(place, item, "cannot be read", "a range is from:to:step, log:from:to:count or lin:from:to:count");
        }

        (double from, double to, double last) = (numbers[0], numbers[1], numbers[2]);
        if (kind == "step")
        {
            if (last == 0 || (to - from) / last < -Slack)
                return Wrong(place, item, "has no value", "its step must lead from its first number to its second");
            return Spread(place, Math.Floor(((to - from) / last) + Slack) + 1, i => from + (i * last));
        }

        if (last < 1 || Math.Floor(last) != last)
            return Wrong(place, item, "has no value", "its last number is how many values there are, an integer from 1");
        if (kind == "log" && (from <= 0 || to <= 0))
            return Wrong(place, item, "has no logarithm", "both ends of log:from:to:count must be greater than 0");
        double share = 1 / Math.Max(1, last - 1);
        return Spread(place, last, kind == "log"
            ? i => i == last - 1 && last > 1 ? to : from * Math.Pow(to / from, i * share)
            : i => from + ((to - from) * i * share));
    }

    private static Result<IReadOnlyList<string>> Spread(string place, double count, Func<double, double> at) => count <= SweepLimits.Runs
        ? Result.Success<IReadOnlyList<string>>(
            [.. Enumerable.Range(0, (int)count).Select(i => Number(at(i).ToString(Digits, CultureInfo.InvariantCulture)))])
        : Result.Failure<IReadOnlyList<string>>(TooMany(place, count));

    private static Result<IReadOnlyList<string>> Wrong(string place, string item, string finding, string allowed) =>
        Result.Failure<IReadOnlyList<string>>($"{place}: the range {Excerpt.Of(item)} {finding}; {allowed}.");

    private static string TooMany(string place, double count) =>
        string.Create(CultureInfo.InvariantCulture, $"{place} has {count:N0} values; a sweep has at most {SweepLimits.Runs:N0} runs.");

    private static double Finite(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value : double.NaN;

    // Commas inside braces, brackets and quotes belong to a value.
    private static List<string> Split(string text)
    {
        var items = new List<string>();
        int depth = 0, start = 0;
        bool quoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            quoted ^= text[i] == '"' && (i == 0 || text[i - 1] != '\\');
            depth += quoted ? 0 : text[i] is '{' or '[' or '(' ? 1 : text[i] is '}' or ']' or ')' ? -1 : 0;
            if (text[i] != ',' || quoted || depth > 0)
                continue;
            items.Add(text[start..i].Trim());
            start = i + 1;
        }

        items.Add(text[start..].Trim());
        return items is [""] ? [] : items;
    }
}
