using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Startup;

/// <summary>Other users of the machine cannot read what the service stores, and a request cannot forge its log.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class PrivateFilesTests : IDisposable
{
    private const UnixFileMode OwnersDirectory = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OwnersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TemporaryDirectory directory = new();

    private string Data => Path.Combine(directory.Path, "data");

    [Fact]
    public async Task Everything_in_the_data_directory_belongs_to_its_user_only()
    {
        Directory.CreateDirectory(Data, OwnersDirectory | UnixFileMode.GroupRead | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        using var service = await ServiceProcess.StartAsync(Data);

        var started = await service.Client.PostJsonAsync(
            ServiceFixture.V3("/image-backups/export_image"),
            """{"image-backup": {"name": "private", "src_image_id": "9c219888-1ab0-429e-9282-7cbc6957c839", "upload_to_cos": true}}""");
        var progress = started.Body.GetProperty("image-backup").GetProperty("task_uri").GetString()!;
        await Polling.UntilAsync(
            "the archive is in the bucket", async () => (await service.Client.GetStringAsync(progress)).Contains("\"UploadFlow\":\"SUCCESS\"", StringComparison.Ordinal));

        Assert.Equal(OwnersDirectory, File.GetUnixFileMode(Data));
        var directories = Directory.GetDirectories(Data, "*", SearchOption.AllDirectories);
        var files = Directory.GetFiles(Data, "*", SearchOption.AllDirectories);
        Assert.All(directories, path => Assert.Equal((path, OwnersDirectory), (path, File.GetUnixFileMode(path))));
        Assert.All(files, path => Assert.Equal((path, OwnersFile), (path, File.GetUnixFileMode(path) & ~UnixFileMode.UserExecute)));
        Assert.Contains(files, path => path.EndsWith(".ova", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_path_with_line_breaks_and_escape_codes_is_one_harmless_log_line()
    {
        using var service = await ServiceProcess.StartAsync(Data);

        using var response = await service.Client.PostAsync("/v3/a%0d%0a2026-01-01%20INF%20forged%1b%5b31m%e2%80%a8b", null);

        await Polling.UntilAsync("the request is logged", () => Task.FromResult(service.Log.Contains("forged", StringComparison.Ordinal)));
        Assert.DoesNotContain("\n2026-01-01", service.Log, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', service.Log);
        Assert.Contains(@"/v3/a\u000d\u000a2026-01-01 INF forged\u001b[31m\u2028b", service.Log, StringComparison.Ordinal);
    }

    public void Dispose() => directory.Dispose();
}
