using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Grokking.Arithmetic;
using Grokking.Measures;
using Grokking.Networks;

namespace Grokking.Host.Configuration;

/// <summary>The names that <c>measures</c> may list: those of the Model's scalar measures and explanations, and what only the host can write.</summary>
internal static class MeasureNames
{
    /// <summary>Weight and gradient norms of every tensor: columns of the metrics.</summary>
    public const string Norms = "norms";

    /// <summary>The phases of every neuron: columns of the metrics, and tables under <c>phases/</c>.</summary>
    public const string Phases = "phases";

    /// <summary>The Fourier power of every neuron: tables under <c>spectra/</c>.</summary>
    public const string Spectra = "spectra";

    /// <summary>All of them.</summary>
    public static ImmutableArray<string> All { get; } = [.. ScalarMeasures.Keywords.Concat(Explanations.Keywords).Append(Spectra).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Whether a name means anything for a network and a task.</summary>
    public static bool Apply(string name, INetwork network, ArithmeticTask task) => name == Spectra
        ? Specimen.HasPhases(network)
        : ScalarMeasures.All.Any(measure => measure.Keyword == name && measure.AppliesTo(network)) || Explanations.For(network, task, [name]).Count > 0;

    /// <summary>The networks and tasks that a name means anything for, in words.</summary>
    public static string Scope(string name) => name == Spectra
        ? Specimen.WithPhases
        : string.Join(
            " or ",
            ScalarMeasures.All.Where(measure => measure.Keyword == name).Select(measure => measure.Scope)
                .Concat(Explanations.All.Where(explanation => explanation.Keyword == name).Select(explanation => explanation.Scope))
                .Distinct());

    /// <summary>What editors are told of the list.</summary>
    public static JsonObject Schema() => new()
    {
        ["type"] = "array",
        ["uniqueItems"] = true,
        ["default"] = new JsonArray(),
        ["items"] = new JsonObject { ["enum"] = new JsonArray([.. All.Select(name => (JsonNode)name)]) },
        ["description"] = "What is measured beside losses and accuracies.",
    };
}
