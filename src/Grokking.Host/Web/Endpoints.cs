using Grokking.Host.Output;
using Grokking.Host.Service;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Grokking.Host.Web;

/// <summary>What the service answers over HTTP.</summary>
internal static class Endpoints
{
    /// <summary>Adds the addresses.</summary>
    public static void Map(WebApplication application)
    {
        application.MapGet("/health/live", (WorkerHealth health) => Answer(health.Fault, "live"));
        application.MapGet("/health/ready", (Readiness readiness) => Answer(readiness.Objection, "ready"));
        RouteGroupBuilder api = application.MapGroup("/api");
        BoardApi.Map(api);
        RunsApi.Map(api);
        MetricsApi.Map(api);
        ComparisonApi.Map(api);
        ExperimentsApi.Map(api);
        Pages.Map(application);
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
