using Grokking.Host.Output;
using Grokking.Host.Runs;
using Grokking.Host.Service;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Grokking.Host.Web;

/// <summary>What the service answers over HTTP.</summary>
internal static class Endpoints
{
    /// <summary>Adds the addresses.</summary>
    public static void Map(WebApplication application)
    {
        application.MapGet("/health/live", (WorkerHealth health) => Answer(health.Fault, "live"));
        application.MapGet("/health/ready", (Readiness readiness) => Answer(readiness.Objection, "ready"));
        application.MapGet("/api/runs", (RunCatalogue runs) => Json(JsonLine.Write(json =>
        {
            json.WriteStartArray("runs");
            foreach (RunEntry entry in runs.List())
            {
                json.WriteStartObject();
                RunReport.WriteMembers(json, entry);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        })));
        application.MapGet("/api/runs/{id}", (string id, RunCatalogue runs) =>
            runs.List().FirstOrDefault(entry => entry.Record.Run == id) is { } entry
                ? Json(RunReport.Json(entry))
                : Results.Problem($"There is no run '{id}'.", statusCode: StatusCodes.Status404NotFound));
    }

    private static IResult Answer(string? objection, string status) => Json(
        JsonLine.Write(json =>
        {
            json.WriteString("status", objection is null ? status : $"not {status}");
            if (objection is not null)
                json.WriteString("reason", objection);
        }),
        objection is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);

    private static IResult Json(string body, int status = StatusCodes.Status200OK) =>
        Results.Content(body, "application/json", System.Text.Encoding.UTF8, status);
}
