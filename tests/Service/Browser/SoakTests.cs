using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Grokking.Service.Browser;

/// <summary>
/// The service for a long time, with a page that watches and readers that have stopped reading. For half an hour, and with a table, where GROKKING_SOAK_TABLE names a
/// file; the suite itself looks for some seconds only, and times nothing.
/// </summary>
public class SoakTests
{
    private static readonly string? Table = Environment.GetEnvironmentVariable("GROKKING_SOAK_TABLE");
    private static readonly TimeSpan Length = TimeSpan.FromMinutes(double.Parse(Environment.GetEnvironmentVariable("GROKKING_SOAK_MINUTES") ?? (Table is null ? "0.2" : "30"), CultureInfo.InvariantCulture));
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(5);
    private const double MostMegabytes = 300;

    // Measures, in the page, how old a row is when it arrives there.
    private const string Stopwatch = """
        const Real = EventSource;
        window.lags = [];
        window.EventSource = class extends Real {
          constructor(address) {
            super(address);
            this.addEventListener('rows', event => {
              const now = Date.now();
              for (const row of JSON.parse(event.data)) if (row.time) window.lags.push((now - Date.parse(row.time)) / 1000);
            });
          }
        };
        """;

    [BrowserFact]
    public async Task A_page_is_up_to_date_while_others_have_stopped_reading_and_memory_does_not_grow()
    {
        await using Dashboard dashboard = await Dashboard.OpenAsync();
        var stalled = new List<TcpClient>();
        var lags = new List<double>();
        var memory = new List<double>();
        int seen = 0, runs = 0;
        var clock = System.Diagnostics.Stopwatch.StartNew();
        try
        {
            while (clock.Elapsed < Length)
            {
                string run = await dashboard.SubmitAsync(new { experiment = "gromov/fig1-gd", seed = runs++, set = new Dictionary<string, object> { ["evaluation.every"] = 1, ["task.modulus"] = 53, ["network.width"] = 200, ["budget.steps"] = 20_000 } });
                IPage page = await dashboard.GoAsync("/alerts");
                await page.AddInitScriptAsync(Stopwatch);
                await page.GotoAsync($"/runs/{run}");
                stalled.Add(await StopReadingAsync(dashboard, $"/api/runs/{run}/stream"));
                stalled.Add(await StopReadingAsync(dashboard, "/api/stream"));
                await Expect(page.Locator(".uplot").First).ToBeVisibleAsync(new() { Timeout = 60_000 });
                string status;
                do
                {
                    await Task.Delay(Between);
                    memory.Add(Process.GetProcessById(dashboard.Service.Id).WorkingSet64 / 1e6);
                    status = JsonDocument.Parse(await dashboard.Client.GetStringAsync(new Uri($"/api/runs/{run}", UriKind.Relative))).RootElement.GetProperty("run").GetProperty("status").GetString()!;
                }
                while (status != "completed" && clock.Elapsed < Length);
                lags.AddRange(await page.EvaluateAsync<double[]>("window.lags"));
                await page.Context.CloseAsync();
                seen++;
            }
        }
        finally
        {
            stalled.ForEach(reader => reader.Dispose());
        }

        Assert.NotEmpty(lags);
        Assert.Empty(dashboard.Complaints);
        Assert.InRange(memory.Max(), 20, MostMegabytes);
        if (Table is not null)
            File.WriteAllText(Table, Report(seen, lags, memory));
    }

    // Asks, and never reads an answer: what is written to it stays in the buffers of the machine, and then with the service.
    private static async Task<TcpClient> StopReadingAsync(Dashboard dashboard, string address)
    {
        var url = new Uri(dashboard.Url);
        var reader = new TcpClient { ReceiveBufferSize = 4096 };
        await reader.ConnectAsync(url.Host, url.Port);
        await reader.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET {address} HTTP/1.1\r\nHost: {url.Authority}\r\n\r\n"));
        return reader;
    }

    private static string Report(int runs, List<double> lags, List<double> memory)
    {
        double[] late = [.. lags.Order()];
        // The first sixth is warming up.
        double[] warm = [.. memory.Skip(memory.Count / 6).Order()];
        double middle = warm[warm.Length / 2];
        var table = new StringBuilder().AppendLine(CultureInfo.InvariantCulture, $"# The service for {Length.TotalMinutes:0} minutes: {runs} runs, each row followed by a page, and two readers a run that never read\n");
        table.AppendLine("| what | least | median | 95 % | most |\n|---|---|---|---|---|");
        table.AppendLine(CultureInfo.InvariantCulture, $"| age of a row when the page has it, seconds ({late.Length} rows) | {late[0]:0.000} | {late[late.Length / 2]:0.000} | {late[(int)(0.95 * (late.Length - 1))]:0.000} | {late[^1]:0.000} |");
        table.AppendLine(CultureInfo.InvariantCulture, $"| memory of the service, MB ({warm.Length} looks after warming up) | {warm[0]:0} | {middle:0} | {warm[(int)(0.95 * (warm.Length - 1))]:0} | {warm[^1]:0} |");
        double[] windows = [.. memory.Skip(memory.Count / 6).Chunk(Math.Max(1, memory.Count / 6)).Where(window => window.Length > memory.Count / 12).Select(window => window.Order().ElementAt(window.Length / 2))];
        table.AppendLine(CultureInfo.InvariantCulture, $"\nMedians of the memory in windows of {Length.TotalMinutes / 6:0.#} minutes, MB: {string.Join(", ", windows.Select(window => window.ToString("0", CultureInfo.InvariantCulture)))}; from {100 * ((windows.Min() / middle) - 1):+0.0;-0.0} % to {100 * ((windows.Max() / middle) - 1):+0.0;-0.0} % of the median of all.");
        return table.ToString();
    }
}
