using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Grokking.Service.Browser;

/// <summary>What a person does with the dashboard, from the first experiment to the last cancellation.</summary>
public partial class JourneyTests
{
    private static readonly LocatorAssertionsToBeVisibleOptions Patiently = new() { Timeout = 60_000 };

    [BrowserTheory]
    [InlineData("desktop-light", 1280, 900, false)]
    [InlineData("desktop-dark", 1280, 900, true)]
    [InlineData("phone-light", 390, 844, false)]
    [InlineData("phone-dark", 390, 844, true)]
    public async Task From_submitting_to_cancelling(string name, int width, int height, bool isDark)
    {
        await using Dashboard dashboard = await Dashboard.OpenAsync();
        IPage page = await dashboard.GoAsync("/submit", width, height, isDark ? ColorScheme.Dark : ColorScheme.Light);

        // Submit, with the schema's help: what is wrong is said where it is.
        await page.Locator("#preset").SelectOptionAsync("gromov/fig5-ipr-adamw");
        await Expect(page.GetByText("It can be trained.")).ToBeVisibleAsync();
        await page.Locator("#field-task-modulus").FillAsync("1");
        await page.Locator("#field-task-modulus").BlurAsync();
        await Expect(page.Locator(".field .bad").First).ToContainTextAsync("from 2 to 4096");
        await Expect(page.Locator("#submit")).ToBeDisabledAsync();
        await page.Locator("#field-task-modulus").FillAsync("31");
        await page.Locator("#field-task-modulus").BlurAsync();
        await page.Locator("#field-optimiser-weightDecay").FillAsync("0");
        await page.Locator("#field-optimiser-weightDecay").BlurAsync();
        await page.Locator("#field-split-trainFraction").FillAsync("0.7");
        await page.Locator("#field-split-trainFraction").BlurAsync();
        await Expect(page.GetByText("It can be trained.")).ToBeVisibleAsync();
        await Dashboard.ShootAsync(page, $"{name}-1-submit");
        await page.Locator("#submit").ClickAsync();

        // Watch it grok: the curves grow by themselves.
        await Expect(page).ToHaveURLAsync(RunAddress());
        string first = page.Url.Split('/')[^1];
        await Expect(page.Locator(".uplot").First).ToBeVisibleAsync(Patiently);
        await Expect(page.Locator(".badge.completed")).ToBeVisibleAsync(Patiently);
        ILocator grokked = page.Locator(".facts div", new() { HasText = "grokked at" }).Locator("dd");
        Assert.InRange(int.Parse(await grokked.InnerTextAsync(), NumberStyles.Number, CultureInfo.InvariantCulture), 1, 699);
        await Expect(page.GetByText("701 rows, all shown")).ToBeVisibleAsync();
        await Dashboard.ShootAsync(page, $"{name}-2-grokked");
        await page.Keyboard.PressAsync("x");
        await page.Keyboard.PressAsync("y");
        await Expect(page).ToHaveURLAsync(new Regex("x=log.*y=log"));
        await Expect(page.GetByText("no place for step 0")).ToBeVisibleAsync();
        await Dashboard.ShootAsync(page, $"{name}-3-logarithmic");

        // Clone with changes, and compare.
        await page.GetByText("clone with changes").ClickAsync();
        await Expect(page.Locator("#field-optimiser-weightDecay")).ToHaveValueAsync("0");
        await page.Locator("#field-optimiser-weightDecay").FillAsync("1");
        await page.Locator("#field-optimiser-weightDecay").BlurAsync();
        await page.Locator("#seeds").FillAsync("2");
        await Expect(page.GetByText("It can be trained.")).ToBeVisibleAsync();
        await page.Locator("#submit").ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/compare\\?runs="));
        await Expect(page.Locator(".comparison .badge.completed")).ToHaveCountAsync(2, new() { Timeout = 60_000 });
        await page.GetByRole(AriaRole.Link, new() { Name = "Runs", Exact = true }).ClickAsync();
        await page.GetByText("choose these").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Compare 3" }).ClickAsync();
        await Expect(page.Locator(".comparison th", new() { HasText = "optimiser.weightDecay" })).ToBeVisibleAsync();
        await Expect(page.Locator(".comparison th", new() { HasText = "task.modulus" })).ToHaveCountAsync(0);
        await Expect(page.GetByText("weightDecay 1 (2 seeds)").First).ToBeVisibleAsync();
        await Dashboard.ShootAsync(page, $"{name}-4-compare");
        // The address alone shows the same to somebody else.
        IPage other = await dashboard.GoAsync(page.Url, width, height);
        await Expect(other.Locator(".comparison tbody tr")).ToHaveCountAsync(3);

        // Pause, resume and cancel a long run.
        await dashboard.SubmitAsync(new { experiment = "gromov/fig1-gd" });
        await page.GotoAsync("/");
        ILocator row = page.Locator(".rows .run", new() { HasText = "gromov/fig1-gd" });
        await Expect(row.Locator(".badge.running")).ToBeVisibleAsync(Patiently);
        await Dashboard.ShootAsync(page, $"{name}-5-runs");
        await row.GetByRole(AriaRole.Button, new() { Name = "pause " }).ClickAsync();
        await Expect(row.Locator(".badge.paused")).ToBeVisibleAsync(Patiently);
        await row.GetByRole(AriaRole.Button, new() { Name = "resume " }).ClickAsync();
        await Expect(row.Locator(".badge.running")).ToBeVisibleAsync(Patiently);
        await row.GetByRole(AriaRole.Button, new() { Name = "cancel " }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel the run" }).ClickAsync();
        await Expect(row.Locator(".badge.cancelled")).ToBeVisibleAsync(Patiently);

        // Everything was told as it happened.
        await page.GetByRole(AriaRole.Link, new() { Name = "Alerts" }).ClickAsync();
        await Expect(page.Locator("ol.alerts li", new() { HasText = first }).Filter(new() { HasText = "grokked at step" })).ToBeVisibleAsync();
        await Dashboard.ShootAsync(page, $"{name}-6-alerts");
        Assert.Empty(dashboard.Complaints);
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), "The page is wider than the screen.");
    }

    [GeneratedRegex("/runs/[a-z0-9-]+$")]
    private static partial Regex RunAddress();
}
