using System.Collections.Immutable;
using System.Text.Json;

namespace Grokking.Host.Configuration;

/// <summary>
/// One object of a configuration, read strictly. Each question names a key, says what is allowed there and answers with the value;
/// where the value is missing or wrong, the error is noted and a harmless stand-in is answered, so that one reading finds all errors.
/// <see cref="Close"/> notes the keys that nobody asked for.
/// </summary>
internal sealed class JsonSection
{
    private readonly Dictionary<string, JsonElement> values;
    private readonly List<string> asked = [];
    private readonly List<ConfigurationError> errors;
    private readonly List<string>? paths;
    private readonly string path;

    /// <summary>Opens an object.</summary>
    /// <param name="element">The object; anything else is noted as an error and read as an empty one that asks for nothing more.</param>
    /// <param name="path">Where it stands.</param>
    /// <param name="errors">Where errors are noted.</param>
    /// <param name="paths">Where the places of all keys that are asked for are noted, for whoever wants to name them.</param>
    public JsonSection(JsonElement element, string path, List<ConfigurationError> errors, List<string>? paths = null)
    {
        this.path = path;
        this.errors = errors;
        this.paths = paths;
        IsObject = element.ValueKind == JsonValueKind.Object;
        values = new(IsObject ? element.GetPropertyCount() : 0, StringComparer.Ordinal);
        if (!IsObject)
        {
            errors.Add(ConfigurationError.NotAllowed(path, Shown(element), "an object in braces"));
            return;
        }

        foreach (JsonProperty property in element.EnumerateObject())
        {
            if (!values.TryAdd(property.Name, property.Value))
                errors.Add(new ConfigurationError(At(property.Name), "is given twice", "each key may stand once"));
        }
    }

    /// <summary>An empty object whose errors nobody hears of: it answers every question with a harmless stand-in.</summary>
    public static JsonSection Nothing => new(Empty, "", []);

    /// <summary>Whether there is an object at all.</summary>
    public bool IsObject { get; }

    /// <summary>The keys asked for so far, in order.</summary>
    public IReadOnlyList<string> Known => asked;

    /// <summary>Whether a key is there.</summary>
    public bool Has(string key)
    {
        Ask(key);
        return values.ContainsKey(key);
    }

    /// <summary>A number in a range.</summary>
    public double Number(string key, Range range, double? otherwise = null)
    {
        if (!Find(key, () => range.Words, otherwise is not null, out JsonElement value))
            return otherwise ?? StandIn(range);
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && range.Contains(number))
            return number;
        Refuse(key, value, range.Words);
        return StandIn(range);
    }

    /// <summary>An integer between two bounds, both included. 6e3 is an integer.</summary>
    public long Integer(string key, long low, long high, long? otherwise = null)
    {
        string Words() => $"an integer from {low} to {high}";
        if (!Find(key, Words, otherwise is not null, out JsonElement value))
            return otherwise ?? low;
        if (AsInteger(value) is { } number && number >= low && number <= high)
            return number;
        Refuse(key, value, Words());
        return low;
    }

    /// <summary>A truth value.</summary>
    public bool Truth(string key, bool? otherwise = null)
    {
        string Words() => "true or false";
        if (!Find(key, Words, otherwise is not null, out JsonElement value))
            return otherwise ?? false;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return value.GetBoolean();
        Refuse(key, value, Words());
        return otherwise ?? false;
    }

    /// <summary>A text that is not empty and not longer than the limit.</summary>
    public string Text(string key, string? otherwise = null)
    {
        string Words() => $"a text of 1 to {Limits.Characters} characters";
        if (!Find(key, Words, otherwise is not null, out JsonElement value))
            return otherwise ?? "";
        string text = value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        if (!string.IsNullOrWhiteSpace(text) && text.Length <= Limits.Characters)
            return text;
        Refuse(key, value, Words());
        return "";
    }

    /// <summary>One of several names.</summary>
    /// <returns>The name, or the empty string where it is not one of them.</returns>
    public string OneOf(string key, ImmutableArray<string> names, string? otherwise = null)
    {
        string Words() => $"one of {string.Join(", ", names.Select(name => $"\"{name}\""))}";
        if (!Find(key, Words, otherwise is not null, out JsonElement value))
            return otherwise ?? "";
        string text = value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        if (names.Contains(text))
            return text;
        string nearest = text.Length == 0 ? "" : NearestName.To(text, names);
        errors.Add(ConfigurationError.NotAllowed(At(key), Shown(value), Words()) with { Nearest = nearest });
        return "";
    }

    /// <summary>A list of distinct names out of several.</summary>
    public ImmutableArray<string> Names(string key, ImmutableArray<string> names)
    {
        string Words() => $"a list of names out of {string.Join(", ", names)}";
        if (!Find(key, Words, true, out JsonElement value))
            return [];
        if (value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.String))
        {
            Refuse(key, value, Words());
            return [];
        }

        ImmutableArray<string> given = [.. value.EnumerateArray().Select(item => item.GetString()!)];
        foreach (string unknown in given.Where(name => !names.Contains(name)))
            errors.Add(ConfigurationError.Unknown(At(key), unknown, "name", names));
        foreach (string twice in given.GroupBy(name => name).Where(group => group.Count() > 1).Select(group => group.Key))
            errors.Add(new ConfigurationError(At(key), $"names '{Excerpt.Of(twice)}' twice", "each name may stand once"));
        return given;
    }

    /// <summary>A pair of numbers in a range.</summary>
    public (double First, double Second) Pair(string key, Range range, (double, double) otherwise)
    {
        string Words() => $"a pair such as [0.9, 0.98], each {range.Words}";
        if (!Find(key, Words, true, out JsonElement value))
            return otherwise;
        double[] numbers = value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.Number ? item.GetDouble() : double.NaN)]
            : [];
        if (numbers.Length == 2 && numbers.All(range.Contains))
            return (numbers[0], numbers[1]);
        Refuse(key, value, Words());
        return otherwise;
    }

    /// <summary>A word or an integer between two bounds.</summary>
    /// <returns>The integer; nothing for the word.</returns>
    public long? WordOrInteger(string key, string word, long low, long high)
    {
        string Words() => $"\"{word}\" or an integer from {low} to {high}";
        if (!Find(key, Words, true, out JsonElement value) || (value.ValueKind == JsonValueKind.String && value.GetString() == word))
            return null;
        if (AsInteger(value) is { } number && number >= low && number <= high)
            return number;
        Refuse(key, value, Words());
        return null;
    }

    /// <summary>An object under a key; an absent optional one reads as an empty object.</summary>
    public JsonSection Section(string key, string words, bool optional = false) =>
        Find(key, () => words, optional, out JsonElement value)
            ? new JsonSection(value, At(key), errors, paths)
            : new JsonSection(Empty, At(key), optional ? errors : [], paths);

    /// <summary>A list of objects; an absent one reads as empty. The places of its objects are <c>key.0</c>, <c>key.1</c> and so on.</summary>
    public ImmutableArray<JsonSection> Sections(string key, string words)
    {
        if (!Find(key, () => words, true, out JsonElement value))
            return [];
        if (value.ValueKind == JsonValueKind.Array)
            return [.. value.EnumerateArray().Select((item, place) => new JsonSection(item, $"{At(key)}.{place}", errors, paths))];
        Refuse(key, value, words);
        return [];
    }

    /// <summary>What stands under a key, for a reader of its own; nothing where there is no such key.</summary>
    public JsonElement? Value(string key) => Find(key, () => "", optional: true, out JsonElement value) ? value : null;

    /// <summary>Notes an error about a key that only its reader can judge.</summary>
    public void Note(string key, string finding, string allowed) => errors.Add(new ConfigurationError(At(key), finding, allowed));

    /// <summary>Notes the keys that nobody asked for.</summary>
    public void Close()
    {
        foreach (string key in values.Keys.Where(key => !asked.Contains(key)))
            errors.Add(ConfigurationError.Unknown(path, key, "key", asked));
    }

    private static JsonElement Empty { get; } = JsonDocument.Parse("{}").RootElement;

    private static double StandIn(Range range) =>
        range.WithLow ? range.Low : double.IsFinite(range.High) ? (range.Low + range.High) / 2 : range.Low + 1;

    private static long? AsInteger(JsonElement value) =>
        value.ValueKind != JsonValueKind.Number ? null
        : value.TryGetInt64(out long whole) ? whole
        : value.TryGetDouble(out double number) && Math.Abs(number) <= Limits.Seed && Math.Floor(number) == number ? (long)number
        : null;

    private static string Shown(JsonElement value) => Excerpt.Of(value.GetRawText());

    private string At(string key) => StrictJson.At(path, key);

    private void Ask(string key)
    {
        if (asked.Contains(key))
            return;
        asked.Add(key);
        paths?.Add(At(key));
    }

    private bool Find(string key, Func<string> words, bool optional, out JsonElement value)
    {
        Ask(key);
        if (values.TryGetValue(key, out value))
            return true;
        if (!optional && IsObject)
            errors.Add(ConfigurationError.Missing(At(key), words()));
        return false;
    }

    private void Refuse(string key, JsonElement value, string words) => errors.Add(ConfigurationError.NotAllowed(At(key), Shown(value), words));
}
