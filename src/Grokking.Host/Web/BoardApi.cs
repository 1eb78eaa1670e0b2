using Grokking.Host.Service;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Grokking.Host.Web;

/// <summary>What is new over HTTP: alerts, and everything that changes as it changes.</summary>
internal static class BoardApi
{
    /// <summary>Adds the addresses.</summary>
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/alerts", (Alerts alerts) => TypedResults.Ok(alerts.Recent)).WithSummary("The newest alerts since the service began, the oldest of them first.");
        api.MapGet("/stream", (BoardStream board, HttpContext context, CancellationToken gone) => EventStream.Of(board.Follow(gone), context))
            .WithSummary("Server-sent events: 'ready', once; then 'runs', an array of the runs that changed since; 'gone', ids of deleted ones; 'progress', of what is trained here; 'service', how the service stands; 'alert', one at a time.")
            .Produces(StatusCodes.Status200OK, contentType: "text/event-stream");
    }
}
