using System.Net;
using System.Security.Cryptography;
using System.Text;
using Grokking.Host.Service;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Grokking.Host.Web;

/// <summary>
/// Who may ask the service for something. On this machine's own address everybody who is on the machine; at any other address whoever knows the token. Pages of other
/// sites never, wherever it listens: browsers say where a request comes from.
/// </summary>
internal static class Protection
{
    /// <summary>The environment variable that may hold the token.</summary>
    public const string TokenVariable = "GROKKING_TOKEN";

    /// <summary>Tokens shorter than this could be guessed.</summary>
    public const int ShortestToken = 16;

    private const string Cookie = "grokking-token";
    private const string Parameter = "token";

    /// <summary>Whether an address can be reached from this machine only.</summary>
    public static bool IsLoopback(string url) => Uri.TryCreate(url, UriKind.Absolute, out Uri? address)
        && (address.IsLoopback || (IPAddress.TryParse(address.Host.Trim('[', ']'), out IPAddress? ip) && IPAddress.IsLoopback(ip)));

    /// <summary>Adds the checks before everything else.</summary>
    /// <param name="application">The web server.</param>
    /// <param name="settings">Whether there is a token.</param>
    /// <param name="isLocal">Whether it listens on this machine's own address only.</param>
    public static void Use(WebApplication application, ServiceSettings settings, bool isLocal) => application.Use(async (context, next) =>
    {
        AddHeaders(context.Response.Headers);
        IResult? refusal = isLocal && !IsOfThisMachine(context.Request.Host.Host)
            ? Problems.Forbidden($"The service listens to this machine only and does not know the name '{context.Request.Host.Host}'.")
            : !IsOfThisSite(context.Request) ? Problems.Forbidden("The request comes from a page of another site.")
            : settings.Token is { } token && !IsHealth(context.Request) ? Admit(context, token)
            : null;
        if (refusal is null)
            await next(context).ConfigureAwait(false);
        else
            await refusal.ExecuteAsync(context).ConfigureAwait(false);
    });

    // Health says nothing about runs, and whoever watches the service need not be trusted with them.
    private static bool IsHealth(HttpRequest request) => request.Path.StartsWithSegments("/health", StringComparison.Ordinal);

    private static bool IsOfThisMachine(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? ip) && IPAddress.IsLoopback(ip));

    // What only reads is harmless from anywhere, for another site's page cannot see the answer.
    private static bool IsOfThisSite(HttpRequest request)
    {
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
            return true;
        if (request.Headers.TryGetValue("Sec-Fetch-Site", out Microsoft.Extensions.Primitives.StringValues site))
            return site == "same-origin" || site == "none";
        return request.Headers.Origin is not [{ } origin, ..] || (Uri.TryCreate(origin, UriKind.Absolute, out Uri? from) && from.Authority == request.Host.Value);
    }

    // A program sends the token in a header; a person opens the page once with ?token=…, and the browser keeps it where no script can read it.
    private static IResult? Admit(HttpContext context, string token)
    {
        HttpRequest request = context.Request;
        if (request.Headers.Authorization is [{ } bearer, ..] && bearer.StartsWith("Bearer ", StringComparison.Ordinal) && Equal(bearer["Bearer ".Length..], token))
            return null;
        if (request.Query[Parameter] is [{ } given, ..] && Equal(given, token))
        {
            context.Response.Cookies.Append(Cookie, given, new CookieOptions { HttpOnly = true, SameSite = Microsoft.AspNetCore.Http.SameSiteMode.Strict, Secure = request.IsHttps, IsEssential = true });
            return HttpMethods.IsGet(request.Method) ? TypedResults.Redirect(request.Path) : null;
        }

        if (request.Cookies[Cookie] is { } kept && Equal(kept, token))
            return null;
        context.Response.Headers[HeaderNames.WWWAuthenticate] = "Bearer";
        return Problems.Unauthorized();
    }

    private static bool Equal(string given, string token) => CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    private static void AddHeaders(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-store";
    }
}
