using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Grokking.Host.Configuration;

/// <summary>JSON in which every key stands once and every text can be read.</summary>
internal static class StrictJson
{
    /// <summary>Reads a text.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The document, or what is wrong with it.</returns>
    public static (JsonElement Document, ConfigurationError? Error) Parse(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return (default, new ConfigurationError("", "is empty", "it must be JSON that begins with { and ends with }"));
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return IsSound(document.RootElement) ? (document.RootElement.Clone(), null) : (default, Fault(document.RootElement, ""));
        }
        catch (JsonException fault)
        {
            return (default, SyntaxErrors.Describe(text, fault));
        }
    }

    /// <summary>The place of a key in an object.</summary>
    /// <param name="path">The place of the object; empty for the whole document.</param>
    /// <param name="key">The key.</param>
    public static string At(string path, string key) => path.Length == 0 ? Excerpt.Of(key) : $"{path}.{Excerpt.Of(key)}";

    // What is wrong with a text, and where, is looked for only where something is.
    private static bool IsSound(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => element.EnumerateArray().All(IsSound),
        JsonValueKind.Object => IsSoundObject(element),
        JsonValueKind.String => IsWhole(element),
        _ => true,
    };

    private static bool IsSoundObject(JsonElement element)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (JsonProperty property in element.EnumerateObject())
        {
            if (NameOf(property) is not { } name || !seen.Add(name) || !IsSound(property.Value))
                return false;
        }

        return true;
    }

    private static ConfigurationError? Fault(JsonElement element, string path) => element.ValueKind switch
    {
        JsonValueKind.Array => element.EnumerateArray().Select((item, place) => Fault(item, At(path, $"{place}"))).FirstOrDefault(error => error is not null),
        JsonValueKind.Object => FaultOfObject(element, path),
        JsonValueKind.String when !IsWhole(element) => Broken(path, element.GetRawText()),
        _ => null,
    };

    private static ConfigurationError? FaultOfObject(JsonElement element, string path)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (JsonProperty property in element.EnumerateObject())
        {
            if (NameOf(property) is not { } name)
                return Broken(path, $"\"{Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8PropertyName(property))}\"");
            string at = At(path, name);
            if (!seen.Add(name))
                return new ConfigurationError(at, "is given twice", "each key may stand once");
            if (Fault(property.Value, at) is { } inner)
                return inner;
        }

        return null;
    }

    private static ConfigurationError Broken(string path, string raw) =>
        ConfigurationError.NotAllowed(path, Excerpt.Of(raw), "a text of whole characters, in which \\ud800 to \\udfff stand in pairs");

    // The class library finds out when it is asked for the text, and says so by exceptions only.
    private static bool IsWhole(JsonElement text)
    {
        try
        {
            return text.GetString() is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static string? NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
