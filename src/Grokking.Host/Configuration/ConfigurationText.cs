using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Grokking.Host.Configuration;

/// <summary>From text to a checked experiment: JSON, then the changes of the command line, then the strict reading.</summary>
internal static class ConfigurationText
{
    // Twice as deep as a document may be, for a change may put something deep into something deep.
    private static readonly JsonSerializerOptions Deep = new() { MaxDepth = 128 };

    /// <summary>Reads an experiment.</summary>
    /// <param name="text">JSON.</param>
    /// <param name="changes">Changes of the form <c>path=value</c>, applied in order.</param>
    /// <returns>The experiment or every error.</returns>
    public static ExperimentReading Read(string text, params IReadOnlyList<Change> changes) => Read(null, text, changes);

    /// <summary>Reads one of many experiments that have much in common.</summary>
    /// <param name="samples">What they have in common; null where there is one.</param>
    /// <param name="text">JSON.</param>
    /// <param name="changes">Changes of the form <c>path=value</c>, applied in order.</param>
    /// <returns>The experiment or every error.</returns>
    public static ExperimentReading Read(SharedSamples? samples, string text, params IReadOnlyList<Change> changes)
    {
        (JsonElement document, ConfigurationError? fault) = samples?.Document(text) ?? StrictJson.Parse(text);
        if (fault is not null)
            return Failure(fault);
        if (document.ValueKind != JsonValueKind.Object)
            return Failure(new ConfigurationError("", "is not an object", "it must begin with { and end with }"));
        if (changes.Count == 0)
            return ExperimentReader.Read(document, samples: samples);
        JsonObject root = JsonObject.Create(document)!;
        ImmutableArray<ConfigurationError> refused = [.. changes.Select(change => change.ApplyTo(root)).OfType<ConfigurationError>()];
        return refused.IsEmpty
            ? ExperimentReader.Read(JsonSerializer.SerializeToElement(root, Deep), samples: samples)
            : new(null, refused);
    }

    private static ExperimentReading Failure(ConfigurationError error) => new(null, [error]);
}
