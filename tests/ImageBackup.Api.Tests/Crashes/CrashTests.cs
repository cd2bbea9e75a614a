using System.Net;
using System.Security.Cryptography;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Crashes;

/// <summary>Kills a real process in every task of every flow and starts it again on the same data. The operation resumes by itself and ends with the right bytes and no leftovers.</summary>
public sealed class CrashTests : IDisposable
{
    private const string DemoImage = "9c219888-1ab0-429e-9282-7cbc6957c839";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryDirectory directory = new();

    private string Data => Path.Combine(directory.Path, "data");

    [Theory]
    [InlineData("temp_vol_*", 0)]
    [InlineData("temp_vol_*", 1)]
    [InlineData("backup_vol_*", 0.5)]
    [InlineData("backup_vol_*", 1)]
    [InlineData("delete_vol_*", 1)]
    [InlineData("create_ova_*", 0.5)]
    [InlineData("create_ova_*", 1)]
    [InlineData("update_task", 1)]
    [InlineData("upload_ova_*", 0)]
    [InlineData("upload_ova_*", 0.5)]
    [InlineData("upload_ova_*", 1)]
    public async Task An_export_resumes_after_a_crash(string task, double at)
    {
        StartedBackup started;
        IReadOnlyDictionary<string, string?> before;
        using (var service = await ServiceProcess.StartAsync(Data))
        {
            await service.AddFaultAsync(new { task, at, action = "exit" });
            started = await ExportAsync(service);
            await service.WaitForEndAsync(Patience);
            before = Finished();
        }

        using var again = await ServiceProcess.StartAsync(Data);
        var results = (await new BackupClient(again).SucceedAsync(started)).GetProperty("task_results");

        Assert.All(before, task => Assert.Equal(task.Value ?? "null", results.GetProperty(task.Key).GetRawText()));
        Assert.Equal("uploaded", await new BackupClient(again).StatusAsync(started.Id));
        await AssertRestoresAsync(again, started);
        AssertNoLeftovers();
    }

    [Theory]
    [InlineData("download_ova_*", 0.5)]
    [InlineData("extract_ova_*", 1)]
    [InlineData("restored_*", 1)]
    [InlineData("restore_????????-*", 0.3)]
    [InlineData("restore_????????-*", 0.8)]
    [InlineData("create_map_*", 1)]
    [InlineData("create_image_*", 1)]
    [InlineData("update_img_*", 1)]
    public async Task An_import_resumes_after_a_crash(string task, double at)
    {
        StartedBackup started;
        using (var service = await ServiceProcess.StartAsync(Data))
        {
            var exported = await ExportedAsync(service);
            File.Delete(Directory.GetFiles(Path.Combine(Data, "backup-nodes", "local"), "*.ova").Single());
            await service.AddFaultAsync(new { task, at, action = "exit" });
            started = await new BackupClient(service).ImportAsync(("image_backup_id", exported.Id));
            await service.WaitForEndAsync(Patience);
        }

        using var again = await ServiceProcess.StartAsync(Data);
        await new BackupClient(again).SucceedAsync(started);
        await AssertSameBytesAsync(again, (await new BackupClient(again).ShowAsync(started.Id)).GetProperty("image_id").GetString()!);
        AssertNoLeftovers();
    }

    [Theory]
    [InlineData("delete_object_*", 0)]
    [InlineData("delete_object_*", 1)]
    [InlineData("delete_ova_*", 1)]
    public async Task A_deletion_resumes_after_a_crash(string task, double at)
    {
        int id;
        using (var service = await ServiceProcess.StartAsync(Data))
        {
            var exported = await ExportedAsync(service);
            id = exported.Id;
            await service.AddFaultAsync(new { task, at, action = "exit" });
            Assert.Equal(HttpStatusCode.Accepted, (await new BackupClient(service).DeleteAsync(id)).Status);
            await service.WaitForEndAsync(Patience);
        }

        using var again = await ServiceProcess.StartAsync(Data);
        await new BackupClient(again).GoneAsync(id);

        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(Data, "backup-nodes", "local")));
        Assert.Empty(Directory.GetFiles(Path.Combine(Data, "cos", "cos-default")));
    }

    [Theory]
    [InlineData("download", "download_ova_*", 0.5, "uploaded")]
    [InlineData("upload", "upload_ova_*", 0.5, "uploaded")]
    [InlineData("verify", "verify_ova_*", 0.5, "uploaded")]
    public async Task An_upload_download_or_verification_resumes_after_a_crash(string verb, string task, double at, string status)
    {
        StartedBackup started;
        using (var service = await ServiceProcess.StartAsync(Data))
        {
            var exported = await ExportedAsync(service);
            if (verb == "download")
            {
                File.Delete(Directory.GetFiles(Path.Combine(Data, "backup-nodes", "local"), "*.ova").Single());
            }

            await service.AddFaultAsync(new { task, at, action = "exit" });
            started = await new BackupClient(service).BeginAsync(exported.Id, verb);
            await service.WaitForEndAsync(Patience);
        }

        using var again = await ServiceProcess.StartAsync(Data);
        await new BackupClient(again).SucceedAsync(started);
        Assert.Equal(status, await new BackupClient(again).StatusAsync(started.Id));
        await AssertRestoresAsync(again, started);
        AssertNoLeftovers();
    }

    [Fact]
    public async Task SIGKILL_during_several_exports_loses_none()
    {
        var started = new List<StartedBackup>();
        using (var service = await ServiceProcess.StartAsync(Data))
        {
            await service.AddFaultAsync(new { task = "backup_vol_*", at = 0.2, action = "throttle", bytes_per_second = 10_000_000 });
            for (var i = 0; i < 4; i++)
            {
                started.Add(await ExportAsync(service));
            }

            var client = new BackupClient(service);
            await Polling.UntilAsync("some progress", async () => (await client.ProgressAsync(started[0])).GetProperty("progress").GetInt32() > 5);
            await service.KillAsync();
        }

        using var again = await ServiceProcess.StartAsync(Data);
        foreach (var export in started)
        {
            await new BackupClient(again).SucceedAsync(export);
            await AssertRestoresAsync(again, export);
        }

        AssertNoLeftovers();
    }

    [Fact]
    public async Task SIGTERM_stops_the_service_within_ten_seconds_and_operations_resume_at_the_next_start()
    {
        StartedBackup started;
        using (var service = await ServiceProcess.StartAsync(Data))
        {
            await service.AddFaultAsync(new { task = "backup_vol_*", at = 0.3, action = "stall" });
            started = await ExportAsync(service);
            var client = new BackupClient(service);
            await Polling.UntilAsync("a task to run", async () => (await client.ProgressAsync(started)).GetProperty("pending_tasks").EnumerateObject().Any(task => task.Value.GetString() == "RUNNING"));

            Assert.InRange(await service.TerminateAsync(), TimeSpan.Zero, TimeSpan.FromSeconds(10));
        }

        using var again = await ServiceProcess.StartAsync(Data);
        await new BackupClient(again).SucceedAsync(started);
        await AssertRestoresAsync(again, started);
        AssertNoLeftovers();
    }

    public void Dispose() => directory.Dispose();

    private static Task<StartedBackup> ExportAsync(ServiceProcess service)
        => new BackupClient(service).ExportAsync(DemoImage, ("compression", "Fast"), ("upload_to_cos", true));

    private static async Task<StartedBackup> ExportedAsync(ServiceProcess service)
        => await new BackupClient(service).ExportedAsync(DemoImage, ("compression", "Fast"), ("upload_to_cos", true));

    private static async Task AssertRestoresAsync(ServiceProcess service, StartedBackup exported)
        => await AssertSameBytesAsync(service, await new BackupClient(service).ImportedAsync(("image_backup_id", exported.Id)));

    private static async Task AssertSameBytesAsync(ServiceProcess service, string image) => Assert.Equal(await DigestAsync(service, DemoImage), await DigestAsync(service, image));

    private static async Task<string> DigestAsync(ServiceProcess service, string imageId)
    {
        await using var file = await service.Client.GetStreamAsync(new Uri($"/v2/images/{imageId}/file", UriKind.Relative));
        return Convert.ToHexString(await SHA256.HashDataAsync(file));
    }

    /// <summary>The task results in the database when the process ended.</summary>
    private Dictionary<string, string?> Finished()
    {
        using var db = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(Data, "imagebackup.db")};Mode=ReadOnly;Pooling=false");
        db.Open();
        using var query = db.CreateCommand();
        query.CommandText = "SELECT Name, Result FROM tasks WHERE State = 'success'";
        using var rows = query.ExecuteReader();
        var finished = new Dictionary<string, string?>();
        while (rows.Read())
        {
            finished[rows.GetString(0)] = rows.IsDBNull(1) ? null : rows.GetString(1);
        }

        return finished;
    }

    private void AssertNoLeftovers() => Leftovers.AssertNone(Data);
}
