using System.Net;
using ImageBackup.Core.Persistence;
using ImageBackup.TestSupport;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Api.Tests.ImageBackups;

/// <summary>Random sequences of exports, imports, transfers, resets, deletions, injected faults and restarts, after which the invariants hold. A failing seed can be repeated.</summary>
public sealed class RandomOperationTests : IDisposable
{
    private const int Steps = 30;
    private const int VolumeBytes = (3 << 20) + 4097;
    private static readonly string[] Tasks = ["temp_vol_*", "backup_vol_*", "delete_vol_*", "create_ova_*", "update_task", "upload_ova_*", "download_ova_*", "extract_ova_*", "restored_*", "restore_????????-*", "create_image_*", "update_img_*", "delete_ova_*", "verify_ova_*"];
    private static readonly string[] Compressions = ["True", "Fast", "False"];

    private readonly ServiceFixture service = new();
    private readonly BackupClient client;
    private readonly List<int> ids = [];
    private string imageId = "";

    public RandomOperationTests() => client = new BackupClient(service);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Random_operations_leave_nothing_stuck_lost_or_behind(int seed)
    {
        var random = new Random(seed);
        var content = Content.WithHoles(VolumeBytes, 1 << 20, seed);
        imageId = await new ImageSeeds(service).ImageAsync(content);

        for (var step = 0; step < Steps; step++)
        {
            await StepAsync(random);
        }

        service.ClearFaults();
        await SettleAsync();
        await AssertNothingIsLeftAsync();
        await AssertEveryBackupRestoresAsync(content);
    }

    public void Dispose() => service.Dispose();

    private async Task StepAsync(Random random)
    {
        switch (random.Next(10))
        {
            case 0 or 1 or 2:
                var started = await client.ExportAsync(imageId, ("compression", Compressions[random.Next(3)]), ("upload_to_cos", random.Next(2) == 0));
                ids.Add(started.Id);
                break;
            case 3:
                await TryAsync(random, id => client.PostAsync("/image-backups/import_image", BackupClient.ImportBody(("image_backup_id", id))));
                break;
            case 4:
                await TryAsync(random, id => client.PostAsync($"/image-backups/{id}/{(random.Next(3) switch { 0 => "upload", 1 => "download", _ => "verify" })}"));
                break;
            case 5:
                await TryAsync(random, client.ResetAsync);
                break;
            case 6:
                await TryAsync(random, id => client.DeleteAsync(id, random.Next(2) == 0 ? "?force=true" : ""));
                break;
            case 7:
                AddFault(random);
                break;
            case 8:
                await service.RestartAsync();
                break;
            default:
                await Task.Delay(random.Next(300));
                break;
        }
    }

    /// <summary>Starts a random operation, which the service accepts or refuses.</summary>
    private async Task TryAsync(Random random, Func<int, Task<ApiAnswer>> ask)
    {
        if (ids.Count > 0)
        {
            var answer = await ask(ids[random.Next(ids.Count)]);
            Assert.Contains(answer.Status, new[] { HttpStatusCode.Created, HttpStatusCode.Accepted, HttpStatusCode.BadRequest, HttpStatusCode.NotFound });
        }
    }

    private void AddFault(Random random)
    {
        var task = Tasks[random.Next(Tasks.Length)];
        var at = random.Next(5) / 4.0;
        _ = random.Next(2) == 0 ? service.Fail(task, at) : service.Stall(task, at);
    }

    private async Task SettleAsync()
        => await Polling.UntilAsync("every log book to end", async () =>
        {
            await using var db = service.OpenDatabase();
            return !await db.LogBooks.AnyAsync(book => book.QueueState != QueueState.Finished);
        });

    private async Task AssertNothingIsLeftAsync()
    {
        await using var db = service.OpenDatabase();
        var backups = await db.Backups.ToListAsync();
        Assert.All(backups, backup => Assert.Contains(backup.Status, new[] { BackupStatus.Available, BackupStatus.Uploaded, BackupStatus.UploadFailed, BackupStatus.DownloadFailed, BackupStatus.Error }));
        Assert.All(await db.Volumes.ToListAsync(), volume => Assert.True(!volume.IsTemporary && volume.LogBookId is null && volume.Status == "available", volume.Status));
        Assert.All(await db.Images.ToListAsync(), image => Assert.Equal("active", image.Status));
        Assert.Equal(await db.Volumes.CountAsync(), Directory.GetFiles(service.Paths.Volumes).Length);

        var names = backups.Select(backup => backup.OvaName).ToHashSet();
        Assert.All(Directory.GetFileSystemEntries(service.Paths.BackupNode("local")), entry => Assert.Contains(Path.GetFileName(entry), names));
        var bucket = Path.Combine(service.Paths.Cos, "cos-default");
        Assert.All(Directory.GetFiles(bucket), entry => Assert.Contains(Path.GetFileName(entry).Replace(".sha256", "", StringComparison.Ordinal), names));
        var uploads = Path.Combine(bucket, ".imagebackup", "uploads");
        Assert.Empty(Directory.Exists(uploads) ? Directory.GetFileSystemEntries(uploads) : []);
    }

    private async Task AssertEveryBackupRestoresAsync(byte[] content)
    {
        var seeds = new ImageSeeds(service);
        await using var db = service.OpenDatabase();
        foreach (var backup in await db.Backups.Where(backup => backup.Status != BackupStatus.Error).ToListAsync())
        {
            var image = await client.ImportedAsync(("image_backup_id", backup.Id));
            Assert.Equal(content, Assert.Single(await seeds.ContentsOfAsync(image)));
        }
    }
}
