using System.Net.Http.Json;
using Microsoft.Playwright;

namespace ImageBackup.Browser.Tests;

/// <summary>Long lists: the service searches, sorts and pages them. Each test counts the items of a service of its own.</summary>
[Collection(BrowserTests.Name)]
public sealed class ListTests(Chromium chromium) : IDisposable
{
    private readonly PageService service = new();

    [Fact]
    public async Task A_long_list_of_images_is_paged_searched_and_sorted_by_the_service()
    {
        for (var number = 100; number < 160; number++)
        {
            using var answer = await service.Client.PostAsJsonAsync("/v2/images", new { name = $"many-{number}" });
            answer.EnsureSuccessStatusCode();
        }

        await using var visit = await Visit.StartAsync(chromium);
        var page = visit.Page;
        var asked = new List<string>();
        page.Request += (_, request) => asked.Add(request.Url);
        await page.GotoAsync(service.PageAddress("/images"));

        await Assertions.Expect(Rows(page)).ToHaveCountAsync(50);
        await Assertions.Expect(page.Locator(".list-foot")).ToContainTextAsync("50 shown");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show more", Exact = true }).ClickAsync();
        await Assertions.Expect(Rows(page)).ToHaveCountAsync(61);
        await Assertions.Expect(page.Locator(".list-foot")).ToContainTextAsync("61 in total");

        await page.Locator("#filter-name").FillAsync("ny-15");
        await Assertions.Expect(Rows(page)).ToHaveCountAsync(10);
        await page.Locator("#filter-sort").SelectOptionAsync("name:asc");
        await Assertions.Expect(Rows(page).First).ToContainTextAsync("many-150");
        await page.Locator("#filter-name").FillAsync("nothing");
        await Assertions.Expect(page.Locator(".view")).ToContainTextAsync("No matches");

        Assert.Contains(asked, url => url.Contains("name%7E=ny-15", StringComparison.Ordinal) && url.Contains("sort=name%3Aasc", StringComparison.Ordinal));
        await visit.AssertAccessibleAsync("the images");
        visit.AssertQuiet();
    }

    [Fact]
    public async Task Backup_nodes_are_searched_by_name()
    {
        await using var visit = await Visit.StartAsync(chromium);
        var page = visit.Page;
        await page.GotoAsync(service.PageAddress("/nodes"));
        await Assertions.Expect(Rows(page)).ToHaveCountAsync(1);

        await page.Locator("#filter-name").FillAsync("elsewhere");
        await Assertions.Expect(Rows(page)).ToHaveCountAsync(0);
        await page.Locator("#filter-name").FillAsync("cal back");

        await Assertions.Expect(Rows(page)).ToContainTextAsync(["Local backup node"]);
        visit.AssertQuiet();
    }

    [Fact]
    public async Task The_export_form_searches_all_images_and_suggests_buckets()
    {
        var images = await service.GetAsync("/v2/images?status=active");
        var mapping = images.GetProperty("images").EnumerateArray().First().GetProperty("block_device_mapping").GetString();
        for (var number = 100; number < 155; number++)
        {
            using var answer = await service.Client.PostAsJsonAsync("/v2/images", new { name = $"Fleet-{number}", block_device_mapping = mapping });
            answer.EnsureSuccessStatusCode();
        }

        await using var visit = await Visit.StartAsync(chromium);
        var page = visit.Page;
        await page.GotoAsync(service.PageAddress());
        await page.Locator(".view-head button", new() { HasText = "Export an image" }).ClickAsync();
        var options = page.Locator("dialog select[name=src_image_id] option");
        await Assertions.Expect(options).ToHaveCountAsync(50);
        await Assertions.Expect(options.Filter(new() { HasText = "Fleet-101" })).ToHaveCountAsync(0);

        await page.GetByRole(AriaRole.Searchbox, new() { Name = "Search: Image" }).FillAsync("fleet-101");

        await Assertions.Expect(options).ToHaveTextAsync(["Fleet-101"]);
        await Assertions.Expect(page.Locator("dialog input[name=name]")).ToHaveValueAsync(new System.Text.RegularExpressions.Regex("^Fleet-101-"));
        await Assertions.Expect(page.Locator("dialog datalist option[value=cos-default]")).ToHaveCountAsync(1);
        await visit.AssertAccessibleAsync("the export form");
        visit.AssertQuiet();
    }

    public void Dispose() => service.Dispose();

    private static ILocator Rows(IPage page) => page.Locator(".rows > .row");
}
