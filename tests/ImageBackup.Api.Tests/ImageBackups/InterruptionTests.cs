using System.Diagnostics;
using System.Net;
using System.Text.Json;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.ImageBackups;

/// <summary>reset_status and force delete during an operation.</summary>
public sealed class InterruptionTests(ServiceFixture service) : FlowTest(service), IClassFixture<ServiceFixture>
{
    private static readonly TimeSpan ASecond = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData("backup_vol_")]
    [InlineData("create_ova_")]
    [InlineData("update_task")]
    public async Task Reset_stops_an_export_and_leaves_nothing(string task)
    {
        var imageId = await Seeds.ImageAsync(Content.Random(4 << 20));
        var before = await Footprint.TakeAsync(Service);
        var started = await StalledAsync(task, () => Client.ExportAsync(imageId));

        await ResetAsync(started, task, "creating_backup");

        Assert.Equal(before, await Footprint.TakeAsync(Service));
    }

    [Fact]
    public async Task Reset_stops_an_upload_and_leaves_the_archive_but_nothing_in_the_bucket()
    {
        var imageId = await Seeds.ImageAsync(Content.Random(SeveralParts));
        var before = await Footprint.TakeAsync(Service);
        var started = await StalledAsync("upload_ova_", () => Client.ExportAsync(imageId, ("upload_to_cos", true)));

        await ResetAsync(started, "upload_ova_", "uploading");

        var ova = Path.GetRelativePath(Service.DataDirectory, await OvaOfAsync(started.Id));
        Assert.Equal([ova], (await Footprint.TakeAsync(Service)).Except(before));
    }

    [Theory]
    [InlineData("extract_ova_", "extracting_ova")]
    [InlineData("restore_", "extracting_ova")]
    [InlineData("create_image_", "extracting_ova")]
    [InlineData("download_ova_", "downloading")]
    public async Task Reset_stops_an_import_and_leaves_nothing(string task, string status)
    {
        var exported = await Client.ExportedAsync(await Seeds.ImageAsync(Content.Random(SeveralParts)), ("upload_to_cos", true));
        File.Delete(await OvaOfAsync(exported.Id));
        var before = await Footprint.TakeAsync(Service);
        var started = await StalledAsync(task, () => Client.ImportAsync(("image_backup_id", exported.Id)));

        await ResetAsync(started, task, status);

        Assert.Equal(before, await Footprint.TakeAsync(Service));
    }

    [Fact]
    public async Task Reset_stops_a_verification()
    {
        var exported = await Client.ExportedAsync(await Seeds.ImageAsync(Content.Random(4 << 20)));
        var before = await Footprint.TakeAsync(Service);
        var started = await StalledAsync("verify_ova_", () => Client.BeginAsync(exported.Id, "verify"));

        await ResetAsync(started, "verify_ova_", "extracting_ova");

        Assert.Equal(before, await Footprint.TakeAsync(Service));
    }

    [Theory]
    [InlineData("temp_vol_")]
    [InlineData("backup_vol_")]
    [InlineData("create_ova_")]
    [InlineData("upload_ova_")]
    public async Task Force_delete_during_an_export_leaves_nothing(string task)
    {
        var imageId = await Seeds.ImageAsync(Content.Random(SeveralParts));
        var before = await Footprint.TakeAsync(Service);
        var started = await StalledAsync(task, () => Client.ExportAsync(imageId, ("upload_to_cos", true)));

        var refused = await Client.DeleteAsync(started.Id);
        var falseForce = await Client.DeleteAsync(started.Id, "?force=False");
        var accepted = await Client.DeleteAsync(started.Id, "?force=True");
        await Client.GoneAsync(started.Id);

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains("it can be deleted with force=true only", refused.Message, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, falseForce.Status);
        Assert.Equal(HttpStatusCode.Accepted, accepted.Status);
        Assert.Empty(accepted.Text);
        Assert.Equal(before, await Footprint.TakeAsync(Service));
        var details = await Client.ProgressAsync(started, withDetails: true);
        Assert.Contains("REVERTED", States(details, "flow_details").Values);
        Assert.StartsWith("Deleted by force from ", details.GetProperty("fail_reason").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("extract_ova_")]
    [InlineData("restore_")]
    [InlineData("update_img_")]
    public async Task Force_delete_during_an_import_leaves_nothing(string task)
    {
        var imageId = await Seeds.ImageAsync(Content.Random(4 << 20));
        var before = await Footprint.TakeAsync(Service);
        var exported = await Client.ExportedAsync(imageId, ("upload_to_cos", true));
        var started = await StalledAsync(task, () => Client.ImportAsync(("image_backup_id", exported.Id)));

        Assert.Equal(HttpStatusCode.Accepted, (await Client.DeleteAsync(started.Id, "?force=1")).Status);
        await Client.GoneAsync(started.Id);

        Assert.Equal(before, await Footprint.TakeAsync(Service));
    }

    [Fact]
    public async Task A_stalled_deletion_can_be_reset_and_repeated()
    {
        var imageId = await Seeds.ImageAsync(Content.Random(1 << 20));
        var before = await Footprint.TakeAsync(Service);
        var exported = await Client.ExportedAsync(imageId);
        var fault = Service.Stall("delete_ova_*", 0);
        await Client.DeleteAsync(exported.Id);
        await fault.StruckAsync();

        var reset = await Client.ResetAsync(exported.Id);
        var record = await Client.ShowAsync(exported.Id);
        await Client.DeletedAsync(exported.Id);

        Assert.Equal(HttpStatusCode.Accepted, reset.Status);
        Assert.Equal("error", record.GetProperty("status").GetString());
        Assert.Equal(before, await Footprint.TakeAsync(Service));
    }

    [Fact]
    public async Task A_busy_operation_stops_within_a_second_of_a_reset()
    {
        // Random data keeps the cores busy for a while.
        var imageId = await Seeds.ImageAsync(Content.Random(256 << 20));
        var before = await Footprint.TakeAsync(Service);
        var started = await Client.ExportAsync(imageId);
        await Polling.UntilAsync("some progress", async () => (await Client.ProgressAsync(started)).GetProperty("progress").GetInt32() > 2);

        await ResetAsync(started, "backup_vol_", "creating_backup");

        Assert.Equal(before, await Footprint.TakeAsync(Service));
    }

    [Fact]
    public async Task Reset_of_a_settled_backup_is_refused()
    {
        var exported = await Client.ExportedAsync(await Seeds.ImageAsync(Content.Random(1000)));

        var answer = await Client.ResetAsync(exported.Id);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(
            $"Invalid image backup: Image backup {exported.Id} is available; only one that is creating_backup, uploading, downloading, extracting_ova or deleting can be reset.",
            answer.Message);
        Assert.Equal("available", await Client.StatusAsync(exported.Id));
    }

    [Theory]
    [InlineData("""{"reset_status":{"status":"available"}}""", "status", "available")]
    [InlineData("""{"reset_status":{"status":7}}""", "status", "7")]
    [InlineData("""{"reset_status":{}}""", "status", null)]
    [InlineData("""{"reset_status":{"status":"error","force":true}}""", "force", null)]
    public async Task Reset_accepts_the_status_error_only(string body, string field, string? value)
    {
        var exported = await Client.ExportedAsync(await Seeds.ImageAsync(Content.Random(1000)));

        var answer = await Client.SendAsync(HttpMethod.Put, $"/image-backups/{exported.Id}/reset_status", body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains(field, answer.Message, StringComparison.Ordinal);
        Assert.Contains(value ?? "", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_queued_export_that_was_reset_never_runs()
    {
        var imageId = await Seeds.ImageAsync(Content.Random(1000));
        var before = await Footprint.TakeAsync(Service);
        var stalls = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => Service.Stall("temp_vol_*", 0)).ToList();
        var blocking = new List<StartedBackup>();
        foreach (var stall in stalls)
        {
            blocking.Add(await Client.ExportAsync(imageId));
        }

        foreach (var stall in stalls)
        {
            await stall.StruckAsync();
        }

        var waiting = await Client.ExportAsync(imageId);
        Assert.Equal(HttpStatusCode.Accepted, (await Client.ResetAsync(waiting.Id)).Status);

        var details = await Client.WaitAsync(waiting);
        Assert.Equal("REVERTED", States(details, "flow_details")["ExportFlow"]);
        Assert.Empty(States(details, "completed_tasks"));
        foreach (var started in blocking)
        {
            await Client.ResetAsync(started.Id);
            await Client.WaitAsync(started);
        }

        Assert.Equal(before, await Footprint.TakeAsync(Service));
    }

    private async Task<StartedBackup> StalledAsync(string task, Func<Task<StartedBackup>> start)
    {
        var fault = Service.Stall($"{task}*", 0.3);
        var started = await start();
        await fault.StruckAsync();
        return started;
    }

    private async Task ResetAsync(StartedBackup started, string task, string from)
    {
        Assert.Equal(from, await Client.StatusAsync(started.Id));
        var watch = Stopwatch.StartNew();
        var answer = await Client.ResetAsync(started.Id);
        await Polling.UntilAsync(
            $"the end of {task}", async () => TaskOf(await Client.ProgressAsync(started, withDetails: true), task).GetProperty("state").GetString() != "RUNNING");
        var took = watch.Elapsed;

        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
        Assert.Empty(answer.Text);
        Assert.True(took < ASecond, $"The work went on for {took.TotalSeconds} s.");
        var details = await Client.WaitAsync(started);
        var record = await Client.ShowAsync(started.Id);
        var reason = $"Reset from {from} to error by user ";
        Assert.Contains("REVERTED", States(details, "flow_details").Values);
        Assert.Equal("REVERTED", TaskOf(details, task).GetProperty("state").GetString());
        Assert.StartsWith(reason, details.GetProperty("fail_reason").GetString(), StringComparison.Ordinal);
        Assert.Equal("error", record.GetProperty("status").GetString());
        Assert.StartsWith(reason, record.GetProperty("fail_reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, record.GetProperty("image_id").ValueKind);
    }
}
