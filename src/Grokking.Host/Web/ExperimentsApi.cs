using System.Text.Json;
using Grokking.Host.Configuration;
using Grokking.Host.Experiments;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Grokking.Host.Web;

/// <summary>An experiment that comes with the program.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="Task">What is learnt.</param>
/// <param name="Steps">Steps of its budget.</param>
internal sealed record PresetView(string Name, string? Source, string? Task, long? Steps);

/// <summary>What is to be said of an experiment.</summary>
/// <param name="Valid">Whether it can be trained.</param>
/// <param name="Run">The id that its run has; null where it is not valid.</param>
/// <param name="Errors">Everything that is wrong with it.</param>
/// <param name="Warnings">What is worth a thought.</param>
internal sealed record Validation(bool Valid, string? Run, IEnumerable<ValidationFault> Errors, IEnumerable<string> Warnings);

/// <summary>One thing that is wrong.</summary>
/// <param name="Path">Where.</param>
/// <param name="Message">The whole sentence.</param>
/// <param name="Nearest">What was probably meant; null where nobody knows.</param>
internal sealed record ValidationFault(string Path, string Message, string? Nearest);

/// <summary>Experiments over HTTP: what there is, what a form may look like, and what is wrong with one.</summary>
internal static class ExperimentsApi
{
    private const string Schema = "experiment.schema.json";

    /// <summary>Adds the addresses.</summary>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/experiments", () => TypedResults.Ok(ExperimentCatalogue.Default.Presets.Select(View)))
            .WithSummary("The experiments that come with the program.");
        api.MapGet("/experiments/{*name}", (string name) => Problems.With(ExperimentCatalogue.Default.Preset(name), text => TypedResults.Text(text, "application/json")))
            .WithSummary("One of them, as its file has it.")
            .Produces<JsonElement>().ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("/schema", () => TypedResults.PhysicalFile(Path.Combine(AppContext.BaseDirectory, "data", "experiments", Schema), "application/schema+json"))
            .WithSummary("The JSON schema of an experiment.");
        api.MapPost("/validate", (JsonElement experiment) => TypedResults.Ok(Validate(experiment.GetRawText())))
            .WithSummary("Says everything that is wrong with an experiment.");
    }

    private static PresetView View(Preset preset) => ExperimentCatalogue.Default.Preset(preset.Name).Match(text => ConfigurationText.Read(text).Experiment, _ => null) is { } experiment
        ? new(preset.Name, experiment.Source, $"{experiment.Task.Operation} mod {experiment.Task.Modulus}", experiment.Budget.Steps)
        : new(preset.Name, null, null, null);

    private static Validation Validate(string text)
    {
        ExperimentReading reading = ConfigurationText.Read(text);
        return new(
            reading.Errors.IsEmpty,
            reading.Experiment is { } experiment ? CanonicalForm.RunId(experiment) : null,
            reading.Errors.Select(error => new ValidationFault(error.Path, error.Sentence, error.Nearest.Length == 0 ? null : error.Nearest)),
            reading.Experiment is { } valid ? PhysicsGuards.Warnings(valid) : []);
    }
}
