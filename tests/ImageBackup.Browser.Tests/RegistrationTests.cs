using System.Net;
using System.Text.RegularExpressions;
using ImageBackup.TestSupport;
using Microsoft.Playwright;

namespace ImageBackup.Browser.Tests;

/// <summary>Backup nodes and buckets: registered, changed, used and removed from the page.</summary>
[Collection(BrowserTests.Name)]
public sealed class RegistrationTests(Chromium chromium, PageService service) : IClassFixture<PageService>, IAsyncDisposable
{
    public async ValueTask DisposeAsync() => await service.CalmAsync();

    [Fact]
    public async Task A_node_is_registered_changed_and_removed()
    {
        await using var visit = await Visit.StartAsync(chromium);
        var page = visit.Page;
        await page.GotoAsync(service.PageAddress("/nodes"));

        await page.GetByRole(AriaRole.Button, new() { Name = "Register a node" }).ClickAsync();
        await page.Locator("dialog input[name=display_name]").FillAsync("second node");
        await page.Locator("dialog input[name=backup_node_id]").FillAsync("vm-2");
        await page.Locator("dialog input[name=password]").FillAsync("very-secret");
        await page.Locator("dialog input[name=access_ip]").FillAsync("no address");
        Assert.DoesNotContain("very-secret", await page.ContentAsync(), StringComparison.Ordinal);
        Assert.Contains("\"password\":\"'\"$PASSWORD\"'\"", await page.Locator("dialog .curl code").TextContentAsync(), StringComparison.Ordinal);
        await page.Locator("dialog button[type=submit]").ClickAsync();
        await Assertions.Expect(page.Locator("dialog [role=alert] .problem-text")).ToContainTextAsync("Invalid input for field/attribute access_ip. Value: no address.");
        await page.Locator("dialog input[name=access_ip]").FillAsync("192.0.2.10");
        await page.Locator("dialog button[type=submit]").ClickAsync();
        await Assertions.Expect(Row(page, "second node")).ToContainTextAsync("192.0.2.10");

        await ChooseAsync(page, "second node", "Change");
        await page.Locator("dialog input[name=display_name]").FillAsync("node two");
        await page.Locator("dialog input[name=fast_compression]").CheckAsync();
        await page.Locator("dialog button[type=submit]").ClickAsync();
        await Assertions.Expect(Row(page, "node two")).ToContainTextAsync("Always");
        var node = (await service.GetAsync(ServiceFixture.V3("/backup-nodes/vm-2"))).GetProperty("backup_node").GetProperty("registration");
        Assert.Equal("192.0.2.10", node.GetProperty("access_ip").GetString());
        Assert.True(node.GetProperty("fast_compression").GetBoolean());

        await ChooseAsync(page, "node two", "Remove");
        await page.Locator("dialog button[type=submit]").ClickAsync();
        await Assertions.Expect(Row(page, "node two")).ToHaveCountAsync(0);
        await Assertions.Expect(page.Locator("h1")).ToBeFocusedAsync();
        using var gone = await service.Client.GetAsync(ServiceFixture.V3("/backup-nodes/vm-2"));
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        visit.AssertQuiet();
    }

    [Theory]
    [InlineData("dialog")]
    [InlineData("view")]
    public async Task A_form_that_loads_late_does_not_replace_a_dialog_opened_meanwhile(string opened)
    {
        await using var visit = await Visit.StartAsync(chromium);
        var page = visit.Page;
        await page.GotoAsync(service.PageAddress("/nodes"));
        var asked = new TaskCompletionSource<IRoute>();
        await page.RouteAsync(new Regex(@"/cos\?"), route => asked.TrySetResult(route));

        await page.GetByRole(AriaRole.Button, new() { Name = "Register a node" }).ClickAsync();
        var late = await asked.Task.WaitAsync(TimeSpan.FromSeconds(15));
        if (opened == "dialog")
        {
            await page.Locator("#session .chip").First.ClickAsync();
            await page.Locator("dialog input[name=project_id]").FillAsync("being typed");
        }
        else
        {
            await page.Locator("#tabs a", new() { HasText = "Images" }).ClickAsync();
            await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Images");
        }

        await late.ContinueAsync();
        await Assertions.Expect(page.Locator("body:not([data-waiting])")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator("dialog")).ToHaveCountAsync(opened == "dialog" ? 1 : 0);
        if (opened == "dialog")
        {
            await Assertions.Expect(page.Locator("dialog input[name=project_id]")).ToHaveValueAsync("being typed");
        }

        visit.AssertQuiet();
    }

    [Fact]
    public async Task Archives_on_a_node_are_discovered()
    {
        await service.CopyArchiveAsync("on the node", "found-by-discovery.ova");
        await File.WriteAllTextAsync(Path.Combine(service.Paths.BackupNode("local"), "torn.ova"), "no archive");
        await using var visit = await Visit.StartAsync(chromium);
        var page = visit.Page;
        await page.GotoAsync(service.PageAddress("/nodes"));

        await ChooseAsync(page, "Local backup node", "Discover archives");
        await page.Locator("dialog button[type=submit]").ClickAsync();

        await Assertions.Expect(page.Locator(".toast-error")).ToContainTextAsync("3 found, 1 added; unreadable: torn.ova (");
        await page.Locator("#tabs a", new() { HasText = "Backups" }).ClickAsync();
        await Assertions.Expect(Row(page, "found-by-discovery").Locator(".badge")).ToHaveTextAsync("Available");
        visit.AssertQuiet();
    }

    [Fact]
    public async Task A_registered_bucket_serves_an_import_and_is_not_removed_while_in_use()
    {
        await using var swift = await SwiftServer.StartAsync();
        var bucket = await swift.CreateBucketAsync();
        await using var visit = await Visit.StartAsync(chromium);
        var page = visit.Page;
        await page.GotoAsync(service.PageAddress("/buckets"));

        await page.GetByRole(AriaRole.Button, new() { Name = "Register a bucket" }).First.ClickAsync();
        await page.Locator("dialog input[name=name]").FillAsync("archives");
        await page.Locator("dialog input[name=bucket_name]").FillAsync(bucket);
        await page.Locator("dialog input[name=cos_endpoint]").FillAsync(swift.Url);
        await page.Locator("dialog input[name=access_key]").FillAsync(SwiftServer.AccessKey);
        await page.Locator("dialog input[name=secret_key]").FillAsync("wrong");
        await page.Locator("dialog button[type=submit]").ClickAsync();
        await Assertions.Expect(page.Locator("dialog [role=alert] .problem-text")).ToContainTextAsync($"Bucket '{bucket}' at {swift.Url}");
        await page.Locator("dialog input[name=secret_key]").FillAsync(SwiftServer.SecretKey);
        await page.Locator("dialog button[type=submit]").ClickAsync();
        await Assertions.Expect(Row(page, "archives")).ToContainTextAsync(swift.Url);

        var id = await service.StartExportAsync("to the bucket", bucket);
        await service.WaitForStatusAsync(id, "uploaded");
        await Row(page, "archives").Locator("summary", new() { HasText = "Show archives" }).ClickAsync();
        await page.Locator(".objects button", new() { HasText = "Import" }).ClickAsync();
        await PageService.ImportByFormAsync(page, "out of the bucket");

        await page.GotoAsync(service.PageAddress("/buckets"));
        await ChooseAsync(page, "archives", "Change");
        Assert.False(await page.Locator("dialog input[name=secret_key]").IsVisibleAsync());
        await page.Locator("dialog input[name=name]").FillAsync("renamed");
        await page.Locator("dialog button[type=submit]").ClickAsync();
        await ChooseAsync(page, "renamed", "Remove");
        await page.Locator("dialog button[type=submit]").ClickAsync();
        await Assertions.Expect(page.Locator("dialog [role=alert] .problem-text")).ToContainTextAsync("is in use");
        await page.Keyboard.PressAsync("Escape");
        await service.CalmAsync();
        await ChooseAsync(page, "renamed", "Remove");
        await page.Locator("dialog button[type=submit]").ClickAsync();
        await Assertions.Expect(page.Locator(".empty")).ToContainTextAsync("No registered buckets");
        visit.AssertQuiet();
    }

    private static ILocator Row(IPage page, string name) => page.Locator(".row", new() { HasText = name });

    private static async Task ChooseAsync(IPage page, string row, string item)
    {
        await page.Locator($"summary[aria-label='Actions for {row}']").ClickAsync();
        await page.Locator(".menu[open] .menu-item", new() { HasText = item }).ClickAsync();
    }
}
