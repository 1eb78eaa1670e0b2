using System.Collections.Immutable;
using System.Text.Json;
using Grokking.Host.Configuration;
using Grokking.Host.Files;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Grokking.Host.Web;

/// <summary>What went wrong, as problem details (RFC 9457): the sentence that the command line would say.</summary>
internal static class Problems
{
    /// <summary>Goes on with what was found, or says that it was not.</summary>
    public static IResult With<T>(Result<T> found, Func<T, IResult> then) => found.Match(then, NotFound);

    /// <summary>There is no such thing.</summary>
    public static IResult NotFound(string reason) => Of(StatusCodes.Status404NotFound, "Not found", reason);

    /// <summary>A file that is needed cannot be trusted.</summary>
    public static IResult Damaged(DamagedFileException damaged) => Of(StatusCodes.Status500InternalServerError, "A file is damaged", damaged.Message);

    /// <summary>The request cannot be understood.</summary>
    public static IResult BadRequest(string reason) => Of(StatusCodes.Status400BadRequest, "Not understood", reason);

    /// <summary>The request does not fit how things stand.</summary>
    public static IResult Conflict(string reason) => Of(StatusCodes.Status409Conflict, "Not possible now", reason);

    /// <summary>Whoever asks may not.</summary>
    public static IResult Forbidden(string reason) => Of(StatusCodes.Status403Forbidden, "Not allowed", reason);

    /// <summary>Whoever asks has not said who it is.</summary>
    public static IResult Unauthorized() =>
        Of(StatusCodes.Status401Unauthorized, "No token", "The service wants a token: programs send the header Authorization: Bearer TOKEN; in a browser, open the page once with ?token=TOKEN.");

    /// <summary>Every error of a configuration, by its path.</summary>
    public static IResult Invalid(ImmutableArray<ConfigurationError> errors) => TypedResults.ValidationProblem(
        errors.GroupBy(error => error.Path, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Select(error => error.Sentence).ToArray(), StringComparer.Ordinal),
        detail: string.Join(" ", errors.Select(error => error.Sentence)),
        title: "The experiment is not valid");

    /// <summary>Which status a fault of a handler has: a body or a parameter that cannot be read is the sender's.</summary>
    public static int StatusOf(Exception fault) => fault is BadHttpRequestException wrong ? wrong.StatusCode : StatusCodes.Status500InternalServerError;

    /// <summary>Adds the sentence about a request that no handler saw.</summary>
    public static void Explain(ProblemDetailsContext context) => context.ProblemDetails.Detail ??= context.Exception switch
    {
        BadHttpRequestException { InnerException: JsonException json } => $"The body is not what is expected: {json.Message}",
        BadHttpRequestException wrong => wrong.Message,
        null => context.HttpContext.Response.StatusCode switch
        {
            StatusCodes.Status413PayloadTooLarge => $"The body is larger than {Limits.FileBytes} bytes, the most that is read.",
            StatusCodes.Status404NotFound => $"There is nothing at {context.HttpContext.Request.Path}; what there is, is described at /openapi/v1.json.",
            StatusCodes.Status405MethodNotAllowed => $"{context.HttpContext.Request.Path} does not know {context.HttpContext.Request.Method}.",
            StatusCodes.Status415UnsupportedMediaType => "The body must be JSON, with the header Content-Type: application/json.",
            _ => null,
        },
        _ => "This should not have happened; the service's log says more.",
    };

    private static ProblemHttpResult Of(int status, string title, string reason) => TypedResults.Problem(reason, statusCode: status, title: title);
}
