using System.Collections.Immutable;
using Grokking.Host.Configuration;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Grokking.Host.Web;

/// <summary>What went wrong, as problem details (RFC 9457): the sentence that the command line would say.</summary>
internal static class Problems
{
    /// <summary>Goes on with what was found, or says that it was not.</summary>
    public static IResult With<T>(Result<T> found, Func<T, IResult> then) => found.Match(then, reason => Of(StatusCodes.Status404NotFound, "Not found", reason));

    /// <summary>The request cannot be understood.</summary>
    public static IResult BadRequest(string reason) => Of(StatusCodes.Status400BadRequest, "Not understood", reason);

    /// <summary>The request does not fit how things stand.</summary>
    public static IResult Conflict(string reason) => Of(StatusCodes.Status409Conflict, "Not possible now", reason);

    /// <summary>Every error of a configuration, by its path.</summary>
    public static IResult Invalid(ImmutableArray<ConfigurationError> errors) => TypedResults.ValidationProblem(
        errors.GroupBy(error => error.Path, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Select(error => error.Sentence).ToArray(), StringComparer.Ordinal),
        detail: string.Join(" ", errors.Select(error => error.Sentence)),
        title: "The experiment is not valid");

    private static ProblemHttpResult Of(int status, string title, string reason) => TypedResults.Problem(reason, statusCode: status, title: title);
}
