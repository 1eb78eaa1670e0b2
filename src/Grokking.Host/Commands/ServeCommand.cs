using System.CommandLine;
using Grokking.Host.Configuration;
using Grokking.Host.Output;
using Grokking.Host.Service;
using Grokking.Host.Training;
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
        var token = new Option<string?>("--token-file")
        {
            Description = $"A file with the token that whoever asks for something must know, in place of the environment variable {Protection.TokenVariable}. An address that is not this machine's own demands one.",
            HelpName = "FILE",
        };
        var webhook = new Option<string?>("--webhook")
        {
            Description = "Where every alert is posted as JSON: grokked, collapsed, a loss that is not finite, stuck, finished, failed.",
            HelpName = "URL",
        };
        webhook.Validators.Add(result =>
        {
            if (!Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out Uri? address) || address.Scheme is not ("http" or "https"))
                result.AddError($"--webhook is {result.Tokens[0].Value}; it must be an address such as https://example.org/hook.");
        });
        var telemetry = new Option<string?>("--otlp")
        {
            Description = $"Where the meters are sent over OTLP, such as http://127.0.0.1:4318, in place of the environment variable {Telemetry.AddressVariable}.",
            HelpName = "URL",
        };
        telemetry.Validators.Add(result =>
        {
            if (Telemetry.AddressOf(result.Tokens[0].Value) is null)
                result.AddError($"--otlp is {result.Tokens[0].Value}; it must be an address such as http://127.0.0.1:4318.");
        });
        var command = new Command("serve", "Trains what was submitted until it is stopped, and answers over HTTP.")
        {
            urls, token, webhook, telemetry, common.Threads, together,
        };
        foreach (Option option in common.Engine.ForMany)
            command.Add(option);
        command.SetAction((parsed, _) =>
        {
            CommonSettings settings = common.Of(parsed);
            string addresses = parsed.GetValue(urls)!;
            if (Telemetry.Objection() is { } objection)
                return Task.FromResult(Refusal.Of(terminal, objection));
            int runs = (int)(parsed.GetValue(together) ?? 1);
            int share = Math.Max(1, settings.Threads / runs);
            return Token(parsed.GetValue(token), addresses).Bind(known => common.Engine.Open(parsed, share).Map(device => (known, device))).Match(
                found => GrokkingService.RunAsync(new ServiceSettings(settings.Data, settings.Threads, runs, found.known.Length == 0 ? null : found.known, parsed.GetValue(webhook) is { } hook ? new Uri(hook) : null)
                {
                    Telemetry = parsed.GetValue(telemetry) is { } collector ? Telemetry.AddressOf(collector) : null,
                    Engine = found.device?.Alone ?? Engines.Own(share),
                }, addresses, terminal),
                reason => Task.FromResult(Refusal.Of(terminal, reason)));
        });
        return command;
    }

    // Never an argument: those can be read by everybody on the machine.
    private static Result<string> Token(string? file, string urls)
    {
        string token;
        try
        {
            token = (file is null ? Environment.GetEnvironmentVariable(Protection.TokenVariable) ?? "" : File.ReadAllText(file)).Trim();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return Result.Failure<string>($"The token cannot be read: {fault.Message}");
        }

        if (token.Length is > 0 and < Protection.ShortestToken || (file is not null && token.Length == 0))
            return Result.Failure<string>($"The token has {token.Length} characters; it must have at least {Protection.ShortestToken}.");
        string? open = GrokkingService.Addresses(urls).FirstOrDefault(url => !Protection.IsLoopback(url));
        return open is not null && token.Length == 0
            ? Result.Failure<string>($"{open} can be reached from other machines; that demands a token: --token-file FILE, or {Protection.TokenVariable}.")
            : Result.Success(token);
    }
}
