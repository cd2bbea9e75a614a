using Microsoft.Playwright;

namespace ImageBackup.Browser.Tests;

[Collection(BrowserTests.Name)]
public sealed class LogInTests(Chromium chromium, LogInTests.Guarded service) : IClassFixture<LogInTests.Guarded>
{
    [Fact]
    public async Task The_page_asks_for_a_log_in_and_keeps_the_token_in_its_tab()
    {
        await using var visit = await Visit.StartAsync(chromium);
        var page = visit.Page;

        await page.GotoAsync(service.PageAddress());
        await page.Locator(".log-in").WaitForAsync();
        await visit.AssertAccessibleAsync("log-in");
        await LogInAsync(page, "wrong-password");
        await Assertions.Expect(page.Locator(".log-in [role=alert]:visible")).ToContainTextAsync("The user or the password is wrong.");
        await LogInAsync(page, Guarded.Password);
        await Assertions.Expect(page.Locator("main h1")).ToHaveTextAsync("Image backups");

        await Assertions.Expect(page.Locator("#session")).ToContainTextAsync("Log out operator");
        Assert.DoesNotContain("token", await page.EvaluateAsync<string>("() => JSON.stringify(localStorage)"), StringComparison.OrdinalIgnoreCase);
        await page.Locator("#session button", new() { HasText = "Log out" }).ClickAsync();
        await page.Locator(".log-in").WaitForAsync();
        Assert.Equal(0, await page.EvaluateAsync<int>("() => sessionStorage.length"));
        visit.AssertQuiet();
    }

    [Fact]
    public async Task Progress_is_streamed_with_the_token()
    {
        await using var visit = await Visit.StartAsync(chromium);
        var page = visit.Page;
        await page.GotoAsync(service.PageAddress());
        await LogInAsync(page, Guarded.Password);

        await page.Locator("#tabs a", new() { HasText = "Images" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Export demo-aix" }).ClickAsync();
        var streamed = page.WaitForResponseAsync(response => response.Headers.GetValueOrDefault("content-type", "").StartsWith("text/event-stream", StringComparison.Ordinal));
        await page.Locator("dialog input[name=upload_to_cos]").UncheckAsync();
        await page.Locator("dialog button[type=submit]").ClickAsync();

        Assert.True((await streamed).Request.Headers.ContainsKey("x-auth-token"));
        await Assertions.Expect(page.Locator(".panel .percent")).ToHaveTextAsync("100 %");
        await Assertions.Expect(page.Locator(".title-line .badge")).ToHaveTextAsync("Available");
        visit.AssertQuiet();
    }

    [Fact]
    public async Task Each_of_the_users_projects_shows_its_own_backups()
    {
        await using var visit = await Visit.StartAsync(chromium);
        var page = visit.Page;
        await page.GotoAsync(service.PageAddress());
        await LogInAsync(page, Guarded.Password);
        await Assertions.Expect(page.Locator("main h1")).ToHaveTextAsync("Image backups");
        await page.Locator(".view-head button", new() { HasText = "Export an image" }).ClickAsync();
        await page.Locator("dialog input[name=name]").FillAsync("of the first project");
        await page.Locator("dialog input[name=upload_to_cos]").UncheckAsync();
        await page.Locator("dialog button[type=submit]").ClickAsync();
        await Assertions.Expect(page.Locator(".title-line .badge")).ToHaveTextAsync("Available");
        await page.Locator("#tabs a", new() { HasText = "Backups" }).ClickAsync();
        await SwitchAsync(page, "other");
        await Assertions.Expect(page.Locator(".empty")).ToContainTextAsync("No image backups yet");
        await SwitchAsync(page, "ibm-default");

        await Assertions.Expect(page.Locator(".row", new() { HasText = "of the first project" })).ToBeVisibleAsync();
        visit.AssertQuiet();
    }

    private static async Task SwitchAsync(IPage page, string project)
    {
        await page.Locator("#session button", new() { HasText = "Project" }).ClickAsync();
        await page.Locator("dialog select[name=project]").SelectOptionAsync(new SelectOptionValue { Label = project });
        await page.Locator("dialog button[type=submit]").ClickAsync();
        await Assertions.Expect(page.Locator("#session button", new() { HasText = "Project" })).ToContainTextAsync(project);
    }

    private static async Task LogInAsync(IPage page, string password)
    {
        await page.Locator(".log-in input[name=user]").FillAsync("operator");
        await page.Locator(".log-in input[name=password]").FillAsync(password);
        await page.Locator(".log-in button", new() { HasText = "Log in" }).ClickAsync();
    }

    /// <summary>The service with one user of its own, who has two projects.</summary>
    public sealed class Guarded : PageService
    {
        public const string Password = "correct horse battery";

        public Guarded()
        {
            Settings["ImageBackup:Auth:Mode"] = "Embedded";
            Settings["ImageBackup:Auth:Users:0:Name"] = "operator";
            Settings["ImageBackup:Auth:Users:0:Password"] = Password;
            Settings["ImageBackup:Auth:Users:0:Roles:0"] = "admin";
            Settings["ImageBackup:Auth:Users:0:Projects:0"] = "ibm-default";
            Settings["ImageBackup:Auth:Users:0:Projects:1"] = "other";
        }
    }
}
