using System.Net.Http.Json;
using Microsoft.Playwright;

namespace ImageBackup.Browser.Tests;

/// <summary>The processes of the service below the backup nodes.</summary>
[Collection(BrowserTests.Name)]
public sealed class ProcessTests(Chromium chromium, ProcessTests.Named service, RoleTests.Guarded guarded) : IClassFixture<ProcessTests.Named>, IClassFixture<RoleTests.Guarded>, IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        // A disabled process would not delete what the test leaves.
        using var body = JsonContent.Create(new { binary = "cinder-backup", host = "worker-1" });
        (await service.Client.PutAsync(PageService.V3("/os-services/enable"), body)).EnsureSuccessStatusCode();
        await service.CalmAsync();
    }

    [Fact]
    public async Task An_administrator_sees_what_each_process_runs_and_why_it_is_disabled()
    {
        await service.ThrottleAsync("backup_vol_*", 1 << 20);
        var id = await service.StartExportAsync("in progress");
        await service.WaitForStatusAsync(id, "creating_backup");
        await using var visit = await Visit.StartAsync(chromium);
        var page = visit.Page;
        await page.GotoAsync(service.PageAddress("/nodes"));

        var process = page.Locator(".process");
        await Assertions.Expect(process).ToContainTextAsync("worker-1");
        await Assertions.Expect(process).ToContainTextAsync("runs operations of all nodes");
        await Assertions.Expect(process.Locator(".badge")).ToHaveTextAsync(["Up"]);
        await Assertions.Expect(process.Locator("a")).ToHaveTextAsync([$"Export, image backup {id}"]);
        await visit.AssertAccessibleAsync("a process that runs an export");

        using var body = JsonContent.Create(new { binary = "cinder-backup", host = "worker-1", disabled_reason = "new disks" });
        (await service.Client.PutAsync(PageService.V3("/os-services/disable-log-reason"), body)).EnsureSuccessStatusCode();
        await page.ReloadAsync();
        await Assertions.Expect(process.Locator(".badge")).ToHaveTextAsync(["Up", "Disabled"]);
        await Assertions.Expect(process).ToContainTextAsync("new disks");

        await service.RemoveFaultsAsync();
        await service.WaitForStatusAsync(id, "available");
        await Assertions.Expect(process).ToContainTextAsync("runs nothing now");
        await visit.AssertAccessibleAsync("a disabled process");
        visit.AssertQuiet();
    }

    [Fact]
    public async Task A_member_sees_no_processes()
    {
        await using var visit = await Visit.StartAsync(chromium);
        var page = visit.Page;
        await page.GotoAsync(guarded.PageAddress("/nodes"));
        await page.Locator(".log-in input[name=user]").FillAsync("member");
        await page.Locator(".log-in input[name=password]").FillAsync(RoleTests.Guarded.Password);
        await page.Locator(".log-in button", new() { HasText = "Log in" }).ClickAsync();

        await Assertions.Expect(page.Locator(".row")).ToContainTextAsync("Local backup node");
        await Assertions.Expect(page.Locator(".process")).ToHaveCountAsync(0);
        visit.AssertQuiet();
    }

    /// <summary>The service with a name among the services.</summary>
    public sealed class Named : PageService
    {
        public Named() => Settings["ImageBackup:Cluster:Host"] = "worker-1";
    }
}
