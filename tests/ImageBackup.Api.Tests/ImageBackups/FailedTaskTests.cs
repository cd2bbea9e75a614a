using System.Text.Json;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.ImageBackups;

/// <summary>Each task fails, at its start or near its end. The operation is reverted and leaves nothing.</summary>
public sealed class FailedTaskTests(ServiceFixture service) : FlowTest(service), IClassFixture<ServiceFixture>
{
    private static readonly string[] ImportTasks = ["extract_ova_", "restored_", "restore_", "create_map_restored_", "create_image_", "update_img_"];

    public static TheoryData<string, double> ExportCases => Cases("temp_vol_", "backup_vol_", "delete_vol_", "create_ova_", "update_task");

    public static TheoryData<string, double> ImportCases => Cases(ImportTasks);

    public static TheoryData<string, double> TransferCases => Cases("upload_ova_");

    public static TheoryData<string, double> FetchCases => Cases(["download_ova_", .. ImportTasks]);

    [Theory]
    [MemberData(nameof(ExportCases))]
    public async Task A_failed_export_leaves_only_its_record(string task, double at)
    {
        var imageId = await Seeds.ImageAsync("two-volumes", (Content.Random(3 << 20), 0), (Content.Random(3 << 20, 2), -1));
        var second = (await Seeds.VolumesOfAsync(imageId))[1].VolumeId;
        var before = await Footprint.TakeAsync(Service);
        Service.Fail(task.EndsWith("vol_", StringComparison.Ordinal) ? $"{task}{second}_*" : $"{task}*", at);

        var started = await Client.ExportAsync(imageId);
        var details = await Client.WaitAsync(started);

        AssertReverted(details, "ExportFlow", task);
        await AssertRecordAsync(started.Id, "error", task);
        Assert.Equal(before, await Footprint.TakeAsync(Service));
    }

    [Theory]
    [MemberData(nameof(ImportCases))]
    public async Task A_failed_import_leaves_only_its_record(string task, double at)
    {
        var imageId = await Seeds.ImageAsync("two-volumes", (Content.Random(3 << 20), 0), (Content.Random(3 << 20, 2), -1));
        var exported = await Client.ExportedAsync(imageId);
        var before = await Footprint.TakeAsync(Service);
        Service.Fail($"{task}*", at);

        var started = await Client.ImportAsync(("ova_name", Path.GetFileName(await OvaOfAsync(exported.Id))));
        var details = await Client.WaitAsync(started);

        AssertReverted(details, task == "extract_ova_" ? "PreImportFlow" : "ImportFlow", task);
        await AssertRecordAsync(started.Id, "error", task);
        Assert.Equal(before, await Footprint.TakeAsync(Service));
    }

    [Theory]
    [MemberData(nameof(TransferCases))]
    public async Task A_failed_upload_keeps_the_archive_on_the_node_and_leaves_nothing_in_the_bucket(string task, double at)
    {
        var imageId = await Seeds.ImageAsync(Content.Random(SeveralParts));
        var before = await Footprint.TakeAsync(Service);
        Service.Fail($"{task}*", at);

        var started = await Client.ExportAsync(imageId, ("upload_to_cos", true));
        var details = await Client.WaitAsync(started);

        Assert.Equal(new Dictionary<string, string> { ["ExportFlow"] = "SUCCESS", ["UploadFlow"] = "REVERTED" }, States(details, "flow_details"));
        await AssertRecordAsync(started.Id, "upload_failed", task);
        var ova = Path.GetRelativePath(Service.DataDirectory, await OvaOfAsync(started.Id));
        Assert.Equal([ova], (await Footprint.TakeAsync(Service)).Except(before));
    }

    [Theory]
    [MemberData(nameof(FetchCases))]
    public async Task A_failed_import_from_a_bucket_leaves_no_file_on_the_node(string task, double at)
    {
        var exported = await Client.ExportedAsync(await Seeds.ImageAsync(Content.Random(3 << 20)), ("upload_to_cos", true));
        File.Delete(await OvaOfAsync(exported.Id));
        var before = await Footprint.TakeAsync(Service);
        Service.Fail($"{task}*", at);

        var started = await Client.ImportAsync(("image_backup_id", exported.Id));
        await Client.WaitAsync(started);

        await AssertRecordAsync(started.Id, task == "download_ova_" ? "download_failed" : "error", task);
        Assert.Equal(before, await Footprint.TakeAsync(Service));
    }

    [Fact]
    public async Task The_failure_names_an_image_that_was_deleted_before_its_volume_was_cloned()
    {
        var before = await Footprint.TakeAsync(Service);
        var imageId = await Seeds.ImageAsync(Content.Random(1000));
        var volumeId = (await Seeds.VolumesOfAsync(imageId)).Single().VolumeId;
        var fault = Service.Stall("temp_vol_*", 0);
        var started = await Client.ExportAsync(imageId);
        await fault.StruckAsync();
        await Client.SendAsync(HttpMethod.Delete, $"/v2/images/{imageId}");

        await Service.RestartAsync();
        await Client.WaitAsync(started);

        var record = await Client.ShowAsync(started.Id);
        Assert.Equal("error", record.GetProperty("status").GetString());
        Assert.Equal($"temp_vol_{volumeId}_{started.Id}: Volume {volumeId} was deleted before it could be cloned.", record.GetProperty("fail_reason").GetString());
        Assert.Equal(before, await Footprint.TakeAsync(Service));
    }

    private static TheoryData<string, double> Cases(params string[] tasks)
    {
        var cases = new TheoryData<string, double>();
        foreach (var task in tasks)
        {
            cases.Add(task, 0);
            cases.Add(task, 0.5);
            cases.Add(task, 1);
        }

        return cases;
    }

    /// <summary>Started tasks are REVERTED, including the failed one. Later tasks were never started.</summary>
    private static void AssertReverted(JsonElement details, string flow, string failedTask)
    {
        Assert.Equal("REVERTED", States(details, "flow_details")[flow]);
        Assert.InRange(details.GetProperty("progress").GetInt32(), 0, 99);
        var completed = States(details, "completed_tasks");
        var pending = States(details, "pending_tasks");
        Assert.Contains(completed, task => task.Key.StartsWith(failedTask, StringComparison.Ordinal));
        Assert.All(completed, task => Assert.Equal("REVERTED", task.Value));
        Assert.All(pending, task => Assert.Equal("PENDING", task.Value));
        Assert.DoesNotContain(States(details, "flow_details"), state => state.Value is "RUNNING" or "REVERTING");
    }

    private async Task AssertRecordAsync(int id, string status, string task)
    {
        var record = await Client.ShowAsync(id);
        Assert.Equal(status, record.GetProperty("status").GetString());
        Assert.StartsWith(task, record.GetProperty("fail_reason").GetString(), StringComparison.Ordinal);
        Assert.Contains(FlowFaults.Message, record.GetProperty("fail_reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, record.GetProperty("image_id").ValueKind);
    }
}
