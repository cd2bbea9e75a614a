using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace ImageBackup.Browser.Tests;

/// <summary>The page with a keyboard, a screen reader, both color schemes, a phone, names that contain markup, and an unreachable service.</summary>
[Collection(BrowserTests.Name)]
public sealed class AccessibilityTests(Chromium chromium, PageService service) : IClassFixture<PageService>, IAsyncDisposable
{
    private static readonly string[] Views = ["/backups", "/images", "/nodes", "/buckets"];

    private static readonly (string View, string Button)[] Forms =
        [("/backups", "Export an image"), ("/backups", "Import"), ("/nodes", "Register a node"), ("/buckets", "Register a bucket")];

    public async ValueTask DisposeAsync() => await service.CalmAsync();

    [Theory]
    [InlineData(ColorScheme.Light, 1200)]
    [InlineData(ColorScheme.Dark, 1200)]
    [InlineData(ColorScheme.Light, 320)]
    [InlineData(ColorScheme.Dark, 320)]
    public async Task Axe_finds_no_violations(ColorScheme scheme, int width)
    {
        var id = await service.ExportAsync($"accessible {scheme} {width}");
        await service.ThrottleAsync("backup_vol_*", 4 << 20);
        var running = await service.StartExportAsync($"running {scheme} {width}");
        await using var visit = await Visit.StartAsync(chromium, scheme, width);
        var page = visit.Page;

        foreach (var view in Views.Append($"/backups/{id}").Append($"/backups/{running}"))
        {
            await OpenAsync(visit, view);
            await visit.AssertAccessibleAsync($"{view}, {scheme}, {width}");
            var overhang = await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - innerWidth");
            Assert.True(overhang <= 0, $"{view} is {overhang} pixels wider than the screen of {width}.");
        }

        foreach (var button in new[] { "Reset to error", "Delete" })
        {
            await page.Locator(".actions button", new() { HasText = button }).ClickAsync();
            await visit.AssertAccessibleAsync($"{button}, {scheme}, {width}");
            await page.Keyboard.PressAsync("Escape");
        }

        foreach (var (view, button) in Forms)
        {
            await OpenAsync(visit, view);
            await page.Locator(".view-head button", new() { HasText = button }).ClickAsync();
            await page.Locator("dialog .curl summary").ClickAsync();
            await visit.AssertAccessibleAsync($"{button}, {scheme}, {width}");
            var overhang = await page.Locator("dialog").EvaluateAsync<int>("dialog => dialog.scrollWidth - dialog.clientWidth");
            Assert.True(overhang <= 0, $"{button} is {overhang} pixels wider than its dialog.");
            await page.Keyboard.PressAsync("Escape");
        }

        visit.AssertQuiet();
    }

    [Fact]
    public async Task The_keyboard_alone_exports_an_image()
    {
        await using var visit = await Visit.StartAsync(chromium);
        var page = visit.Page;
        await OpenAsync(visit, "/backups");

        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("Skip to the content", await visit.FocusedAsync());
        await page.Keyboard.PressAsync("Enter");
        await visit.TabToAsync("Export an image");
        Assert.NotEqual("none", await page.EvaluateAsync<string>("() => getComputedStyle(document.activeElement).outlineStyle"));
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("dialog[open]").WaitForAsync();
        await page.Keyboard.PressAsync("Escape");
        Assert.Equal("Export an image", await visit.FocusedAsync());
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("dialog[open]").WaitForAsync();
        await visit.TabToAsync("name");
        await page.Keyboard.PressAsync("Control+a");
        await page.Keyboard.TypeAsync("by keyboard");
        await visit.TabToAsync("compression");
        await page.Keyboard.PressAsync("ArrowRight");
        await visit.TabToAsync("upload_to_cos");
        await page.Keyboard.PressAsync("Space");
        await visit.TabToAsync("Start the export");
        await page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("by keyboard");
        await Assertions.Expect(page.Locator("h1")).ToBeFocusedAsync();
        await Assertions.Expect(page.Locator(".title-line .badge")).ToHaveTextAsync("Available");
        await Assertions.Expect(page.Locator(".facts")).ToContainTextAsync("fast");
        visit.AssertQuiet();
    }

    [Fact]
    public async Task The_keyboard_alone_registers_a_node()
    {
        await using var visit = await Visit.StartAsync(chromium);
        var page = visit.Page;
        await OpenAsync(visit, "/nodes");

        await visit.TabToAsync("Register a node");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("dialog input[name=display_name]")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("by keyboard");
        await visit.TabToAsync("access_ip");
        await page.Keyboard.TypeAsync("192.0.2.11");
        await visit.TabToAsync("fast_compression");
        await page.Keyboard.PressAsync("Space");
        await page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page.Locator(".row", new() { HasText = "by keyboard" })).ToContainTextAsync("Always");
        await visit.TabToAsync("Actions for by keyboard");
        await page.Keyboard.PressAsync("Enter");
        await visit.TabToAsync("Remove");
        await page.Keyboard.PressAsync("Enter");
        await visit.TabToAsync("Remove");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator(".row")).ToHaveCountAsync(1);
        visit.AssertQuiet();
    }

    [Fact]
    public async Task A_menu_opens_and_closes_by_keys_and_returns_the_focus()
    {
        var id = await service.ExportAsync("menu");
        await using var visit = await Visit.StartAsync(chromium);
        var page = visit.Page;
        await OpenAsync(visit, "/backups");

        await visit.TabToAsync("Actions for menu");
        await page.Keyboard.PressAsync("Enter");
        await visit.TabToAsync("Verify");
        await page.Keyboard.PressAsync("Escape");
        Assert.Equal("Actions for menu", await visit.FocusedAsync());
        await page.Keyboard.PressAsync("Enter");
        await visit.TabToAsync("Details");
        await page.Keyboard.PressAsync("Enter");

        await page.WaitForURLAsync($"**/ui/#/backups/{id}");
        visit.AssertQuiet();
    }

    [Fact]
    public async Task A_change_is_announced_to_screen_readers()
    {
        await service.ThrottleAsync("backup_vol_*", 16 << 20);
        await service.StartExportAsync("announced");
        await using var visit = await Visit.StartAsync(chromium);
        await OpenAsync(visit, "/backups");

        await service.RemoveFaultsAsync();

        await Assertions.Expect(visit.Page.Locator("#live")).ToContainTextAsync("announced: Available");
    }

    [Fact]
    public async Task Names_with_markup_are_shown_as_text()
    {
        const string Name = "<img src=x onerror=\"window.hit=1\"><script>window.hit=2</script>";
        var id = await service.ExportAsync(Name);
        await using var visit = await Visit.StartAsync(chromium);
        var page = visit.Page;

        await OpenAsync(visit, "/backups");
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = Name, Exact = true })).ToBeVisibleAsync();
        await OpenAsync(visit, $"/backups/{id}");
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync(Name);

        Assert.Equal(0, await page.Locator("main img, main script").CountAsync());
        Assert.True(await page.EvaluateAsync<bool>("() => window.hit === undefined"));
        visit.AssertQuiet();
    }

    [Fact]
    public async Task The_chosen_color_scheme_is_kept()
    {
        await using var visit = await Visit.StartAsync(chromium, ColorScheme.Light);
        var page = visit.Page;
        await OpenAsync(visit, "/backups");
        var light = await BackgroundAsync(page);

        await page.GetByRole(AriaRole.Button, new() { Name = "Switch to dark colors" }).ClickAsync();
        await page.ReloadAsync();

        Assert.NotEqual(light, await BackgroundAsync(page));
        await page.GetByRole(AriaRole.Button, new() { Name = "Switch to light colors" }).WaitForAsync();
        visit.AssertQuiet();
    }

    [Fact]
    public async Task The_page_reports_an_unreachable_service_and_keeps_its_content()
    {
        await service.ExportAsync("kept");
        await using var visit = await Visit.StartAsync(chromium);
        var page = visit.Page;
        await OpenAsync(visit, "/backups");
        await page.GetByRole(AriaRole.Link, new() { Name = "kept" }).WaitForAsync();

        await visit.Context.SetOfflineAsync(true);
        await Assertions.Expect(page.Locator("#banner")).ToContainTextAsync("does not answer", new() { Timeout = 20_000 });
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "kept" })).ToBeVisibleAsync();
        await visit.Context.SetOfflineAsync(false);
        await page.Locator("#banner button").ClickAsync();

        await Assertions.Expect(page.Locator("#banner")).ToBeHiddenAsync();
        visit.AssertQuiet();
    }

    [Fact]
    public async Task A_slow_form_shows_that_it_is_loading_and_two_clicks_open_one_form()
    {
        await using var visit = await Visit.StartAsync(chromium);
        var page = visit.Page;
        await OpenAsync(visit, "/nodes");
        var lists = new TaskCompletionSource();
        await page.RouteAsync(new Regex(@"/cos\?"), async route =>
        {
            await lists.Task;
            await route.ContinueAsync();
        });

        var button = page.GetByRole(AriaRole.Button, new() { Name = "Register a node" });
        await button.ClickAsync();
        await button.ClickAsync();
        await page.Locator("body[data-waiting]").WaitForAsync();
        lists.SetResult();

        await Assertions.Expect(page.Locator("dialog")).ToHaveCountAsync(1);
        await page.Locator("body:not([data-waiting])").WaitForAsync();
        await Assertions.Expect(page.Locator("dialog")).ToHaveCountAsync(1);
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(button).ToBeFocusedAsync();
        visit.AssertQuiet();
    }

    private static Task<string> BackgroundAsync(IPage page) => page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor");

    private async Task OpenAsync(Visit visit, string view)
    {
        await visit.Page.GotoAsync(service.PageAddress(view));
        await visit.Page.Locator("main h1").WaitForAsync();
        await visit.Page.Locator("main .skeleton").WaitForAsync(new() { State = WaitForSelectorState.Detached });
    }
}
