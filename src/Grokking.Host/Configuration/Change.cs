using System.Text.Json;
using System.Text.Json.Nodes;

namespace Grokking.Host.Configuration;

/// <summary>A change of one setting, as in <c>--set optimiser.learningRate=1e5</c>.</summary>
/// <param name="Path">The keys from the outside in, joined by points.</param>
/// <param name="Value">JSON, or a text without its quotes.</param>
internal sealed record Change(string Path, string Value)
{
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
        JsonObject place = root;
        foreach (string key in keys[..^1])
        {
            if (place[key] is null)
                place[key] = new JsonObject();
            if (place[key] is not JsonObject inner)
                return new ConfigurationError(key, $"is {place[key]!.ToJsonString()}", $"it must be an object for --set {Path} to have a place");
            place = inner;
        }

        place[keys[^1]] = Parsed();
        return null;
    }

    private JsonNode? Parsed()
    {
        try
        {
            return JsonNode.Parse(Value) ?? JsonValue.Create("null");
        }
        catch (JsonException)
        {
            return JsonValue.Create(Value);
        }
    }
}
