using Microsoft.Playwright;

namespace ImageBackup.Browser.Tests;

/// <summary>Imports that need no image backup: of an object in a bucket, of an archive on a node, of a raw disk on a node.</summary>
[Collection(BrowserTests.Name)]
public sealed class ImportTests(Chromium chromium, PageService service) : IClassFixture<PageService>, IAsyncDisposable
{
    public async ValueTask DisposeAsync() => await service.CalmAsync();

    [Fact]
    public async Task An_object_of_the_default_bucket_becomes_an_image()
    {
        var id = await service.StartExportAsync("uploaded", "cos-default");
        await service.WaitForStatusAsync(id, "uploaded");
        var backup = (await service.GetAsync(PageService.V3($"/image-backups/{id}"))).GetProperty("image-backup");
        await using var visit = await Visit.StartAsync(chromium);
        var page = visit.Page;
        await page.GotoAsync(service.PageAddress());

        await page.Locator(".view-head button", new() { HasText = "Import" }).ClickAsync();
        await page.Locator("dialog input[value=bucket]").CheckAsync();
        await page.Locator("dialog input[name=cos_bucket]").FillAsync("cos-default");
        await page.Locator("dialog input[name=ova_name]").FillAsync(backup.GetProperty("cos_object").GetString()!);

        await PageService.ImportByFormAsync(page, "out of cos-default");
        visit.AssertQuiet();
    }

    [Fact]
    public async Task An_archive_on_a_node_becomes_an_image()
    {
        await service.CopyArchiveAsync("kept", "brought-along.ova");
        await using var visit = await Visit.StartAsync(chromium);
        var page = visit.Page;
        await OpenNodeMenuAsync(page);

        await page.Locator(".menu-item", new() { HasText = "Import an OVA" }).ClickAsync();
        await page.Locator("dialog input[name=ova_name]").FillAsync("brought-along.ova");

        await PageService.ImportByFormAsync(page, "out of an archive");
        visit.AssertQuiet();
    }

    [Fact]
    public async Task A_raw_disk_on_a_node_becomes_an_image_of_the_chosen_operating_system()
    {
        await File.WriteAllBytesAsync(Path.Combine(service.Paths.BackupNode("local"), "boot.raw"), new byte[3 << 20]);
        await using var visit = await Visit.StartAsync(chromium);
        var page = visit.Page;
        await OpenNodeMenuAsync(page);

        await page.Locator(".menu-item", new() { HasText = "Import a raw disk" }).ClickAsync();
        await page.Locator("dialog input[name=ova_name]").FillAsync("boot.raw");
        await page.Locator("dialog select[name=os_type]").SelectOptionAsync("ibmi");
        await page.Locator("dialog select[name=architecture]").SelectOptionAsync("ppc64");

        await PageService.ImportByFormAsync(page, "out of a disk");
        await Assertions.Expect(page.Locator(".row", new() { HasText = "out of a disk" })).ToContainTextAsync("ibmi, ppc64");
        visit.AssertQuiet();
    }

    [Fact]
    public async Task A_URL_at_a_host_that_is_not_allowed_is_refused_in_the_form()
    {
        await using var visit = await Visit.StartAsync(chromium);
        var page = visit.Page;
        await page.GotoAsync(service.PageAddress("/images"));
        await page.Locator("button", new() { HasText = "Import" }).First.ClickAsync();

        await page.Locator("dialog input[value=raw-url]").CheckAsync();
        await Assertions.Expect(page.Locator("dialog input[name=ova_name]")).ToBeHiddenAsync();
        await page.Locator("dialog input[name=source_url]").FillAsync("https://mirror.example/disk.img");
        await page.Locator("dialog input[name=checksum]").FillAsync($"sha256:{new string('0', 64)}");
        await page.Locator("dialog input[name=name]").FillAsync("by URL");
        await page.Locator("dialog button[type=submit]").ClickAsync();

        await Assertions.Expect(page.Locator("dialog")).ToContainTextAsync("ImageBackup:SourceUrl:AllowedHosts names no host");
    }

    private async Task OpenNodeMenuAsync(IPage page)
    {
        await page.GotoAsync(service.PageAddress("/nodes"));
        await page.Locator("summary[aria-label='Actions for Local backup node']").ClickAsync();
    }
}
