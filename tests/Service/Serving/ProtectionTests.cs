using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Grokking.Service.CommandLine;

namespace Grokking.Service.Serving;

/// <summary>Who may ask the service for something, and what it tells outside.</summary>
public sealed class ProtectionTests : IDisposable
{
    private const string Token = "correct-horse-battery";
    private readonly Folder folder = new();
    private readonly string url = FreeAddress.Next();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Pages_of_other_sites_and_other_names_of_this_machine_are_refused()
    {
        using GrokkingProcess service = Serve("--urls", url);
        using var client = new HttpClient { BaseAddress = new Uri(url) };
        async Task<HttpStatusCode> Ask(HttpMethod method, params (string Name, string Value)[] headers)
        {
            using var request = new HttpRequestMessage(method, "/api/runs");
            if (method == HttpMethod.Post)
                request.Content = JsonContent.Create(new { experiment = "none" });
            foreach ((string name, string value) in headers)
                request.Headers.TryAddWithoutValidation(name, value);
            using HttpResponseMessage answer = await client.SendAsync(request);
            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.Contains("default-src 'self'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
            Assert.False(answer.Headers.Contains("Server"));
            return answer.StatusCode;
        }

        Assert.Equal(HttpStatusCode.BadRequest, await Ask(HttpMethod.Post));
        Assert.Equal(HttpStatusCode.BadRequest, await Ask(HttpMethod.Post, ("Sec-Fetch-Site", "same-origin")));
        Assert.Equal(HttpStatusCode.BadRequest, await Ask(HttpMethod.Post, ("Origin", url)));
        Assert.Equal(HttpStatusCode.Forbidden, await Ask(HttpMethod.Post, ("Sec-Fetch-Site", "cross-site")));
        Assert.Equal(HttpStatusCode.Forbidden, await Ask(HttpMethod.Post, ("Sec-Fetch-Site", "same-site")));
        Assert.Equal(HttpStatusCode.Forbidden, await Ask(HttpMethod.Post, ("Origin", "https://elsewhere.example")));
        Assert.Equal(HttpStatusCode.Forbidden, await Ask(HttpMethod.Get, ("Host", "rebound.example")));
        Assert.Equal(HttpStatusCode.OK, await Ask(HttpMethod.Get, ("Host", "localhost")));
    }

    [Fact]
    public async Task With_a_token_nothing_but_health_is_told_to_whoever_does_not_know_it()
    {
        File.WriteAllText(folder.File("token"), Token + "\n");
        using GrokkingProcess service = Serve("--urls", url, "--token-file", folder.File("token"));
        using var stranger = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri(url) };
        async Task<HttpStatusCode> Ask(string path, string? header = null, string? cookie = null)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            if (header is not null)
                request.Headers.TryAddWithoutValidation("Authorization", header);
            if (cookie is not null)
                request.Headers.Add("Cookie", cookie);
            return (await stranger.SendAsync(request)).StatusCode;
        }

        Assert.Equal(HttpStatusCode.OK, await Ask("/health/ready"));
        Assert.Equal(HttpStatusCode.Unauthorized, await Ask("/api/runs"));
        Assert.Equal(HttpStatusCode.Unauthorized, await Ask("/api/runs", "Bearer wrong"));
        Assert.Equal(HttpStatusCode.Unauthorized, await Ask("/api/runs?token=wrong"));
        Assert.Equal(HttpStatusCode.OK, await Ask("/api/runs", $"Bearer {Token}"));
        HttpResponseMessage opened = await stranger.GetAsync(new Uri($"/?token={Token}", UriKind.Relative));
        Assert.Equal((HttpStatusCode.Redirect, "/"), (opened.StatusCode, opened.Headers.Location?.ToString()));
        string cookie = opened.Headers.GetValues("Set-Cookie").Single();
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(HttpStatusCode.OK, await Ask("/api/runs", cookie: cookie.Split(';')[0]));
        service.Terminate();
        service.Wait();
        Assert.DoesNotContain(Token, service.Error + string.Concat(Directory.GetFiles(folder.File("data", "logs")).Select(File.ReadAllText)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--urls http://0.0.0.0:5080", "can be reached from other machines")]
    [InlineData("--urls http://192.168.1.5:5080;http://127.0.0.1:5080", "http://192.168.1.5:5080 can be reached")]
    [InlineData("--token-file nothing", "The token cannot be read")]
    [InlineData("--token-file short", "must have at least 16")]
    [InlineData("--webhook nowhere", "--webhook is nowhere")]
    public void A_service_that_would_be_open_to_others_does_not_begin(string arguments, string sentence)
    {
        File.WriteAllText(folder.File("short"), "abc");
        using GrokkingProcess service = GrokkingProcess.Run(folder.Path, ["serve", .. arguments.Split(' ')]);
        Assert.Equal(2, service.ExitCode);
        Assert.Contains(sentence, service.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused_with_the_limit()
    {
        using GrokkingProcess service = Serve("--urls", url);
        using var client = new HttpClient { BaseAddress = new Uri(url) };
        using HttpResponseMessage answer = await client.PostAsJsonAsync(new Uri("/api/runs", UriKind.Relative), new { experiment = new string('x', 2_000_000) });
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Contains("1048576", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_worth_telling_reaches_the_page_and_the_webhook()
    {
        using var hook = new HttpListener();
        string address = FreeAddress.Next() + "/hook/";
        hook.Prefixes.Add(address);
        hook.Start();
        using GrokkingProcess service = Serve("--urls", url, "--webhook", address);
        using var client = new HttpClient { BaseAddress = new Uri(url) };
        await client.PostAsJsonAsync(new Uri("/api/runs", UriKind.Relative), new { experiment = "gromov/quick" });
        var kinds = new List<string>();
        while (!kinds.Contains("finished"))
        {
            HttpListenerContext call = await hook.GetContextAsync().WaitAsync(TimeSpan.FromMinutes(1));
            JsonElement alert = (await JsonDocument.ParseAsync(call.Request.InputStream)).RootElement;
            Assert.StartsWith("gromov-quick-", alert.GetProperty("text").GetString(), StringComparison.Ordinal);
            kinds.Add(alert.GetProperty("kind").GetString()!);
            call.Response.StatusCode = 204;
            call.Response.Close();
        }

        Assert.Equal(["grokked", "finished"], kinds);
        JsonElement shown = await client.GetFromJsonAsync<JsonElement>(new Uri("/api/alerts", UriKind.Relative));
        Assert.Equal(kinds, shown.EnumerateArray().Select(alert => alert.GetProperty("kind").GetString()!));
    }

    private GrokkingProcess Serve(params string[] arguments)
    {
        var service = new GrokkingProcess(folder.Path, ["serve", .. arguments]);
        service.WaitFor(() => service.Error.Contains("listening", StringComparison.OrdinalIgnoreCase), "the service");
        return service;
    }
}
