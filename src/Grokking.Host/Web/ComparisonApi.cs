using System.Collections.Immutable;
using System.Text.Json;
using Grokking.Host.Metrics;
using Grokking.Host.Output;
using Grokking.Host.Runs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Grokking.Host.Web;

/// <summary>Several runs beside each other.</summary>
/// <param name="Runs">How they stand, in the order that was asked for.</param>
/// <param name="Differing">The settings in which they differ, by path; for each run its value as JSON, null where it has none.</param>
/// <param name="Metrics">Their metrics.</param>
internal sealed record Comparison(IReadOnlyList<RunView> Runs, IReadOnlyDictionary<string, IReadOnlyList<JsonElement?>> Differing, IReadOnlyList<MetricsView> Metrics);

/// <summary>Runs beside each other over HTTP.</summary>
internal static class ComparisonApi
{
    /// <summary>Adds the address.</summary>
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/compare", (string run, [AsParameters] MetricsQuery query, RunCatalogue runs, MetricsViews views) =>
            query.OfSeveral(run, runs, views, (entries, metrics) => new Comparison([.. entries.Select(RunView.Of)], Differing([.. entries.Select(entry => entry.Record.Configuration)]), metrics)))
        .WithSummary("Several runs, whose ids are separated by commas, beside each other: how they stand, the settings in which they differ, and their metrics.")
        .Produces<Comparison>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);

    /// <summary>The settings in which experiments differ.</summary>
    /// <param name="experiments">The experiments, resolved.</param>
    public static IReadOnlyDictionary<string, IReadOnlyList<JsonElement?>> Differing(ImmutableArray<JsonElement> experiments)
    {
        ImmutableArray<Dictionary<string, JsonElement>> settings = [.. experiments.Select(experiment =>
        {
            var found = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
            Flatten("", experiment, found);
            return found;
        })];
        return settings.SelectMany(each => each.Keys).Distinct(StringComparer.Ordinal)
            .Where(path => settings.Select(each => each.TryGetValue(path, out JsonElement value) ? value.GetRawText() : null).Distinct(StringComparer.Ordinal).Count() > 1)
            .ToDictionary(
                path => path,
                path => (IReadOnlyList<JsonElement?>)[.. settings.Select(each => each.TryGetValue(path, out JsonElement value) ? value : (JsonElement?)null)],
                StringComparer.Ordinal);
    }

    private static void Flatten(string path, JsonElement value, Dictionary<string, JsonElement> found)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            found[path] = value;
            return;
        }

        foreach (JsonProperty member in value.EnumerateObject())
            Flatten(path.Length == 0 ? member.Name : $"{path}.{member.Name}", member.Value, found);
    }
}
