using System.Net;
using System.Text.Json;
using Grokking.Service.CommandLine;

namespace Grokking.Service.Serving;

/// <summary>Log files are for programs: a JSON object per line, which says which run it is about; and nothing secret is in any of them.</summary>
public sealed class LogTests : IDisposable
{
    private const string Token = "correct-horse-battery-staple";
    private readonly Folder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Every_line_is_an_event_and_whatever_is_about_a_run_has_its_id()
    {
        using GrokkingProcess submitted = GrokkingProcess.Run(folder.Path, "submit", "gromov/quick", "--json");
        string run = submitted.Json.GetProperty("run").GetString()!;
        using var service = new GrokkingProcess(folder.Path, "serve", "--urls", FreeAddress.Next());
        service.WaitFor(() => service.Error.Contains("is completed", StringComparison.Ordinal), "its end");
        service.Terminate();
        Assert.Equal(0, service.Wait());

        JsonElement[] own = Events(folder.File("data", "runs", run, "logs"));
        Assert.True(own.Length >= 2);
        Assert.All(own, each => Assert.Equal(run, RunOf(each)));
        JsonElement[] all = Events(folder.File("data", "logs"));
        JsonElement[] about = [.. all.Where(each => each.GetProperty("RenderedMessage").GetString()!.Contains("gromov-quick", StringComparison.Ordinal))];
        // Taken up, grokked, ended.
        Assert.True(about.Length >= 3);
        Assert.All(about, each => Assert.Equal(run, RunOf(each)));
        Assert.Contains(about, each => each.GetProperty("Properties").TryGetProperty("Alert", out JsonElement alert) && alert.GetString() == "Grokked");
        // People read sentences still.
        Assert.Contains($" INF Training {run} from step 0 in ", service.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_secret_is_in_any_log_or_on_the_console()
    {
        File.WriteAllText(folder.File("token"), Token);
        string url = FreeAddress.Next(), hook = FreeAddress.Next().Replace("http://", "http://hooker:open-sesame@", StringComparison.Ordinal) + "/services/T000/secret-path?key=secret-query";
        using GrokkingProcess submitted = GrokkingProcess.Run(folder.Path, "submit", "gromov/quick");
        using var service = new GrokkingProcess(
            folder.Path,
            ["serve", "--urls", url, "--token-file", folder.File("token"), "--webhook", hook, "--otlp", "http://user:collector-password@127.0.0.1:9"],
            ("OTEL_METRIC_EXPORT_INTERVAL", "200"), ("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20header-secret"));
        service.WaitFor(() => service.Error.Contains("is completed", StringComparison.Ordinal), "its end");
        using var client = new HttpClient();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri($"{url}/api/runs?token={Token}"))).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await new HttpClient().GetAsync(new Uri($"{url}/api/runs?token=wrong-{Token}"))).StatusCode);
        // The webhook is given up for an alert after half a minute, and says so.
        service.WaitFor(() => service.Error.Contains("did not reach 127.0.0.1", StringComparison.Ordinal), "its giving up");
        service.Terminate();
        service.Wait();

        string[] written = [service.Error, .. Directory.EnumerateFiles(folder.File("data"), "*.jsonl", SearchOption.AllDirectories).Select(File.ReadAllText)];
        Assert.True(written.Length >= 3);
        foreach (string secret in new[] { Token, "open-sesame", "secret-path", "secret-query", "collector-password", "header-secret" })
            Assert.All(written, text => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
    }

    private static JsonElement[] Events(string directory) =>
        [.. File.ReadAllLines(Assert.Single(Directory.GetFiles(directory, "*.jsonl"))).Select(line => JsonDocument.Parse(line).RootElement)];

    private static string? RunOf(JsonElement each) => each.GetProperty("Properties").TryGetProperty("Run", out JsonElement run) ? run.GetString() : null;
}
