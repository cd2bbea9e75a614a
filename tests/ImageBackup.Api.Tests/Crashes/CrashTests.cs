using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Crashes;

/// <summary>Kills a real process in every task of every flow and starts it again on the same data. The operation resumes by itself and ends with the right bytes and no leftovers.</summary>
public sealed class CrashTests : IDisposable
{
    private const string Project = ServiceFixture.ProjectId;
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
        JsonNode started;
        IReadOnlyDictionary<string, JsonNode?> before;
        string imageId;
        using (var service = await ServiceProcess.StartAsync(Data))
        {
            imageId = await DemoImageAsync(service);
            await service.AddFaultAsync(new { task, at, action = "exit" });
            started = await ExportAsync(service, imageId);
            await service.WaitForEndAsync(Patience);
            before = Finished();
        }

        using var again = await ServiceProcess.StartAsync(Data);
        var details = await WaitAsync(again, started);

        Assert.Equal(100, (int)details["progress"]!);
        Assert.All(before, task => Assert.Equal(task.Value?.ToJsonString(), details["task_results"]![task.Key]?.ToJsonString()));
        Assert.Equal("uploaded", await StatusAsync(again, started));
        await AssertRestoresAsync(again, started, imageId);
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
        JsonNode started;
        string imageId;
        using (var service = await ServiceProcess.StartAsync(Data))
        {
            imageId = await DemoImageAsync(service);
            var exported = await ExportAsync(service, imageId);
            await WaitAsync(service, exported);
            File.Delete(Directory.GetFiles(Path.Combine(Data, "backup-nodes", "local"), "*.ova").Single());
            await service.AddFaultAsync(new { task, at, action = "exit" });
            started = await ImportAsync(service, (int)exported["backup_id"]!);
            await service.WaitForEndAsync(Patience);
        }

        using var again = await ServiceProcess.StartAsync(Data);
        var details = await WaitAsync(again, started);

        Assert.Equal(100, (int)details["progress"]!);
        await AssertSameBytesAsync(again, imageId, ImageOf(details));
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
            var exported = await ExportAsync(service, await DemoImageAsync(service));
            await WaitAsync(service, exported);
            id = (int)exported["backup_id"]!;
            await service.AddFaultAsync(new { task, at, action = "exit" });
            (await service.Client.DeleteAsync(Uri($"/image-backups/{id}"))).EnsureSuccessStatusCode();
            await service.WaitForEndAsync(Patience);
        }

        using var again = await ServiceProcess.StartAsync(Data);
        await PollAsync(async () => (await again.Client.GetAsync(Uri($"/image-backups/{id}"))).StatusCode == HttpStatusCode.NotFound);

        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(Data, "backup-nodes", "local")));
        Assert.Empty(Directory.GetFiles(Path.Combine(Data, "cos", "cos-default")));
    }

    [Theory]
    [InlineData("download", "download_ova_*", 0.5, "uploaded")]
    [InlineData("upload", "upload_ova_*", 0.5, "uploaded")]
    [InlineData("verify", "verify_ova_*", 0.5, "uploaded")]
    public async Task An_upload_download_or_verification_resumes_after_a_crash(string verb, string task, double at, string status)
    {
        JsonNode started;
        string imageId;
        using (var service = await ServiceProcess.StartAsync(Data))
        {
            imageId = await DemoImageAsync(service);
            var exported = await ExportAsync(service, imageId);
            await WaitAsync(service, exported);
            if (verb == "download")
            {
                File.Delete(Directory.GetFiles(Path.Combine(Data, "backup-nodes", "local"), "*.ova").Single());
            }

            await service.AddFaultAsync(new { task, at, action = "exit" });
            started = await PostAsync(service, $"{exported["backup_id"]}/{verb}", "{}", HttpStatusCode.Accepted);
            await service.WaitForEndAsync(Patience);
        }

        using var again = await ServiceProcess.StartAsync(Data);
        Assert.Equal(100, (int)(await WaitAsync(again, started))["progress"]!);
        Assert.Equal(status, await StatusAsync(again, started));
        await AssertRestoresAsync(again, started, imageId);
        AssertNoLeftovers();
    }

    [Fact]
    public async Task SIGKILL_during_several_exports_loses_none()
    {
        var started = new List<JsonNode>();
        string imageId;
        using (var service = await ServiceProcess.StartAsync(Data))
        {
            imageId = await DemoImageAsync(service);
            await service.AddFaultAsync(new { task = "backup_vol_*", at = 0.2, action = "throttle", bytes_per_second = 10_000_000 });
            for (var i = 0; i < 4; i++)
            {
                started.Add(await ExportAsync(service, imageId));
            }

            await PollAsync(async () => (int)(await ProgressAsync(service, started[0]))["progress"]! > 5);
            await service.KillAsync();
        }

        using var again = await ServiceProcess.StartAsync(Data);
        foreach (var export in started)
        {
            Assert.Equal(100, (int)(await WaitAsync(again, export))["progress"]!);
            await AssertRestoresAsync(again, export, imageId);
        }

        AssertNoLeftovers();
    }

    [Fact]
    public async Task SIGTERM_stops_the_service_within_ten_seconds_and_operations_resume_at_the_next_start()
    {
        JsonNode started;
        string imageId;
        using (var service = await ServiceProcess.StartAsync(Data))
        {
            imageId = await DemoImageAsync(service);
            await service.AddFaultAsync(new { task = "backup_vol_*", at = 0.3, action = "stall" });
            started = await ExportAsync(service, imageId);
            await PollAsync(async () => (await ProgressAsync(service, started))["pending_tasks"]!.AsObject().Any(task => task.Value!.ToString() == "RUNNING"));

            Assert.InRange(await service.TerminateAsync(), TimeSpan.Zero, TimeSpan.FromSeconds(10));
        }

        using var again = await ServiceProcess.StartAsync(Data);
        Assert.Equal(100, (int)(await WaitAsync(again, started))["progress"]!);
        await AssertRestoresAsync(again, started, imageId);
        AssertNoLeftovers();
    }

    public void Dispose() => directory.Dispose();

    private static Uri Uri(string path) => new($"/v3/{Project}{path}", UriKind.Relative);

    private static async Task<string> DemoImageAsync(ServiceProcess service)
        => (await service.Client.GetFromJsonAsync<JsonNode>(new Uri("/v2/images", UriKind.Relative)))!["images"]![0]!["id"]!.ToString();

    private static Task<JsonNode> ExportAsync(ServiceProcess service, string imageId)
        => PostAsync(service, "export_image", $$$"""{"image-backup":{"name":"crash","src_image_id":"{{{imageId}}}","compression":"Fast"}}""");

    private static Task<JsonNode> ImportAsync(ServiceProcess service, int backupId)
        => PostAsync(service, "import_image", $$$"""{"import-image":{"name":"back","image_backup_id":{{{backupId}}}}}""");

    private static async Task<JsonNode> PostAsync(ServiceProcess service, string action, string body, HttpStatusCode expected = HttpStatusCode.Created)
    {
        using var content = new StringContent(body, null, "application/json");
        using var answer = await service.Client.PostAsync(Uri($"/image-backups/{action}"), content);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == expected, text);
        return JsonNode.Parse(text)!["image-backup"]!;
    }

    private static async Task<JsonNode> ProgressAsync(ServiceProcess service, JsonNode started)
    {
        var uri = new Uri(started["task_uri"]!.ToString());
        return (await service.Client.GetFromJsonAsync<JsonNode>(new Uri(uri.PathAndQuery, UriKind.Relative)))!["details"]!;
    }

    private static async Task<JsonNode> WaitAsync(ServiceProcess service, JsonNode started)
    {
        JsonNode details = new JsonObject();
        await PollAsync(async () =>
        {
            details = await ProgressAsync(service, started);
            Assert.DoesNotContain(details["flow_details"]!.AsObject(), flow => flow.Value!.ToString() is "REVERTED" or "FAILURE");
            return (int)details["progress"]! == 100;
        });
        return details;
    }

    private static async Task<string> StatusAsync(ServiceProcess service, JsonNode started)
        => (await service.Client.GetFromJsonAsync<JsonNode>(Uri($"/image-backups/{started["backup_id"]}")))!["image-backup"]!["status"]!.ToString();

    private static string ImageOf(JsonNode details)
        => details["task_results"]!.AsObject().Single(task => task.Key.StartsWith("create_image_", StringComparison.Ordinal)).Value!.ToString();

    private static async Task AssertRestoresAsync(ServiceProcess service, JsonNode exported, string imageId)
    {
        var details = await WaitAsync(service, await ImportAsync(service, (int)exported["backup_id"]!));
        await AssertSameBytesAsync(service, imageId, ImageOf(details));
    }

    private static async Task AssertSameBytesAsync(ServiceProcess service, string expected, string actual)
        => Assert.Equal(await DigestAsync(service, expected), await DigestAsync(service, actual));

    private static async Task<string> DigestAsync(ServiceProcess service, string imageId)
    {
        await using var file = await service.Client.GetStreamAsync(new Uri($"/v2/images/{imageId}/file", UriKind.Relative));
        return Convert.ToHexString(await SHA256.HashDataAsync(file));
    }

    private static async Task PollAsync(Func<Task<bool>> condition)
    {
        var deadline = DateTime.UtcNow + Patience;
        while (!await condition())
        {
            Assert.True(DateTime.UtcNow < deadline, $"Not within {Patience}.");
            await Task.Delay(50);
        }
    }

    /// <summary>The task results in the database when the process ended.</summary>
    private Dictionary<string, JsonNode?> Finished()
    {
        using var db = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(Data, "imagebackup.db")};Mode=ReadOnly;Pooling=false");
        db.Open();
        using var query = db.CreateCommand();
        query.CommandText = "SELECT Name, Result FROM tasks WHERE State = 'success'";
        using var rows = query.ExecuteReader();
        var finished = new Dictionary<string, JsonNode?>();
        while (rows.Read())
        {
            finished[rows.GetString(0)] = rows.IsDBNull(1) ? null : JsonNode.Parse(rows.GetString(1), documentOptions: new JsonDocumentOptions());
        }

        return finished;
    }

    private void AssertNoLeftovers() => Leftovers.AssertNone(Data);
}
