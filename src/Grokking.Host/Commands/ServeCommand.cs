using System.CommandLine;
using Grokking.Host.Configuration;
using Grokking.Host.Output;
using Grokking.Host.Service;
using Grokking.Host.Web;

namespace Grokking.Host.Commands;

/// <summary><c>serve</c>: the background service.</summary>
internal static class ServeCommand
{
    /// <summary>Where the service listens unless it is told otherwise: reachable from this machine only.</summary>
    public const string DefaultUrls = "http://127.0.0.1:5080";

    /// <summary>Makes the command.</summary>
    public static Command Create(CommonOptions common, Terminal terminal)
    {
        var urls = new Option<string>("--urls")
        {
            Description = "Where to listen.",
            HelpName = "URL",
            DefaultValueFactory = _ => DefaultUrls,
        };
        urls.Validators.Add(result =>
        {
            foreach (string url in result.Tokens.SelectMany(token => GrokkingService.Addresses(token.Value)))
            {
                if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? address) || address.Scheme is not ("http" or "https"))
                    result.AddError($"--urls is {url}; it must be an address such as {DefaultUrls}.");
            }
        });
        Option<long?> together = NumberOption.Create("--together", 1, Limits.Threads, "How many runs are trained at once (default: 1); they share the threads.");
        var command = new Command("serve", "Trains what was submitted until it is stopped, and answers over HTTP.")
        {
            urls, common.Threads, together,
        };
        command.SetAction((parsed, _) =>
        {
            CommonSettings settings = common.Of(parsed);
            return GrokkingService.RunAsync(new ServiceSettings(settings.Data, settings.Threads, (int)(parsed.GetValue(together) ?? 1)), parsed.GetValue(urls)!, terminal);
        });
        return command;
    }
}
