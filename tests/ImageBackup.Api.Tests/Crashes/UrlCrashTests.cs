using System.Security.Cryptography;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Crashes;

/// <summary>SIGKILL while a file at a URL is downloaded. The next start fetches the rest and imports the whole file.</summary>
public sealed class UrlCrashTests : IAsyncLifetime
{
    private const int PartSize = 5 << 20;

    private readonly TemporaryDirectory directory = new();
    private readonly byte[] disk = Content.Random((3 * PartSize) + 4711);
    private WebFileServer server = null!;

    private string Data => Path.Combine(directory.Path, "data");

    [Fact]
    public async Task A_download_goes_on_after_a_kill_and_its_checksum_covers_all_bytes()
    {
        StartedBackup started;
        using (var service = await ServiceProcess.StartAsync(Data, Settings()))
        {
            // The service saves the state of a download every two seconds, and this one takes ten.
            server.PieceDelay = 80;
            started = await new BackupClient(service).ImportAsync(
                ("source_url", $"{server.Url}/killed.img"),
                ("import_from_raw_file", true),
                ("checksum", $"sha256:{Convert.ToHexStringLower(SHA256.HashData(disk))}"));
            await Polling.UntilAsync("most of the download", () => Task.FromResult(server.BytesSent > disk.Length * 0.7));
            await service.KillAsync();
        }

        server.PieceDelay = 0;
        var before = server.Downloads.Count;
        using var again = await ServiceProcess.StartAsync(Data, Settings());
        await new BackupClient(again).SucceedAsync(started);

        var asked = server.Downloads.Skip(before).Sum(request => request.To!.Value - request.From!.Value + 1);
        Assert.InRange(asked, 1, disk.Length * 2 / 3);
        var image = (await new BackupClient(again).ShowAsync(started.Id)).GetProperty("image_id").GetString();
        Assert.Equal(disk, await again.Client.GetByteArrayAsync(new Uri($"/v2/images/{image}/file", UriKind.Relative)));
        var left = Directory.GetFiles(Path.Combine(Data, "backup-nodes", "local")).Select(Path.GetFileName).Where(name => name != ".probe");
        Assert.Equal(["killed.img"], left);
    }

    public async ValueTask InitializeAsync()
    {
        server = await WebFileServer.StartAsync();
        server.Content = disk;
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        directory.Dispose();
    }

    private Dictionary<string, string> Settings() => new()
    {
        ["ImageBackup:SourceUrl:AllowedHosts:0"] = server.Authority,
        ["ImageBackup:SourceUrl:AllowPrivateAddresses"] = "true",
        ["ImageBackup:Cos:PartSizeMiB"] = "5",
    };
}
