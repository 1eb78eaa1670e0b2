using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Microsoft.Net.Http.Headers;

namespace Grokking.Host.Web;

/// <summary>The dashboard: one page whose script shows what the address names, and the files that it is made of.</summary>
internal static class Pages
{
    private const string Shell = "index.html";
    private const string Html = "text/html; charset=utf-8";

    // What the page's script knows to show; every other address is answered by 404.
    private static readonly string[] Addresses = ["/", "/runs/{id}", "/compare", "/submit", "/alerts"];

    /// <summary>The folder that travels with the program.</summary>
    private static string Root => Path.Combine(AppContext.BaseDirectory, "wwwroot");

    /// <summary>Serves the files.</summary>
    public static void Use(WebApplication application) => application.UseStaticFiles(new StaticFileOptions
    {
        FileProvider = new PhysicalFileProvider(Root),
        ContentTypeProvider = new FileExtensionContentTypeProvider(),
        // Asked for anew each time, and mostly answered by "not modified": after an update nobody sees half of the old page.
        OnPrepareResponse = context => context.Context.Response.Headers[HeaderNames.CacheControl] = "no-cache",
    });

    /// <summary>Adds the addresses that people see.</summary>
    public static void Map(IEndpointRouteBuilder application)
    {
        foreach (string address in Addresses)
            application.MapMethods(address, [HttpMethods.Get, HttpMethods.Head], () => TypedResults.PhysicalFile(Path.Combine(Root, Shell), Html)).ExcludeFromDescription();
    }
}
