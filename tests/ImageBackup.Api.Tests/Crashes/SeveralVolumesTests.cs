using System.Net.Http.Json;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Crashes;

/// <summary>SIGKILL in each volume of an export, and while the archive is completed. The volumes lie behind each other in one file, so the export resumes in its middle.</summary>
public sealed class SeveralVolumesTests : IDisposable
{
    private readonly ServiceFixture service = new();
    private readonly BackupClient client;

    public SeveralVolumesTests() => client = new BackupClient(service);

    [Theory]
    [InlineData(0, 0.5, "Fast")]
    [InlineData(1, 0, "Fast")]
    [InlineData(1, 0.5, "Fast")]
    [InlineData(1, 0.5, "False")]
    [InlineData(1, 1, "True")]
    [InlineData(2, 0.5, "Fast")]
    [InlineData(2, 1, "False")]
    [InlineData(null, 0, "Fast")]
    [InlineData(null, 0.5, "False")]
    [InlineData(null, 1, "Fast")]
    public async Task An_export_resumes_behind_the_volumes_that_are_packed(int? volume, double at, string compression)
    {
        byte[][] contents = [Words(9 << 20), Content.WithHoles((7 << 20) + 512, 1 << 20), Content.Random((3 << 20) + 17)];
        var image = await new ImageSeeds(service).ImageAsync("three", (contents[0], 0), (contents[1], 1), (contents[2], -1));
        var task = volume is { } number ? $"backup_vol_{(await new ImageSeeds(service).VolumesOfAsync(image))[number].VolumeId}_*" : "create_ova_*";
        await service.StopAsync();

        using (var process = await ServiceProcess.StartAsync(service.DataDirectory, new Dictionary<string, string> { ["ImageBackup:Demo:Enabled"] = "false" }))
        {
            await process.AddFaultAsync(new { task, at, action = "exit" });
            using var started = await process.Client.PostAsJsonAsync(ServiceFixture.V3("/image-backups/export_image"), BackupClient.ExportBody(image, ("compression", compression)));
            started.EnsureSuccessStatusCode();
            await process.WaitForEndAsync(TimeSpan.FromSeconds(60));
        }

        var id = (await client.GetAsync("/image-backups")).Body.GetProperty("image-backups")[0].GetProperty("id").GetInt32();
        await Polling.UntilAsync("the export to end", async () => await client.StatusAsync(id) == "available");
        var ova = Path.Combine(service.Paths.BackupNode("local"), (await client.ShowAsync(id)).GetProperty("ova_name").GetString()!);
        Assert.Equal([ova], Directory.GetFileSystemEntries(service.Paths.BackupNode("local")));
        Assert.Equal(3, Directory.GetFiles(service.Paths.Volumes).Length);
        var names = (await Tool.RunAsync("tar", "tf", ova)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["Image_three_volume_1", "Image_three_volume_2", "Image_three_volume_3", "Image_three_volume_1.blocks"], names[2..6]);
        await client.SucceedAsync(await client.BeginAsync(id, "verify"));
        Assert.Equal(contents, await new ImageSeeds(service).ContentsOfAsync(await client.ImportedAsync(("image_backup_id", id))));
    }

    public void Dispose() => service.Dispose();

    private static byte[] Words(int length)
    {
        var words = "backup node volume archive descriptor manifest image ".AsSpan();
        var bytes = new byte[length];
        for (var i = 0; i < length; i++)
        {
            bytes[i] = (byte)words[(i * 7 + i / 1000) % words.Length];
        }

        return bytes;
    }
}
