using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ImageBackup.TestSupport;
using Microsoft.Playwright;

namespace ImageBackup.Browser.Tests;

[Collection(BrowserTests.Name)]
public sealed class LivePageTests(Chromium chromium, PageService service) : IClassFixture<PageService>, IAsyncDisposable
{
    public async ValueTask DisposeAsync() => await service.CalmAsync();

    [Fact]
    public async Task A_running_export_moves_its_bar_without_a_reload()
    {
        await service.ThrottleAsync("backup_vol_*", 4 << 20);
        await using var visit = await Visit.StartAsync(chromium);
        var page = visit.Page;

        await page.GotoAsync(service.PageAddress());
        await page.EvaluateAsync("() => { window.notReloaded = true; }");
        var id = await service.StartExportAsync("moving");
        var card = page.Locator(".run", new() { HasText = "moving" });
        var bar = card.Locator("progress");
        await card.WaitForAsync();
        await PageService.WaitAsync(async () => await ValueAsync(bar) > 0, "the bar to leave 0");
        var first = await ValueAsync(bar);
        await PageService.WaitAsync(async () => await ValueAsync(bar) > first, "the bar to move on");
        await Assertions.Expect(card).ToContainTextAsync("MiB/s");
        await Assertions.Expect(card).ToContainTextAsync("left");
        await Assertions.Expect(page).ToHaveTitleAsync(new Regex(@"^\d+ % · Image backups"));
        await service.RemoveFaultsAsync();
        await card.WaitForAsync(new() { State = WaitForSelectorState.Detached });

        await service.WaitForStatusAsync(id, "available");
        await Assertions.Expect(Row(page, "moving").Locator(".badge")).ToHaveTextAsync("Available");
        Assert.True(await page.EvaluateAsync<bool>("() => window.notReloaded === true"));
        visit.AssertQuiet();
    }

    [Fact]
    public async Task An_import_started_from_the_form_ends_as_an_image()
    {
        var id = await service.ExportAsync("to-import");
        await using var visit = await Visit.StartAsync(chromium);
        var page = visit.Page;

        await page.GotoAsync(service.PageAddress());
        await page.Locator(".view-head button", new() { HasText = "Import" }).ClickAsync();
        await page.Locator("dialog select[name=image_backup_id]").SelectOptionAsync($"{id}");
        await page.Locator("dialog input[name=name]").FillAsync("imported by form");
        await page.Locator("dialog button[type=submit]").ClickAsync();

        await page.WaitForURLAsync($"**/ui/#/backups/{id}");
        await Assertions.Expect(page.Locator(".panel")).ToContainTextAsync("Import");
        await Assertions.Expect(page.Locator(".panel .percent")).ToHaveTextAsync("100 %");
        await page.Locator("#tabs a", new() { HasText = "Images" }).ClickAsync();
        await Assertions.Expect(Row(page, "imported by form").Locator(".badge")).ToHaveTextAsync("active");
        var images = (await service.GetAsync("/v2/images?name=imported%20by%20form")).GetProperty("images");
        Assert.Equal("active", Assert.Single(images.EnumerateArray()).GetProperty("status").GetString());
        visit.AssertQuiet();
    }

    [Fact]
    public async Task An_export_started_from_the_form_is_followed_task_by_task()
    {
        await using var visit = await Visit.StartAsync(chromium);
        var page = visit.Page;

        await page.GotoAsync(service.PageAddress("/images"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Export demo-aix" }).ClickAsync();
        await page.Locator("dialog input[name=name]").FillAsync("by form");
        await page.Locator("dialog input[value=Fast]").CheckAsync();
        var command = await page.Locator("dialog .curl code").TextContentAsync();
        await page.Locator("dialog button[type=submit]").ClickAsync();

        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("by form");
        await Assertions.Expect(page.Locator(".title-line .badge")).ToHaveTextAsync("Uploaded");
        var tasks = page.Locator(".task");
        await Assertions.Expect(tasks.Locator(".task-word")).ToHaveTextAsync(
            ["Clone volume", "Back up volume", "Remove the clone", "Write the archive", "Finish the record", "Upload the archive"]);
        await Assertions.Expect(tasks.Locator(".task-state")).ToHaveTextAsync(Enumerable.Repeat("done", 6));
        Assert.Contains("\"compression\":\"Fast\"", command, StringComparison.Ordinal);
        Assert.Contains($"{service.BaseAddress}{ServiceFixture.V3("/image-backups/export_image")}", command, StringComparison.Ordinal);
        visit.AssertQuiet();
    }

    [Fact]
    public async Task A_failed_task_shows_its_reason()
    {
        using var body = JsonContent.Create(new { fault = new { task = "create_ova_*", at = 0, action = "fail", times = 1, message = "The disk is full of <b>old</b> archives" } });
        using var fault = await service.Client.PostAsync("/emulator/faults", body);
        var id = await service.StartExportAsync("failing");
        await service.WaitForStatusAsync(id, "error");
        await using var visit = await Visit.StartAsync(chromium);
        var page = visit.Page;

        await page.GotoAsync(service.PageAddress($"/backups/{id}"));

        await Assertions.Expect(page.Locator("main .problem")).ToContainTextAsync("The disk is full of <b>old</b> archives");
        await Assertions.Expect(page.GetByText("The disk is full of <b>old</b> archives")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator(".task", new() { HasText = "create_ova_" }).Locator(".task-state")).ToHaveTextAsync("failed");
        await Assertions.Expect(page.Locator(".task-state")).ToContainTextAsync(["undone", "undone", "undone", "failed", "not run"]);
        await Assertions.Expect(page.Locator(".task", new() { HasText = "update_task" }).Locator(".task-state")).ToHaveTextAsync("not run");
        await Assertions.Expect(page.Locator(".title-line .badge")).ToHaveTextAsync("Error");

        await OperateAsync(page, "Retry");
        await Assertions.Expect(page.Locator(".title-line .badge")).ToHaveTextAsync("Available");
        await Assertions.Expect(page.Locator("main > .view > .problem")).ToBeHiddenAsync();
        await Assertions.Expect(page.Locator(".actions button", new() { HasText = "Retry" })).ToHaveCountAsync(0);
        visit.AssertQuiet();
    }

    [Fact]
    public async Task A_failed_upload_offers_the_upload_first()
    {
        using var body = JsonContent.Create(new { fault = new { task = "upload_ova_*", at = 0, action = "fail", times = 1, message = "The bucket is gone" } });
        using var fault = await service.Client.PostAsync("/emulator/faults", body);
        var id = await service.StartExportAsync("not uploaded", "cos-default");
        await service.WaitForStatusAsync(id, "upload_failed");
        await using var visit = await Visit.StartAsync(chromium);
        var page = visit.Page;

        await page.GotoAsync(service.PageAddress($"/backups/{id}"));

        await Assertions.Expect(page.Locator(".view-head .actions button").First).ToHaveTextAsync("Upload");
        await OperateAsync(page, "Upload");
        await Assertions.Expect(page.Locator(".title-line .badge")).ToHaveTextAsync("Uploaded");
        visit.AssertQuiet();
    }

    [Fact]
    public async Task A_stalled_operation_shows_for_how_long_it_has_had_no_data_and_its_bars_show_bytes()
    {
        await service.ThrottleAsync("backup_vol_*", 4 << 20);
        var id = await service.StartExportAsync("stalled");
        var backup = (await service.GetAsync(ServiceFixture.V3($"/image-backups/{id}"))).GetProperty("image-backup");
        var path = ServiceFixture.V3($"/image-backups/get_progress?action=export&backup_id={id}&task_id={backup.GetProperty("task_id").GetString()}&details=true");
        JsonNode details = new JsonObject();
        await PageService.WaitAsync(
            async () =>
            {
                details = JsonNode.Parse(await service.Client.GetStringAsync(path))!;
                return details["details"]!["last_data_at"] is not null;
            },
            "data");
        foreach (var running in details["details"]!["tasks"]!.AsArray().Where(one => one!["state"]!.GetValue<string>() == "RUNNING"))
        {
            running!["last_data_at"] = DateTime.UtcNow.AddMinutes(-26).ToString("s");
            running["bytes_done"] = running["bytes_total"]!.GetValue<long>() / 4;
        }

        await using var visit = await Visit.StartAsync(chromium);
        var page = visit.Page;
        await page.RouteAsync(new Regex("get_progress"), route => route.FulfillAsync(new() { ContentType = "text/event-stream", Body = $"event: progress\ndata: {details.ToJsonString()}\n\n" }));

        await page.GotoAsync(service.PageAddress($"/backups/{id}"));

        await Assertions.Expect(page.Locator(".panel .card-figures")).ToContainTextAsync("no data for 26 min");
        var task = page.Locator(".task", new() { HasText = "backup_vol_" });
        await Assertions.Expect(task).ToContainTextAsync("no data for 26 min");
        await Assertions.Expect(page.Locator(".panel")).Not.ToContainTextAsync("left");
        Assert.Equal("25%", await task.Locator(".track-span").EvaluateAsync<string>("span => span.style.width"));
        visit.AssertQuiet();
    }

    [Fact]
    public async Task Many_changes_at_once_load_the_list_twice_at_most()
    {
        await using var visit = await Visit.StartAsync(chromium);
        var page = visit.Page;
        await page.GotoAsync(service.PageAddress());
        await page.Locator("main h1").WaitForAsync();
        var loads = 0;
        page.Request += (_, request) => loads += request.Url.Contains("/image-backups/detail", StringComparison.Ordinal) ? 1 : 0;

        await page.EvaluateAsync("() => { for (let i = 0; i < 30; i += 1) { window.dispatchEvent(new CustomEvent('imagebackup:changed')); } }");
        await Polling.UntilAsync("the list to be loaded", () => Task.FromResult(loads > 0));
        await page.EvaluateAsync("() => fetch('/healthcheck')");

        Assert.InRange(loads, 1, 2);
        visit.AssertQuiet();
    }

    [Fact]
    public async Task A_refusal_shows_the_message_of_the_API()
    {
        using var body = JsonContent.Create(new Dictionary<string, object>
        {
            ["image-backup"] = new { name = "refused", src_image_id = PageService.ImageId, cos_bucket = "no-such-bucket" },
        });
        using var refusal = await service.Client.PostAsync(ServiceFixture.V3("/image-backups/export_image"), body);
        Assert.Equal(HttpStatusCode.BadRequest, refusal.StatusCode);
        using var fault = JsonDocument.Parse(await refusal.Content.ReadAsStringAsync());
        var words = fault.RootElement.GetProperty("badRequest").GetProperty("message").GetString()!;
        await using var visit = await Visit.StartAsync(chromium);
        var page = visit.Page;

        await page.GotoAsync(service.PageAddress());
        await page.Locator(".view-head button", new() { HasText = "Export an image" }).ClickAsync();
        await page.Locator("dialog input[name=name]").FillAsync("refused");
        await page.Locator("dialog input[name=cos_bucket]").FillAsync("no-such-bucket");
        await page.Locator("dialog button[type=submit]").ClickAsync();

        await Assertions.Expect(page.Locator("dialog [role=alert] .problem-text")).ToHaveTextAsync(words);
        await Assertions.Expect(page.Locator("dialog input[name=name]")).ToHaveValueAsync("refused");
        visit.AssertQuiet();
    }

    [Fact]
    public async Task An_archive_is_verified_uploaded_and_deleted_from_its_page()
    {
        var id = await service.ExportAsync("handled");
        await using var visit = await Visit.StartAsync(chromium);
        var page = visit.Page;
        var badge = page.Locator(".title-line .badge");

        await page.GotoAsync(service.PageAddress($"/backups/{id}"));
        await OperateAsync(page, "Verify");
        await Assertions.Expect(page.Locator(".panel h2")).ToHaveTextAsync("Verification");
        await Assertions.Expect(badge).ToHaveTextAsync("Available");
        await OperateAsync(page, "Upload");
        await Assertions.Expect(badge).ToHaveTextAsync("Uploaded");
        await OperateAsync(page, "Download");
        await Assertions.Expect(page.Locator(".panel h2")).ToHaveTextAsync("Download");
        await Assertions.Expect(page.Locator(".panel .percent")).ToHaveTextAsync("100 %");
        await Assertions.Expect(page.Locator(".actions button", new() { HasText = "Delete" })).ToBeVisibleAsync();
        await OperateAsync(page, "Delete");

        await page.WaitForURLAsync("**/ui/#/backups");
        await service.WaitForEndAsync(id);
        visit.AssertQuiet();
    }

    [Fact]
    public async Task A_running_export_is_deleted_only_by_force()
    {
        await service.ThrottleAsync("backup_vol_*", 4 << 20);
        var id = await service.StartExportAsync("unwanted");
        await using var visit = await Visit.StartAsync(chromium);
        var page = visit.Page;

        await page.GotoAsync(service.PageAddress($"/backups/{id}"));
        await page.Locator(".actions button", new() { HasText = "Delete" }).ClickAsync();
        await page.Locator("dialog button[type=submit]").ClickAsync();
        await Assertions.Expect(page.Locator("dialog [role=alert]")).ToContainTextAsync("force");
        await page.Locator("dialog input[name=force]").CheckAsync();
        await page.Locator("dialog button[type=submit]").ClickAsync();
        await page.WaitForURLAsync("**/ui/#/backups");

        await service.WaitForEndAsync(id);
        visit.AssertQuiet();
    }

    [Fact]
    public async Task A_reset_leaves_the_backup_in_error()
    {
        await service.ThrottleAsync("backup_vol_*", 4 << 20);
        var id = await service.StartExportAsync("stuck");
        await using var visit = await Visit.StartAsync(chromium);
        var page = visit.Page;

        await page.GotoAsync(service.PageAddress($"/backups/{id}"));
        await OperateAsync(page, "Reset to error");

        await Assertions.Expect(page.Locator(".title-line .badge")).ToHaveTextAsync("Error");
        visit.AssertQuiet();
    }

    private static async Task OperateAsync(IPage page, string operation)
    {
        await page.Locator(".view-head .actions button", new() { HasText = operation }).ClickAsync();
        await page.Locator("dialog button[type=submit]").ClickAsync();
        await page.Locator("dialog").WaitForAsync(new() { State = WaitForSelectorState.Detached });
    }

    private static ILocator Row(IPage page, string name) => page.Locator(".row", new() { HasText = name });

    private static Task<double> ValueAsync(ILocator bar) => bar.EvaluateAsync<double>("bar => bar.value");
}
