using ImageBackup.Core.Flows;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.ImageBackups;

/// <summary>Operations resume at the first unfinished task after a restart.</summary>
public sealed class RestartTests(ServiceFixture service) : FlowTest(service), IClassFixture<ServiceFixture>
{
    [Theory]
    [InlineData("temp_vol_", 0)]
    [InlineData("temp_vol_", 1)]
    [InlineData("backup_vol_", 0.4)]
    [InlineData("backup_vol_", 1)]
    [InlineData("delete_vol_", 1)]
    [InlineData("create_ova_", 0.4)]
    [InlineData("create_ova_", 1)]
    [InlineData("update_task", 1)]
    [InlineData("upload_ova_", 0.4)]
    [InlineData("upload_ova_", 1)]
    public async Task An_export_resumes_after_a_restart(string task, double at)
    {
        var content = Content.Random(task is "upload_ova_" or "download_ova_" ? SeveralParts : 5 << 20);
        var imageId = await Seeds.ImageAsync("two-volumes", (content, 0), (Content.Random(1 << 20, 2), -1));
        var fault = Service.Stall($"{task}*", at);
        var started = await Client.ExportAsync(imageId, ("upload_to_cos", true));

        await RestartAfterAsync(fault, started, task);

        Assert.Equal("uploaded", await Client.StatusAsync(started.Id));
        Assert.Equal(content, (await Seeds.ContentsOfAsync(await Client.ImportedAsync(("image_backup_id", started.Id))))[0]);
    }

    [Theory]
    [InlineData("download_ova_", 0.4)]
    [InlineData("download_ova_", 1)]
    [InlineData("extract_ova_", 0.4)]
    [InlineData("extract_ova_", 1)]
    [InlineData("restored_", 1)]
    [InlineData("restore_", 0.4)]
    [InlineData("restore_", 1)]
    [InlineData("create_map_", 1)]
    [InlineData("create_image_", 1)]
    [InlineData("update_img_", 1)]
    public async Task An_import_resumes_after_a_restart(string task, double at)
    {
        var content = Content.Random(task is "upload_ova_" or "download_ova_" ? SeveralParts : 5 << 20);
        var exported = await Client.ExportedAsync(await Seeds.ImageAsync(content), ("upload_to_cos", true));
        File.Delete(await OvaOfAsync(exported.Id));
        var fault = Service.Stall($"{task}*", at);
        var started = await Client.ImportAsync(("image_backup_id", exported.Id));

        await RestartAfterAsync(fault, started, task);

        var record = await Client.ShowAsync(started.Id);
        Assert.Equal("uploaded", record.GetProperty("status").GetString());
        Assert.Equal([content], await Seeds.ContentsOfAsync(record.GetProperty("image_id").GetString()!));
    }

    [Fact]
    public async Task Queued_operations_keep_their_place_after_a_restart()
    {
        var imageId = await Seeds.ImageAsync(Content.Random(1000));
        var stalls = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => Service.Stall("temp_vol_*", 0)).ToList();
        var started = new List<StartedBackup>();
        for (var i = 0; i < stalls.Count + 3; i++)
        {
            started.Add(await Client.ExportAsync(imageId));
        }

        foreach (var stall in stalls)
        {
            await stall.StruckAsync();
        }

        Assert.Equal("PENDING", States(await Client.ProgressAsync(started[^1]), "flow_details")["ExportFlow"]);
        await Service.RestartAsync();

        var begun = new List<string>();
        foreach (var export in started)
        {
            begun.Add((await Client.SucceedAsync(export)).GetProperty("started_at").GetString()!);
        }

        Assert.Equal(begun.Order(StringComparer.Ordinal), begun);
    }

    [Fact]
    public async Task A_deletion_resumes_after_a_restart()
    {
        var imageId = await Seeds.ImageAsync(Content.Random(1000));
        var before = await Footprint.TakeAsync(Service);
        var exported = await Client.ExportedAsync(imageId, ("upload_to_cos", true));
        var fault = Service.Stall("delete_ova_*", 1);
        await Client.DeleteAsync(exported.Id);
        await fault.StruckAsync();

        await Service.RestartAsync();

        await Client.GoneAsync(exported.Id);
        Assert.Equal(before, await Footprint.TakeAsync(Service));
    }

    [Fact]
    public async Task An_unreadable_state_fails_its_operation_and_does_not_block_the_queue()
    {
        var imageId = await Seeds.ImageAsync(Content.Random(1 << 20));
        var fault = Service.Stall("backup_vol_*", 0);
        var started = await Client.ExportAsync(imageId);
        await fault.StruckAsync();
        await Service.StopAsync();
        await using (var db = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(Service.DataDirectory, "imagebackup.db")};Pooling=false"))
        {
            await db.OpenAsync();
            await using var change = db.CreateCommand();
            change.CommandText = "UPDATE log_books SET State = '{\"from\":\"tomorrow\"}' WHERE QueueState <> 'finished'";
            Assert.Equal(1, await change.ExecuteNonQueryAsync());
        }

        await Client.WaitAsync(started);

        Assert.Equal("error", await Client.StatusAsync(started.Id));
        Assert.Contains("another version", (await Client.ShowAsync(started.Id)).GetProperty("fail_reason").GetString(), StringComparison.Ordinal);
        await Client.DeletedAsync(started.Id);
        await Client.ExportedAsync(imageId);
    }

    /// <summary>Tasks that finished before the restart keep their results and do not run again.</summary>
    private async Task RestartAfterAsync(InjectedFault fault, StartedBackup started, string stalled)
    {
        await fault.StruckAsync();
        var before = await Client.ProgressAsync(started);

        await Service.RestartAsync();
        var after = await Client.SucceedAsync(started);

        var results = after.GetProperty("task_results");
        Assert.All(
            before.GetProperty("task_results").EnumerateObject(),
            result => Assert.Equal(result.Value.GetRawText(), results.GetProperty(result.Name).GetRawText()));
        var twice = after.GetProperty("tasks").EnumerateArray().Where(task => task.GetProperty("attempt").GetInt32() != 1).ToList();
        var again = Assert.Single(twice);
        Assert.StartsWith(stalled, again.GetProperty("name").GetString(), StringComparison.Ordinal);
        Assert.Equal(2, again.GetProperty("attempt").GetInt32());
        Assert.InRange(before.GetProperty("progress").GetInt32(), 0, 99);
        Assert.Equal(100, after.GetProperty("progress").GetInt32());
    }
}
