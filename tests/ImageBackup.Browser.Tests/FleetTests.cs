using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace ImageBackup.Browser.Tests;

/// <summary>Many image backups: compact rows of running operations, filters in the address, operations on several at once, one event stream.</summary>
[Collection(BrowserTests.Name)]
public sealed class FleetTests(Chromium chromium, PageService service) : IClassFixture<PageService>, IAsyncDisposable
{
    public async ValueTask DisposeAsync() => await service.CalmAsync();

    [Fact]
    public async Task Three_operations_are_shown_and_the_others_counted_with_those_that_wait_last()
    {
        await service.ThrottleAsync("backup_vol_*", 1 << 20);
        for (var number = 1; number <= 6; number++)
        {
            await service.StartExportAsync($"export {number}");
        }

        await using var visit = await Visit.StartAsync(chromium);
        var page = visit.Page;
        await page.GotoAsync(service.PageAddress());

        await Assertions.Expect(page.Locator(".run")).ToHaveCountAsync(3);
        await Assertions.Expect(page.Locator(".running .card-head")).ToContainTextAsync(new Regex(@"\d+ running, \d+ waiting"));
        await Assertions.Expect(page.Locator("#running-count")).ToContainTextAsync("6");
        await page.Locator(".running button", new() { HasText = "Show 3 more" }).ClickAsync();
        await Assertions.Expect(page.Locator(".run")).ToHaveCountAsync(6);
        await Assertions.Expect(page.Locator(".run").Last).ToContainTextAsync("waiting for its turn");
        await Assertions.Expect(page.Locator(".run").First).ToContainTextAsync("MiB/s");
        await Assertions.Expect(page).ToHaveTitleAsync(new Regex(@"^\d+ % · Image backups"));
        await visit.AssertAccessibleAsync("six operations");
        visit.AssertQuiet();
    }

    [Fact]
    public async Task Filters_stay_in_the_address_and_on_back()
    {
        await service.ExportAsync("Nightly-AIX");
        await service.ExportAsync("weekly");
        var uploaded = await service.StartExportAsync("nightly in the bucket", "cos-default");
        await service.WaitForStatusAsync(uploaded, "uploaded");
        await using var visit = await Visit.StartAsync(chromium);
        var page = visit.Page;
        await page.GotoAsync(service.PageAddress());
        await Assertions.Expect(Rows(page)).ToHaveCountAsync(3);

        await page.Locator("#filter-name").FillAsync("NIGHTLY");
        await Assertions.Expect(Rows(page)).ToHaveCountAsync(2);
        await page.Locator("#filter-status").SelectOptionAsync("available");
        await Assertions.Expect(Rows(page)).ToHaveCountAsync(1);
        await Assertions.Expect(page).ToHaveURLAsync(new Regex(@"#/backups\?name=NIGHTLY&status=available$"));
        await Rows(page).Locator("a").ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Nightly-AIX");
        await page.GoBackAsync();
        await Assertions.Expect(Rows(page)).ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator("#filter-name")).ToHaveValueAsync("NIGHTLY");
        await page.ReloadAsync();
        await Assertions.Expect(Rows(page)).ToHaveCountAsync(1);

        await page.Locator("#filter-status").SelectOptionAsync("");
        await page.Locator(".filter-more summary").ClickAsync();
        await page.Locator("#filter-cos_bucket").FillAsync("cos-default");
        await Assertions.Expect(Rows(page)).ToHaveTextAsync([new Regex("nightly in the bucket")]);
        await page.Locator("#filter-os_type").FillAsync("RHEL");
        await Assertions.Expect(page.Locator(".empty")).ToContainTextAsync("No matches");
        await page.Locator("#filter-os_type").FillAsync("AIX");
        await page.Locator("#filter-image_name").FillAsync("Demo-AIX");
        await page.Locator("#filter-backup_host").FillAsync("local");
        await page.Locator("#filter-from").FillAsync("2020-02-29");
        await Assertions.Expect(Rows(page)).ToHaveCountAsync(1);
        await page.Locator("#filter-to").FillAsync("2020-03-01");
        await Assertions.Expect(page.Locator(".empty")).ToContainTextAsync("No matches");
        await page.Locator(".empty button").ClickAsync();
        await Assertions.Expect(Rows(page)).ToHaveCountAsync(3);
        await page.Locator("#filter-sort").SelectOptionAsync("name:asc");
        await Assertions.Expect(Rows(page).Last).ToContainTextAsync("weekly");
        await visit.AssertAccessibleAsync("the filters");
        visit.AssertQuiet();
    }

    [Fact]
    public async Task Several_backups_are_verified_uploaded_and_deleted_at_once()
    {
        int[] ids = [await service.ExportAsync("bulk 1"), await service.ExportAsync("bulk 2"), await service.ExportAsync("bulk 3")];

        await using var visit = await Visit.StartAsync(chromium);
        var page = visit.Page;
        await page.GotoAsync(service.PageAddress());

        await page.GetByRole(AriaRole.Checkbox, new() { Name = "Select bulk 1" }).CheckAsync();
        await page.GetByRole(AriaRole.Checkbox, new() { Name = "Select bulk 2" }).CheckAsync();
        await Assertions.Expect(page.Locator(".selection")).ToContainTextAsync("2 selected");
        await visit.AssertAccessibleAsync("a selection");
        await DoAsync(page, "Upload");
        await Assertions.Expect(Row(page, "bulk 1").Locator(".badge")).ToHaveTextAsync("Uploaded");
        await Assertions.Expect(Row(page, "bulk 2").Locator(".badge")).ToHaveTextAsync("Uploaded");
        await Assertions.Expect(Row(page, "bulk 3").Locator(".badge")).ToHaveTextAsync("Available");
        await Assertions.Expect(page.Locator(".selection")).ToBeHiddenAsync();

        await page.Locator(".rows-head button").ClickAsync();
        await Assertions.Expect(page.Locator(".selection")).ToContainTextAsync("3 selected");
        await DoAsync(page, "Verify");
        await Assertions.Expect(page.Locator(".toast").First).ToContainTextAsync("3 operations are requested.");
        foreach (var id in ids)
        {
            await PageService.WaitAsync(async () => await LastOperationAsync(id) == "verify succeeded", $"the verification of {id}");
        }

        await page.Locator(".rows-head button").ClickAsync();
        await DoAsync(page, "Delete");
        await Assertions.Expect(page.Locator(".empty")).ToContainTextAsync("No image backups yet");
        visit.AssertQuiet();
    }

    [Fact]
    public async Task An_idle_page_holds_one_event_stream_and_learns_of_changes_by_it()
    {
        await service.ExportAsync("there before");
        await using var visit = await Visit.StartAsync(chromium);
        var page = visit.Page;
        var asked = new List<string>();
        page.Request += (_, request) => asked.AddRange(request.Url.Contains("/v3/", StringComparison.Ordinal) ? [request.Url] : []);
        await page.GotoAsync(service.PageAddress());
        await Assertions.Expect(Rows(page)).ToHaveCountAsync(1);
        await page.WaitForTimeoutAsync(2000);
        Assert.Single(asked, url => url.EndsWith("/image-backups/events", StringComparison.Ordinal));
        asked.Clear();

        await page.WaitForTimeoutAsync(10_000);
        Assert.Empty(asked);
        await service.ExportAsync("from elsewhere");

        await Assertions.Expect(Row(page, "from elsewhere").Locator(".badge")).ToHaveTextAsync("Available");
        await Assertions.Expect(page.Locator(".toast", new() { HasText = "from elsewhere: Available" })).ToBeVisibleAsync();
        Assert.All(asked, url => Assert.Contains("/image-backups/detail?", url, StringComparison.Ordinal));
        visit.AssertQuiet();
    }

    [Fact]
    public async Task A_hidden_page_shows_the_end_of_an_operation_as_a_notice_of_the_browser()
    {
        const string Recorder = """
            window.told = [];
            window.Notification = class {
              static permission = 'default';
              static async requestPermission() { return this.permission = 'granted'; }
              constructor(title, { body }) { window.told.push(body); }
            };
            Object.defineProperty(document, 'hidden', { get: () => window.isAway ?? false });
            """;
        await service.ThrottleAsync("backup_vol_*", 4 << 20);
        await service.StartExportAsync("noticed");
        await using var visit = await Visit.StartAsync(chromium);
        var page = visit.Page;
        await page.AddInitScriptAsync(Recorder);
        await page.GotoAsync(service.PageAddress());

        await page.GetByRole(AriaRole.Button, new() { Name = "Notify me at the end" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Notify me at the end" }).WaitForAsync(new() { State = WaitForSelectorState.Hidden });
        await page.EvaluateAsync("() => { window.isAway = true; }");
        await service.RemoveFaultsAsync();

        await PageService.WaitAsync(() => page.EvaluateAsync<bool>("() => window.told.includes('noticed: Available')"), "the notice");
        visit.AssertQuiet();
    }

    [Fact]
    public async Task Wide_windows_are_filled()
    {
        await using var visit = await Visit.StartAsync(chromium, width: 2200);
        var page = visit.Page;
        await page.GotoAsync(service.PageAddress("/nodes"));

        var width = await page.Locator(".rows").EvaluateAsync<int>("rows => rows.getBoundingClientRect().width");

        Assert.InRange(width, 2000, 2200);
    }

    private async Task<string> LastOperationAsync(int id)
    {
        var last = (await service.GetAsync(PageService.V3($"/image-backups/{id}/operations?limit=1"))).GetProperty("operations")[0];
        return $"{last.GetProperty("action").GetString()} {last.GetProperty("state").GetString()}";
    }

    private static async Task DoAsync(IPage page, string action)
    {
        await page.Locator(".selection button", new() { HasText = action }).ClickAsync();
        await page.Locator("dialog button[type=submit]").ClickAsync();
        await page.Locator("dialog").WaitForAsync(new() { State = WaitForSelectorState.Detached });
    }

    private static ILocator Rows(IPage page) => page.Locator(".rows > .row");

    private static ILocator Row(IPage page, string name) => page.Locator(".rows > .row", new() { HasText = name });
}
