using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Grokking.Service.Browser;

/// <summary>What the pages promise beside the journey: keys, no silent loss of rows, and curves where uPlot is not there.</summary>
public class PageTests
{
    [BrowserFact]
    public async Task Everything_can_be_done_by_keys()
    {
        await using Dashboard dashboard = await Dashboard.OpenAsync(folder => ManyRuns.Write(folder, 30, 30, 200));
        IPage page = await dashboard.GoAsync("/");
        await Expect(page.GetByText("30 runs")).ToBeVisibleAsync();
        foreach (string key in new[] { "j", " ", "j", "j", " ", "k", " " })
            await page.Keyboard.PressAsync(key);
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Compare 3" })).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("c");
        await Expect(page.Locator(".comparison tbody tr")).ToHaveCountAsync(3);
        await page.Keyboard.PressAsync("?");
        await Expect(page.GetByRole(AriaRole.Dialog, new() { Name = "Keys" })).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("r");
        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("synthetic/07");
        await Expect(page.GetByText("1 of 30 runs")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByText("201 rows, all shown").Or(page.GetByText("200 rows, all shown"))).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("t");
        Assert.Equal("dark", await page.EvaluateAsync<string>("document.documentElement.dataset.theme"));
        await page.Keyboard.PressAsync("n");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Submit an experiment" })).ToBeVisibleAsync();
        Assert.Empty(dashboard.Complaints);
    }

    [BrowserFact]
    public async Task What_is_typed_while_a_page_opens_is_meant_for_that_page()
    {
        await using Dashboard dashboard = await Dashboard.OpenAsync(folder => ManyRuns.Write(folder, 30, 2, 200));
        IPage page = await dashboard.GoAsync("/alerts");
        await page.RouteAsync("**/runs-page.js", async route =>
        {
            await Task.Delay(500);
            await route.ContinueAsync();
        });
        await page.Keyboard.PressAsync("r");
        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("synthetic/07");
        await Expect(page.GetByText("1 of 30 runs")).ToBeVisibleAsync();
        await Expect(page.GetByLabel("Find runs")).ToHaveValueAsync("synthetic/07");
        Assert.Empty(dashboard.Complaints);
    }

    [BrowserFact]
    public async Task A_long_run_is_shown_with_its_extremes_and_closer_with_every_row()
    {
        string[] ids = [];
        await using Dashboard dashboard = await Dashboard.OpenAsync(folder => ids = ManyRuns.Write(folder, 1, 1, 50_000));
        IPage page = await dashboard.GoAsync($"/runs/{ids[0]}");
        await Expect(page.GetByText("50,000 rows as 1,600 points")).ToBeVisibleAsync();
        // The middle of a chart, dragged over, is looked at closer.
        LocatorBoundingBoxResult over = (await page.Locator(".u-over").First.BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(over.X + (over.Width * 0.50f), over.Y + 50);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(over.X + (over.Width * 0.52f), over.Y + 60, new() { Steps = 5 });
        await page.Mouse.UpAsync();
        await Expect(page.GetByText("rows, all shown")).ToBeVisibleAsync();
        Assert.InRange(int.Parse(await page.GetByLabel("from step").InputValueAsync(), System.Globalization.CultureInfo.InvariantCulture), 24_000, 26_000);
        await page.Keyboard.PressAsync("w");
        await Expect(page.GetByText("50,000 rows as 1,600 points")).ToBeVisibleAsync();
        Assert.Empty(dashboard.Complaints);
    }

    [BrowserFact]
    public async Task Without_uPlot_the_page_shows_what_the_service_draws()
    {
        string[] ids = [];
        await using Dashboard dashboard = await Dashboard.OpenAsync(folder => ids = ManyRuns.Write(folder, 1, 1, 200));
        IPage page = await dashboard.GoAsync("/alerts");
        await page.RouteAsync("**/lib/uPlot.esm.js", route => route.AbortAsync());
        await page.GotoAsync($"/runs/{ids[0]}");
        await Expect(page.GetByText("could not get from npm")).ToBeVisibleAsync();
        ILocator picture = page.GetByAltText("Accuracy, loss and weight norms over steps");
        await Expect(picture).ToBeVisibleAsync();
        Assert.InRange(await picture.EvaluateAsync<int>("picture => picture.decode().then(() => picture.naturalWidth)"), 400, 4000);
    }

    [BrowserFact]
    public async Task What_is_not_there_is_said_in_a_sentence()
    {
        await using Dashboard dashboard = await Dashboard.OpenAsync();
        IPage page = await dashboard.GoAsync("/runs/nothing");
        await Expect(page.GetByText("There is no run 'nothing'.")).ToBeVisibleAsync();
        await page.GotoAsync("/");
        await Expect(page.GetByText("No runs yet.")).ToBeVisibleAsync();
        await page.GotoAsync("/submit");
        await page.GetByRole(AriaRole.Button, new() { Name = "JSON" }).ClickAsync();
        await page.Locator("#json").FillAsync("""{ "name": "x", "taks": 1 """);
        await Expect(page.GetByText("This is no JSON")).ToBeVisibleAsync();
        await page.Locator("#json").FillAsync("""{ "name": "x", "taks": 1 }""");
        await Expect(page.GetByText("did you mean 'task'")).ToBeVisibleAsync();
        // The service goes away, and comes back.
        dashboard.Service.Suspend();
        dashboard.Service.KillHard();
        await Expect(page.Locator("#service")).ToHaveTextAsync("not connected", new() { Timeout = 10_000 });
    }
}
