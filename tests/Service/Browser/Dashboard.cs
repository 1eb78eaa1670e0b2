using System.Text.Json;
using Grokking.Service.CommandLine;
using Microsoft.Playwright;

namespace Grokking.Service.Browser;

/// <summary>A service over a folder of its own, and a browser that looks at it; whatever the browser complains about is collected.</summary>
internal sealed class Dashboard : IAsyncDisposable
{
    private readonly Folder folder = new();
    private readonly IPlaywright playwright;
    private readonly IBrowser browser;
    private readonly List<string> complaints = [];

    private Dashboard(IPlaywright playwright, IBrowser browser, string url, Action<Folder> prepare, IEnumerable<string> arguments)
    {
        this.playwright = playwright;
        this.browser = browser;
        Url = url;
        prepare(folder);
        Service = new GrokkingProcess(folder.Path, ["serve", "--data", Data, "--urls", url, .. arguments]);
        Service.WaitFor(() => Service.Error.Contains("listening", StringComparison.Ordinal), "it listens");
        Client = new HttpClient { BaseAddress = new Uri(url) };
    }

    public string Url { get; }

    public string Data => folder.File("data");

    public GrokkingProcess Service { get; }

    public HttpClient Client { get; }

    /// <summary>What the browser wrote to its console as an error, and every exception that a script did not catch.</summary>
    public IReadOnlyList<string> Complaints
    {
        get
        {
            lock (complaints)
                return [.. complaints];
        }
    }

    public static async Task<Dashboard> OpenAsync(Action<Folder>? prepare = null, params IEnumerable<string> arguments)
    {
        Assert.Equal("", Chromium.Missing);
        IPlaywright playwright = await Playwright.CreateAsync();
        IBrowser browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium.Path, Args = ["--no-sandbox"] });
        return new Dashboard(playwright, browser, FreeAddress.Next(), prepare ?? (_ => { }), arguments);
    }

    /// <summary>A page of the dashboard.</summary>
    public async Task<IPage> GoAsync(string address, int width = 1280, int height = 900, ColorScheme scheme = ColorScheme.Light)
    {
        IBrowserContext context = await browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = height }, ColorScheme = scheme, BaseURL = Url });
        IPage page = await context.NewPageAsync();
        page.Console += (_, message) => Complain(message.Type == "error", message.Text);
        page.PageError += (_, fault) => Complain(true, fault);
        await page.GotoAsync(address);
        return page;
    }

    /// <summary>Submits, past the page.</summary>
    public async Task<string> SubmitAsync(object submission)
    {
        using HttpResponseMessage answer = await Client.PostAsync("/api/runs", new StringContent(JsonSerializer.Serialize(submission), System.Text.Encoding.UTF8, "application/json"));
        string body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, body);
        return JsonDocument.Parse(body).RootElement.GetProperty("run").GetString()!;
    }

    /// <summary>Keeps a picture of the page, for people to look at.</summary>
    public static async Task ShootAsync(IPage page, string name)
    {
        string pictures = Path.Combine(AppContext.BaseDirectory, "screenshots");
        Directory.CreateDirectory(pictures);
        await page.ScreenshotAsync(new() { Path = Path.Combine(pictures, $"{name}.png") });
    }

    public async ValueTask DisposeAsync()
    {
        await browser.DisposeAsync();
        playwright.Dispose();
        Client.Dispose();
        Service.Dispose();
        folder.Dispose();
    }

    private void Complain(bool isError, string text)
    {
        lock (complaints)
        {
            if (isError)
                complaints.Add(text);
        }
    }
}
