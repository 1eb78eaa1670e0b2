using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Grokking.Host.Configuration;

/// <summary>From text to a checked experiment: JSON, then the changes of the command line, then the strict reading.</summary>
internal static class ConfigurationText
{
    /// <summary>Reads an experiment.</summary>
    /// <param name="text">JSON.</param>
    /// <param name="changes">Changes of the form <c>path=value</c>, applied in order.</param>
    /// <returns>The experiment or every error.</returns>
    public static ExperimentReading Read(string text, params IReadOnlyList<Change> changes)
    {
        if (string.IsNullOrWhiteSpace(text))
            return Failure(new ConfigurationError("", "is empty", "it must be JSON that begins with { and ends with }"));
        JsonObject root;
        try
        {
            using JsonDocument document = JsonDocument.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                return Failure(new ConfigurationError("", "is not an object", "it must begin with { and end with }"));
            root = JsonObject.Create(document.RootElement.Clone())!;
        }
        catch (JsonException fault)
        {
            return Failure(SyntaxErrors.Describe(text, fault));
        }

        ImmutableArray<ConfigurationError> refused = [.. changes.Select(change => change.ApplyTo(root)).OfType<ConfigurationError>()];
        return refused.IsEmpty
            ? ExperimentReader.Read(JsonSerializer.SerializeToElement(root))
            : new(null, refused);
    }

    private static ExperimentReading Failure(ConfigurationError error) => new(null, [error]);
}
