using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Grokking.Host.Configuration;

/// <summary>A change of one setting, as in <c>--set optimiser.learningRate=1e5</c>.</summary>
/// <param name="Path">The keys from the outside in, joined by points.</param>
/// <param name="Value">JSON, or a text without its quotes.</param>
internal sealed record Change(string Path, string Value)
{
    /// <summary>More keys than any path to a setting has.</summary>
    public const int MostKeys = 16;

    /// <summary>Reads a change.</summary>
    /// <param name="text">The form <c>path=value</c>.</param>
    /// <returns>The change, or the sentence that says what is wrong.</returns>
    public static Result<Change> Parse(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 && text[..equals].Split('.').All(key => !string.IsNullOrWhiteSpace(key))
            ? Result.Success(new Change(text[..equals].Trim(), text[(equals + 1)..].Trim()))
            : Result.Failure<Change>($"--set {text} cannot be read; it must be path=value, such as optimiser.learningRate=1e5.");
    }

    /// <summary>Makes the change.</summary>
    /// <param name="root">The document; changed in place.</param>
    /// <returns>Nothing, or why it cannot be made.</returns>
    public ConfigurationError? ApplyTo(JsonObject root)
    {
        string[] keys = Path.Split('.');
        if (keys.Length > MostKeys)
            return new ConfigurationError(Excerpt.Of(Path), $"has {keys.Length} keys", $"a setting has at most {MostKeys}");
        JsonNode place = root;
        for (int depth = 0; depth < keys.Length; depth++)
        {
            string at = string.Join('.', keys[..depth]);
            bool last = depth == keys.Length - 1;
            if (place is JsonArray list)
            {
                if (!int.TryParse(keys[depth], NumberStyles.None, CultureInfo.InvariantCulture, out int entry) || entry >= list.Count)
                    return new ConfigurationError(at, $"has no entry '{keys[depth]}' for --set {Excerpt.Of(Path)}", list.Count == 0 ? "it is empty" : $"its entries are 0 to {list.Count - 1}");
                if (last)
                    list[entry] = Parsed();
                place = list[entry] ??= new JsonObject();
            }
            else if (place is JsonObject within)
            {
                if (last)
                    within[keys[depth]] = Parsed();
                place = within[keys[depth]] ??= new JsonObject();
            }
            else
            {
                return new ConfigurationError(at, $"is {Excerpt.Of(place.ToJsonString())}", $"it must be an object or a list for --set {Excerpt.Of(Path)} to have a place");
            }
        }

        return null;
    }

    private JsonNode? Parsed()
    {
        (JsonElement value, ConfigurationError? fault) = StrictJson.Parse(Value);
        return fault is null && value.ValueKind != JsonValueKind.Null ? JsonSerializer.SerializeToNode(value) : JsonValue.Create(Value);
    }
}
