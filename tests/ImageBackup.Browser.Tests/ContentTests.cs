using Microsoft.Playwright;

namespace ImageBackup.Browser.Tests;

/// <summary>What nodes and image backups hold: health, space, archives, history; and images from the user's machine.</summary>
[Collection(BrowserTests.Name)]
public sealed class ContentTests(Chromium chromium, PageService service) : IClassFixture<PageService>, IAsyncDisposable
{
    public async ValueTask DisposeAsync() => await service.CalmAsync();

    [Fact]
    public async Task A_node_shows_its_health_its_space_and_its_archives_which_can_be_imported()
    {
        await service.CopyArchiveAsync("recorded", "without-record.ova");
        await using var visit = await Visit.StartAsync(chromium);
        var page = visit.Page;
        await page.GotoAsync(service.PageAddress("/nodes"));

        var row = page.Locator(".row", new() { HasText = "Local backup node" });
        await Assertions.Expect(row.Locator(".badge").First).ToHaveTextAsync("Up");
        await Assertions.Expect(row).ToContainTextAsync("free of");
        await Assertions.Expect(row).ToContainTextAsync("1 image backup,");
        await row.Locator("summary", new() { HasText = "Show archives" }).ClickAsync();
        await Assertions.Expect(row.Locator(".objects li", new() { HasText = "recorded_" })).ToContainTextAsync("image backup ");
        await Assertions.Expect(row.Locator(".objects li", new() { HasText = "without-record.ova" })).ToContainTextAsync("no image backup");
        await visit.AssertAccessibleAsync("the archives of a node");
        await page.GetByRole(AriaRole.Button, new() { Name = "Import without-record.ova" }).ClickAsync();
        await Assertions.Expect(page.Locator("dialog input[name=ova_name]")).ToHaveValueAsync("without-record.ova");

        await PageService.ImportByFormAsync(page, "out of the list");
        visit.AssertQuiet();
    }

    [Fact]
    public async Task A_node_that_is_down_shows_the_reason()
    {
        var directory = service.Paths.BackupNode("local");
        Directory.Move(directory, directory + ".gone");
        try
        {
            await using var visit = await Visit.StartAsync(chromium);
            await visit.Page.GotoAsync(service.PageAddress("/nodes"));

            await Assertions.Expect(visit.Page.Locator(".row")).ToContainTextAsync("The directory of the node is missing.");
            await Assertions.Expect(visit.Page.Locator(".row .badge")).ToHaveTextAsync("Down");
            await visit.AssertAccessibleAsync("a node that is down");
        }
        finally
        {
            Directory.Move(directory + ".gone", directory);
        }
    }

    [Fact]
    public async Task A_backup_shows_its_history_when_it_was_verified_and_the_address_of_its_progress()
    {
        var id = await service.ExportAsync("with a history");
        await using var visit = await Visit.StartAsync(chromium);
        var page = visit.Page;
        await page.GotoAsync(service.PageAddress($"/backups/{id}"));
        var history = page.Locator("section[aria-labelledby=history-title]");
        await Assertions.Expect(history).ToContainTextAsync("Last verified: never");

        await page.Locator(".view-head .actions button", new() { HasText = "Verify" }).ClickAsync();
        await page.Locator("dialog button[type=submit]").ClickAsync();

        await Assertions.Expect(history).ToContainTextAsync("Last verified: just now");
        await Assertions.Expect(history.Locator("tbody tr")).ToContainTextAsync(["Verification", "Export"]);
        await Assertions.Expect(page.Locator(".fact", new() { HasText = "task_uri" })).ToContainTextAsync($"{service.BaseAddress}{PageService.V3("/image-backups/get_progress")}?action=");
        await Assertions.Expect(page.Locator(".toast", new() { HasText = "with a history: Available" })).ToBeVisibleAsync();
        await visit.AssertAccessibleAsync("the history");
        await page.GotoAsync(service.PageAddress("/backups"));
        await Assertions.Expect(page.Locator(".backup-row", new() { HasText = "with a history" })).ToContainTextAsync("Verified just now");
        await visit.AssertAccessibleAsync("the list with a verified image backup");
        visit.AssertQuiet();
    }

    [Fact]
    public async Task An_image_is_uploaded_found_and_deleted()
    {
        await using var visit = await Visit.StartAsync(chromium);
        var page = visit.Page;
        await page.GotoAsync(service.PageAddress("/images"));

        await page.GetByRole(AriaRole.Button, new() { Name = "Upload an image" }).ClickAsync();
        await page.Locator("dialog button[type=submit]").ClickAsync();
        await Assertions.Expect(page.Locator("dialog [role=alert]")).ToContainTextAsync("Choose a file.");
        await page.Locator("dialog input[type=file]").SetInputFilesAsync(new FilePayload { Name = "small-disk.raw", MimeType = "application/octet-stream", Buffer = new byte[3 << 20] });
        await Assertions.Expect(page.Locator("dialog input[name=name]")).ToHaveValueAsync("small-disk");
        await page.Locator("dialog select[name=os_distro]").SelectOptionAsync("ibmi");
        await visit.AssertAccessibleAsync("the upload form");
        await page.Locator("dialog button[type=submit]").ClickAsync();
        var row = page.Locator(".row", new() { HasText = "small-disk" });
        await Assertions.Expect(row.Locator(".badge")).ToHaveTextAsync("active");
        await Assertions.Expect(row).ToContainTextAsync("ibmi");

        await page.Locator("#filter-name").FillAsync("SMALL-d");
        await Assertions.Expect(page.Locator(".rows > .row")).ToHaveCountAsync(1);
        await page.Locator("summary[aria-label='Actions for small-disk']").ClickAsync();
        await page.Locator(".menu[open] .menu-item", new() { HasText = "Delete" }).ClickAsync();
        await page.Locator("dialog button[type=submit]").ClickAsync();
        await Assertions.Expect(page.Locator(".empty")).ToContainTextAsync("No matches");
        visit.AssertQuiet();
    }

    [Fact]
    public async Task A_refused_upload_shows_the_reason_and_leaves_no_image()
    {
        await using var visit = await Visit.StartAsync(chromium);
        var page = visit.Page;
        await page.GotoAsync(service.PageAddress("/images"));

        await page.GetByRole(AriaRole.Button, new() { Name = "Upload an image" }).ClickAsync();
        await page.Locator("dialog input[type=file]").SetInputFilesAsync(new FilePayload { Name = "no-disk.qcow2", MimeType = "application/octet-stream", Buffer = new byte[1 << 20] });
        await page.Locator("dialog button[type=submit]").ClickAsync();

        await Assertions.Expect(page.Locator("dialog [role=alert] .problem-text")).ToContainTextAsync("qcow2");
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.Locator(".row", new() { HasText = "no-disk" })).ToHaveCountAsync(0);
        Assert.Empty((await service.GetAsync("/v2/images?name=no-disk")).GetProperty("images").EnumerateArray());
    }
}
