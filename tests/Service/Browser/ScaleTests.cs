using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Grokking.Service.Browser;

/// <summary>
/// Many runs, and long ones. Timed, with 5,000 runs and 100,000 rows, where GROKKING_SCALE_TABLE names a file for the table; the suite itself times nothing.
/// </summary>
public class ScaleTests
{
    private static readonly string? Table = Environment.GetEnvironmentVariable("GROKKING_SCALE_TABLE");
    private static readonly int Runs = Table is null ? 400 : 5000;
    private static readonly int LongOnes = Table is null ? 12 : 100;
    private static readonly int Rows = Table is null ? 5000 : 100_000;
    private static readonly int Looks = Table is null ? 1 : 30;

    [BrowserFact]
    public async Task Many_runs_are_listed_and_long_ones_compared()
    {
        string[] ids = [];
        await using Dashboard dashboard = await Dashboard.OpenAsync(folder => ids = ManyRuns.Write(folder, Runs, LongOnes, Rows));
        IPage page = await dashboard.GoAsync("/");
        await Expect(page.GetByText($"{Runs} runs")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        // Only what can be seen is there.
        Assert.InRange(await page.Locator(".rows .run").CountAsync(), 5, 60);
        await page.Locator("#find").FillAsync("seed:3 task:23 -synthetic/07");
        await Expect(page.GetByText($"49 of {Runs} runs")).ToBeVisibleAsync();
        await page.Locator("#find").FillAsync("sede:3");
        await Expect(page.GetByText("'sede' is nothing that runs are found by")).ToBeVisibleAsync();

        // Choosing more than can be compared is said, not done.
        await page.Locator("#find").FillAsync("");
        await Expect(page.GetByText("choose the first 200")).ToBeVisibleAsync();

        string compare = $"/compare?runs={string.Join(',', ids)}";
        IPage other = await dashboard.GoAsync(compare);
        await Expect(other.Locator(".comparison tbody tr")).ToHaveCountAsync(ids.Length, new() { Timeout = 60_000 });
        JsonElement answer = JsonDocument.Parse(await dashboard.Client.GetStringAsync(new Uri($"/api/compare?run={string.Join(',', ids)}", UriKind.Relative))).RootElement;
        Assert.All(answer.GetProperty("metrics").EnumerateArray(), metrics =>
        {
            Assert.Equal((Rows, true), (metrics.GetProperty("rows").GetInt32(), metrics.GetProperty("decimated").GetBoolean()));
            Assert.InRange(metrics.GetProperty("steps").GetArrayLength(), 1, 2000);
        });
        Assert.Equal(["optimiser.weightDecay", .. ids.Length > 50 ? ["seed"] : Array.Empty<string>()], answer.GetProperty("differing").EnumerateObject().Select(setting => setting.Name));
        await Dashboard.ShootAsync(other, "scale-compare");
        Assert.Empty(dashboard.Complaints);
        if (Table is not null)
            await Measure(dashboard, page, compare, ids);
    }

    private static async Task Measure(Dashboard dashboard, IPage page, string compare, string[] ids)
    {
        var table = new StringBuilder().Append(CultureInfo.InvariantCulture, $"# The dashboard with {Runs} runs, {LongOnes} of them with {Rows} rows\n\n{Looks} looks each, seconds. Made by GROKKING_SCALE_TABLE=FILE dotnet test --filter ScaleTests.\n\n| what | median | 95 % | most |\n|---|---|---|---|\n");
        async Task Time(string what, Func<Task> act)
        {
            var times = new List<double>();
            for (int look = 0; look < Looks; look++)
            {
                var watch = Stopwatch.StartNew();
                await act();
                times.Add(watch.Elapsed.TotalSeconds);
            }

            double[] sorted = [.. times.Order()];
            table.AppendLine(CultureInfo.InvariantCulture, $"| {what} | {sorted[Looks / 2]:0.000} | {ManyRuns.Percentile95(times):0.000} | {sorted[^1]:0.000} |");
        }

        await Time("the service's answer: all runs", () => dashboard.Client.GetByteArrayAsync(new Uri("/api/runs", UriKind.Relative)));
        await Time("the page opened anew, until the runs are there", async () =>
        {
            await page.GotoAsync("/");
            await page.Locator(".rows .run").Nth(6).WaitForAsync();
        });
        await Time("the list come back to, until the runs are there", async () =>
        {
            await page.EvaluateAsync("document.querySelector('nav a[data-page=alerts]').click()");
            await page.Locator("ol.alerts").WaitForAsync(new() { State = WaitForSelectorState.Attached });
            await page.EvaluateAsync("document.querySelector('nav a[data-page=runs]').click()");
            await page.Locator(".rows .run").Nth(6).WaitForAsync();
        });
        await Time("runs found by words", () => page.EvaluateAsync("""
            new Promise(done => {
              const find = document.querySelector('#find');
              find.value = find.value ? '' : 'seed:3 synthetic';
              find.dispatchEvent(new Event('input'));
              setTimeout(() => requestAnimationFrame(done), 61);
            })
            """));
        await Time($"the service's answer: {ids.Length} runs compared, as the page asks", () => dashboard.Client.GetByteArrayAsync(new Uri($"/api/compare?run={string.Join(',', ids)}&columns=test_accuracy,test_loss&points=300", UriKind.Relative)));
        await Time($"{ids.Length} runs compared, until the curves are there", async () =>
        {
            await page.GotoAsync(compare);
            await page.Locator(".comparison tbody tr").Nth(ids.Length - 1).WaitForAsync();
            await page.Locator(".uplot canvas").First.WaitForAsync();
        });
        table.AppendLine(CultureInfo.InvariantCulture, $"\nThe service's memory afterwards: {Process.GetProcessById(dashboard.Service.Id).WorkingSet64 / 1e6:0} MB.");
        File.WriteAllText(Table!, table.ToString());
    }
}
