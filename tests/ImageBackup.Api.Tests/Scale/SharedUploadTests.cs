using ImageBackup.Core.Persistence;
using ImageBackup.TestSupport;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Api.Tests.Scale;

/// <summary>Uploads that go on at another process, with a real S3 server.</summary>
public sealed class SharedUploadTests(SharedSwift swift)
{
    [Theory]
    [InlineData("KILL")]
    [InlineData("STOP")]
    public async Task An_upload_goes_on_at_its_next_part(string signal)
    {
        await using var cluster = await Cluster.CreateAsync();
        var server = await swift.ServerAsync();
        var bucket = await server.CreateBucketAsync();
        cluster.Settings["ImageBackup:Cos:ServiceUrl"] = server.Url;
        cluster.Settings["ImageBackup:Cos:AccessKey"] = SwiftServer.AccessKey;
        cluster.Settings["ImageBackup:Cos:SecretKey"] = SwiftServer.SecretKey;
        cluster.Settings["ImageBackup:Cos:DefaultBucket"] = bucket;
        cluster.Settings["ImageBackup:Cos:PartSizeMiB"] = "5";
        var api = await cluster.StartAsync("front", "api");
        var first = await cluster.StartAsync("first", "worker");
        var client = new BackupClient(api);
        var image = await Cluster.ImageAsync(api, Content.Random(24 << 20));
        await first.AddFaultAsync(new { task = "upload_ova_*", at = 0.5, action = "stall" });
        var started = await client.ExportAsync(image, ("upload_to_cos", true), ("compression", "False"));
        await Polling.UntilAsync("the stall", async () => (await first.Client.GetStringAsync(new Uri("/emulator/faults", UriKind.Relative))).Contains("\"left\":0", StringComparison.Ordinal));
        Tool.Run("kill", $"-{signal}", $"{first.Id}");

        var second = await cluster.StartAsync("second", "worker");
        await using var db = cluster.Open();
        await Polling.UntilAsync("the end", async () => await db.LogBooks.AllAsync(book => book.QueueState == QueueState.Finished));

        Assert.Contains("of 5 parts are stored", second.Log, StringComparison.Ordinal);
        Assert.Equal("uploaded", await client.StatusAsync(started.Id));
        if (signal == "STOP")
        {
            var before = await cluster.SnapshotAsync();
            Tool.Run("kill", "-CONT", $"{first.Id}");
            await first.Client.DeleteAsync(new Uri("/emulator/faults", UriKind.Relative));
            await Cluster.LoggedAsync(first, "was left to another worker");
            Assert.Equal(before, await cluster.SnapshotAsync());
        }

        foreach (var file in Directory.GetFiles(cluster.Node, "*.ova"))
        {
            File.Delete(file);
        }

        await client.ImportedAsync(("image_backup_id", started.Id));
    }
}
