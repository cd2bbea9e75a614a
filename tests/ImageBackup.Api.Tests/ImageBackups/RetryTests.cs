using System.Net;
using ImageBackup.Core.Persistence;
using ImageBackup.TestSupport;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Api.Tests.ImageBackups;

/// <summary>A failed or stopped operation starts again with the same values.</summary>
public sealed class RetryTests(ServiceFixture service) : FlowTest(service), IClassFixture<ServiceFixture>
{
    [Theory]
    [InlineData("backup_vol_*", "error")]
    [InlineData("update_task", "error")]
    [InlineData("upload_ova_*", "upload_failed")]
    public async Task A_failed_export_ends_as_the_backup_that_was_asked_for(string task, string failed)
    {
        Service.Fail(task, 0.5);
        var started = await Client.ExportAsync(await Seeds.ImageAsync(Content.Random(3 << 20)), ("compression", "Fast"), ("upload_to_cos", true), ("description", "kept"));
        await Client.WaitAsync(started);
        Assert.Equal(failed, await Client.StatusAsync(started.Id));
        var before = await Client.ShowAsync(started.Id);

        var retried = await Client.BeginAsync(started.Id, "retry");
        await Client.SucceedAsync(retried);

        var after = await Client.ShowAsync(started.Id);
        Assert.Equal(started.Id, retried.Id);
        Assert.Equal("uploaded", after.GetProperty("status").GetString());
        Assert.Null(after.GetProperty("fail_reason").GetString());
        foreach (var field in new[] { "name", "description", "src_image_id", "backup_host", "compression", "effective_compression", "cos_bucket", "size" })
        {
            Assert.Equal(before.GetProperty(field).GetRawText(), after.GetProperty(field).GetRawText());
        }

        Assert.Contains(failed == "error" ? "action=export" : "action=upload", retried.TaskUri, StringComparison.Ordinal);
        await Client.SucceedAsync(await Client.BeginAsync(started.Id, "verify"));
        await Client.ImportedAsync(("image_backup_id", started.Id));
    }

    [Theory]
    [InlineData("extract_ova_*", false, "available")]
    [InlineData("restore_*", false, "available")]
    [InlineData("restore_*", true, "uploaded")]
    [InlineData("download_ova_*", true, "uploaded")]
    public async Task A_failed_import_ends_as_the_image_that_was_asked_for(string task, bool isUploaded, string status)
    {
        var exported = await Client.ExportedAsync(await Seeds.ImageAsync(Content.Random(3 << 20)), ("upload_to_cos", isUploaded));
        if (isUploaded)
        {
            File.Delete(await OvaOfAsync(exported.Id));
        }

        Service.Fail(task, 0.5);
        var failed = await Client.ImportAsync(("image_backup_id", exported.Id), ("name", "wanted"), ("description", "as asked"));
        await Client.WaitAsync(failed);

        await Client.SucceedAsync(await Client.BeginAsync(exported.Id, "retry"));

        var backup = await Client.ShowAsync(exported.Id);
        Assert.Equal(status, backup.GetProperty("status").GetString());
        var image = (await Client.GetAsync($"/v2/images/{backup.GetProperty("image_id").GetString()}")).Body;
        Assert.Equal("wanted", image.GetProperty("name").GetString());
        Assert.Equal("active", image.GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_failed_import_of_a_raw_disk_is_retried_with_its_properties()
    {
        await File.WriteAllBytesAsync(Path.Combine(Node, "disk.raw"), Content.Random(2 << 20).ToArray());
        Service.Fail("restore_*", 0.5);
        var failed = await Client.ImportAsync(("ova_name", "disk.raw"), ("import_from_raw_file", true), ("os_type", "ibmi"), ("architecture", "ppc64"));
        await Client.WaitAsync(failed);

        await Client.SucceedAsync(await Client.BeginAsync(failed.Id, "retry"));

        var backup = await Client.ShowAsync(failed.Id);
        Assert.Equal("available", backup.GetProperty("status").GetString());
        Assert.Equal("ibmi", backup.GetProperty("os_type").GetString());
    }

    [Theory]
    [InlineData("upload", "upload_ova_*", "uploaded")]
    [InlineData("download", "download_ova_*", "uploaded")]
    [InlineData("verify", "verify_ova_*", "uploaded")]
    public async Task A_stopped_operation_is_retried_out_of_error(string action, string task, string status)
    {
        var exported = await Client.ExportedAsync(await Seeds.ImageAsync(Content.Random(3 << 20)), ("upload_to_cos", true));
        var fault = Service.Stall(task, 0);
        var stopped = await Client.BeginAsync(exported.Id, action);
        await fault.StruckAsync();
        Assert.Equal(HttpStatusCode.Accepted, (await Client.ResetAsync(exported.Id)).Status);
        await Client.WaitAsync(stopped);
        Service.ClearFaults();
        Assert.Equal("error", await Client.StatusAsync(exported.Id));

        await Client.SucceedAsync(await Client.BeginAsync(exported.Id, "retry"));

        Assert.Equal(status, await Client.StatusAsync(exported.Id));
    }

    [Fact]
    public async Task A_stopped_operation_is_not_retried_while_it_reverts()
    {
        var fault = Service.Stall("create_ova_*", 1);
        var stopped = await Client.ExportAsync(await Seeds.ImageAsync(Content.Random(100)), ("upload_to_cos", true));
        await fault.StruckAsync();
        await Client.ResetAsync(stopped.Id);
        await Client.WaitAsync(stopped);
        Service.ClearFaults();

        // As the reset leaves it until the revert has ended.
        await SetQueueStateAsync(stopped.Id, QueueState.Running);
        var refusal = await Client.PostAsync($"/image-backups/{stopped.Id}/retry");
        await SetQueueStateAsync(stopped.Id, QueueState.Finished);

        Assert.Equal(HttpStatusCode.BadRequest, refusal.Status);
        Assert.Equal($"Invalid image backup: The operation export of image backup {stopped.Id} was stopped and is still being reverted. Retry when it has ended.", refusal.Message);
        await Client.SucceedAsync(await Client.BeginAsync(stopped.Id, "retry"));
        Assert.Equal("uploaded", await Client.StatusAsync(stopped.Id));
    }

    [Fact]
    public async Task Only_a_failed_operation_of_an_own_backup_is_retried()
    {
        var exported = await Client.ExportedAsync(await Seeds.ImageAsync(Content.Random(100)));
        var refusal = await Client.PostAsync($"/image-backups/{exported.Id}/retry");
        Assert.Equal(HttpStatusCode.BadRequest, refusal.Status);
        Assert.Equal($"Invalid image backup: The operation export of image backup {exported.Id} succeeded; only a failed or stopped operation can be retried.", refusal.Message);

        var fault = Service.Stall("verify_ova_*", 0);
        await Client.BeginAsync(exported.Id, "verify");
        await fault.StruckAsync();
        refusal = await Client.PostAsync($"/image-backups/{exported.Id}/retry");
        Assert.Equal($"Invalid image backup: Image backup {exported.Id} is extracting_ova. Wait until the operation verify has ended, then retry.", refusal.Message);
        Assert.Equal(HttpStatusCode.NotFound, (await Client.PostAsync("/image-backups/4711/retry")).Status);
    }

    private async Task SetQueueStateAsync(int id, QueueState state)
    {
        await using var db = Service.OpenDatabase();
        await db.LogBooks.Where(book => book.BackupId == id).ExecuteUpdateAsync(set => set.SetProperty(book => book.QueueState, state));
    }
}
