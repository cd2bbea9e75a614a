using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;
using ImageBackup.Core.Persistence;
using ImageBackup.TestSupport;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Api.Tests.PreviousRelease;

/// <summary>
/// Starts the service on a data directory that the previous release left: every operation was interrupted by SIGKILL in the middle of a task,
/// or was still queued. <c>record.py</c> recorded <c>database.sql</c> and <c>files.tar.gz</c> with the program of that release.
/// </summary>
public sealed class PreviousReleaseTests : IDisposable
{
    /// <summary>The status of each image backup when its operation has succeeded, and the image whose volumes its archive holds.</summary>
    private static readonly Dictionary<string, (string Status, string Image)> Expected = new()
    {
        ["export-in-first-volume"] = ("uploaded", "data"),
        ["export-in-delete-volume"] = ("available", "data"),
        ["export-in-archive"] = ("uploaded", "data"),
        ["export-in-update"] = ("available", "small"),
        ["export-in-upload"] = ("uploaded", "large"),
        ["export-in-queue"] = ("uploaded", "small"),
        ["import-in-download"] = ("uploaded", "large"),
        ["import-in-restore"] = ("available", "data"),
        ["import-in-update"] = ("available", "small"),
        ["import-in-queue"] = ("available", "small"),
        ["import-from-bucket"] = ("available", "small"),
        ["import-of-raw-disk"] = ("available", "raw"),
        ["upload"] = ("uploaded", "large"),
        ["upload-to-second-bucket"] = ("uploaded", "small"),
        ["download"] = ("uploaded", "large"),
        ["verify"] = ("uploaded", "small"),
        ["verify-in-bucket"] = ("uploaded", "small"),
    };

    private readonly ServiceFixture service = new();
    private readonly BackupClient client;

    public PreviousReleaseTests() => client = new BackupClient(service);

    [Fact]
    public async Task Interrupted_operations_of_the_previous_release_succeed()
    {
        await RestoreDataDirectoryAsync();
        service.Settings["ImageBackup:Cos:PartSizeMiB"] = "5";

        await Polling.UntilAsync("every log book to end", async () =>
        {
            await using var db = service.OpenDatabase();
            return !await db.LogBooks.AnyAsync(book => book.QueueState != QueueState.Finished);
        });

        var backups = (await client.GetAsync("/image-backups/detail")).Body.GetProperty("image-backups").EnumerateArray().ToList();
        Assert.Equal(
            Expected.Select(backup => $"{backup.Key} {backup.Value.Status} 100").Order(StringComparer.Ordinal),
            backups.Select(backup => $"{Text(backup, "name")} {Text(backup, "status")} {backup.GetProperty("progress")}").Order(StringComparer.Ordinal));
        await using (var db = service.OpenDatabase())
        {
            Assert.All(await db.Flows.ToListAsync(), flow => Assert.Equal(FlowState.Success, flow.State));
            Assert.All(await db.Tasks.ToListAsync(), task => Assert.Equal(TaskState.Success, task.State));
        }

        await AssertBytesAsync(backups);
        await AssertNothingIsLeftAsync();
    }

    public void Dispose() => service.Dispose();

    /// <summary>Compares what each interrupted import restored, and what each archive restores now, with the exported volumes.</summary>
    private async Task AssertBytesAsync(IReadOnlyList<JsonElement> backups)
    {
        var seeds = new ImageSeeds(service);
        var sources = new Dictionary<string, IReadOnlyList<byte[]>>
        {
            ["raw"] = [await File.ReadAllBytesAsync(Path.Combine(service.Paths.BackupNode("local"), "disk.raw"))],
        };
        foreach (var image in (await client.GetAsync("/v2/images")).Body.GetProperty("images").EnumerateArray())
        {
            sources.TryAdd(Text(image, "name")!, Text(image, "name") is "small" or "large" or "data" ? await seeds.ContentsOfAsync(Text(image, "id")!) : []);
        }

        foreach (var backup in backups)
        {
            var expected = sources[Expected[Text(backup, "name")!].Image];
            if (Text(backup, "name")!.StartsWith("import", StringComparison.Ordinal))
            {
                Assert.Equal(expected, await seeds.ContentsOfAsync(Text(backup, "image_id")!));
            }

            Assert.Equal(expected, await seeds.ContentsOfAsync(await client.ImportedAsync(("image_backup_id", backup.GetProperty("id").GetInt32()))));
        }
    }

    private async Task AssertNothingIsLeftAsync()
    {
        await using var db = service.OpenDatabase();
        var names = await db.Backups.Select(backup => backup.OvaName).ToListAsync();
        Assert.Equal(["import-of-raw-disk"], await db.Backups.Where(backup => !backup.OwnsFile).Select(backup => backup.Name).ToListAsync());
        Assert.All(Directory.GetFileSystemEntries(service.Paths.BackupNode("local")), entry => Assert.Contains(Path.GetFileName(entry), names));
        Assert.All(await db.Volumes.ToListAsync(), volume => Assert.True(!volume.IsTemporary && volume.LogBookId is null && volume.Status == "available", volume.Status));
        Assert.Equal(await db.Volumes.CountAsync(), Directory.GetFiles(service.Paths.Volumes).Length);
        Assert.Equal(["upload-to-second-bucket_7.ova"], Directory.GetFiles(Path.Combine(service.Paths.Cos, "second")).Select(Path.GetFileName));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(service.Paths.Cos, "cos-default", ".imagebackup", "uploads")));
    }

    private async Task RestoreDataDirectoryAsync()
    {
        var resources = Path.Combine(AppContext.BaseDirectory, "PreviousRelease");
        Directory.CreateDirectory(service.DataDirectory);
        await using (var file = File.OpenRead(Path.Combine(resources, "files.tar.gz")))
        await using (var tar = new GZipStream(file, CompressionMode.Decompress))
        {
            await TarFile.ExtractToDirectoryAsync(tar, service.DataDirectory, overwriteFiles: false);
        }

        await using var database = new SqliteConnection($"Data Source={Path.Combine(service.DataDirectory, "imagebackup.db")};Pooling=false;Foreign Keys=false");
        await database.OpenAsync();
        await using var command = database.CreateCommand();
        var dump = await File.ReadAllTextAsync(Path.Combine(resources, "database.sql"));
        command.CommandText = dump.Replace("{data}", service.DataDirectory, StringComparison.Ordinal);
        await command.ExecuteNonQueryAsync();
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
