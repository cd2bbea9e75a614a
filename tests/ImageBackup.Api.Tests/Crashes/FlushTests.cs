using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Crashes;

/// <summary>How often an operation waits for the disk. strace counts the flushes of the real process.</summary>
public sealed class FlushTests : IDisposable
{
    private const int MostFlushes = 10;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly TemporaryDirectory directory = new();

    [Fact]
    public async Task An_export_of_a_small_image_flushes_at_most_ten_times()
    {
        Requires.Programs("strace");
        var trace = Path.Combine(directory.Path, "trace");
        using var service = await StartAsync(trace);

        // The first export also creates files that stay.
        await ExportAsync(service);
        var before = Flushes(trace).Count;
        await ExportAsync(service);

        Assert.InRange(Flushes(trace).Count - before, 1, MostFlushes);
    }

    [Fact]
    public async Task An_accepted_operation_is_on_the_disk_before_the_answer()
    {
        Requires.Programs("strace");
        var trace = Path.Combine(directory.Path, "trace");
        using var service = await StartAsync(trace);
        await service.AddFaultAsync(new { task = "temp_vol_*", at = 0, action = "stall" });
        var before = Flushes(trace).Count(flush => flush.Contains("-wal", StringComparison.Ordinal));

        await PostAsync(service);

        Assert.True(Flushes(trace).Count(flush => flush.Contains("-wal", StringComparison.Ordinal)) > before);
    }

    public void Dispose() => directory.Dispose();

    /// <summary>Starts the service with strace beside it, so that the end of the service is also the end of strace (-D).</summary>
    private Task<ServiceProcess> StartAsync(string trace)
        => ServiceProcess.StartAsync(Path.Combine(directory.Path, "data"), null, "strace", "-D", "-f", "-y", "-qq", "-e", "trace=fsync,fdatasync", "-o", trace);

    /// <summary>Returns the traced calls, without the second lines of calls that another thread interrupted.</summary>
    private static List<string> Flushes(string trace)
    {
        using var reader = new StreamReader(new FileStream(trace, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return [.. reader.ReadToEnd().Split('\n').Where(line => line.Contains("sync(", StringComparison.Ordinal))];
    }

    private static async Task ExportAsync(ServiceProcess service)
    {
        var progress = new Uri(await PostAsync(service)).PathAndQuery;
        var deadline = DateTime.UtcNow + Patience;
        while ((int)(await service.Client.GetFromJsonAsync<JsonNode>(new Uri(progress, UriKind.Relative)))!["details"]!["progress"]! < 100)
        {
            Assert.True(DateTime.UtcNow < deadline, service.Log);
            await Task.Delay(50);
        }
    }

    private static async Task<string> PostAsync(ServiceProcess service)
    {
        const string Body = """{"image-backup":{"name":"flushed","src_image_id":"9c219888-1ab0-429e-9282-7cbc6957c839","compression":"Fast","upload_to_cos":"False"}}""";
        using var answer = await service.Client.PostAsync(new Uri($"/v3/{ServiceFixture.ProjectId}/image-backups/export_image", UriKind.Relative), new StringContent(Body, null, "application/json"));
        return (string)(await answer.Content.ReadFromJsonAsync<JsonNode>())!["image-backup"]!["task_uri"]!;
    }
}
