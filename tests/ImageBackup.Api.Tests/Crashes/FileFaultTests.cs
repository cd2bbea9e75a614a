using System.Net;
using System.Security.Cryptography;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Crashes;

/// <summary>
/// Kills the real process before the calls of an operation that rename, link, delete or flush a file, and lets its writes fail as on a full disk. Afterwards the data directory
/// is as if the operation had succeeded or had never been asked for. <c>IMAGEBACKUP_EVERY_FILE_CALL=1</c> takes every call instead of some.
/// </summary>
public sealed class FileFaultTests : IDisposable
{
    private const string DemoImage = "9c219888-1ab0-429e-9282-7cbc6957c839";
    private static readonly bool EveryCall = Environment.GetEnvironmentVariable("IMAGEBACKUP_EVERY_FILE_CALL") == "1";

    private readonly TemporaryDirectory directory = new();
    private readonly ITestOutputHelper output;
    private readonly FileCalls calls;
    private ServiceProcess? service;
    private BackupClient client = null!;

    public FileFaultTests(ITestOutputHelper output)
    {
        this.output = output;
        calls = new FileCalls(directory.Path, Data);
    }

    private string Data => Path.Combine(directory.Path, "data");

    [Fact]
    public async Task An_export_survives_a_kill_before_every_file_call()
    {
        await StartAsync();
        var count = await CountAsync(FileCalls.Names, DeleteExportAsync);

        for (var number = 1; number <= count; number += EveryCall ? 1 : 3)
        {
            output.WriteLine($"Kill before call {number}");
            var accepted = await KilledAsync(number, () => client.PostAsync("/image-backups/export_image", Export));

            var backups = await BackupsAsync();
            Assert.True(backups.Count == 1 || (backups.Count == 0 && accepted is null), $"Call {number}: {backups.Count} backups.");
            foreach (var backup in backups)
            {
                await SettledAsync(backup.Id, "uploaded");
                await client.SucceedAsync(await client.BeginAsync(backup.Id, "verify"));
                Leftovers.AssertNone(Data);
                await DeleteExportAsync(backup);
            }
        }
    }

    [Fact]
    public async Task An_import_survives_a_kill_before_every_file_call()
    {
        await StartAsync();
        var exported = await client.ExportedAsync(DemoImage, ("upload_to_cos", true));
        var digest = await DigestAsync(DemoImage);
        var import = BackupClient.ImportBody(("image_backup_id", exported.Id));
        File.Delete(Archives.Single());
        calls.Count(FileCalls.Names);
        await DeleteImageAsync(await client.ImportedAsync(("image_backup_id", exported.Id)));
        var count = calls.Counted.Count;
        output.WriteLine($"{count} calls");

        for (var number = 1; number <= count; number += EveryCall ? 1 : 3)
        {
            output.WriteLine($"Kill before call {number}");
            File.Delete(Archives.Single());
            var accepted = await KilledAsync(number, () => client.PostAsync("/image-backups/import_image", import));

            await SettledAsync(exported.Id, "uploaded");
            var image = await ImportedImageAsync();
            Assert.True(image is not null || accepted is null, $"Call {number}: the import is lost.");
            Leftovers.AssertNone(Data);
            if (image is not null)
            {
                Assert.Equal(digest, await DigestAsync(image));
                await DeleteImageAsync(image);
            }

            if (!Archives.Any())
            {
                await client.SucceedAsync(await client.BeginAsync(exported.Id, "download"));
            }
        }
    }

    [Fact]
    public async Task An_export_succeeds_or_fails_cleanly_when_the_disk_is_full_at_any_write()
    {
        await StartAsync();
        var count = await CountAsync(FileCalls.Data, DeleteExportAsync);
        var failures = 0;

        for (var number = 1; number <= count; number += EveryCall ? 1 : 7)
        {
            output.WriteLine($"Full disk at call {number}");
            calls.Fill(FileCalls.Data, number);
            var answer = await client.PostAsync("/image-backups/export_image", Export);
            Assert.Contains(answer.Status, new[] { HttpStatusCode.Created, HttpStatusCode.ServiceUnavailable, HttpStatusCode.InsufficientStorage });
            if (answer.Status is HttpStatusCode.Created)
            {
                var backup = BackupClient.Started(answer);
                await client.WaitAsync(backup);
                var status = await client.StatusAsync(backup.Id);
                failures += status is "uploaded" ? 0 : 1;
                calls.Stop();
                Leftovers.AssertNone(Data);
                Assert.True(Archives.Count() == (status is "error" ? 0 : 1), $"{status}, {Archives.Count()} archives");
                await DeleteExportAsync(backup);
            }

            Assert.Empty(await BackupsAsync());
        }

        output.WriteLine($"{count} calls, {failures} failures");
        Assert.True(failures > 0);
        await DeleteExportAsync(await client.ExportedAsync(DemoImage));
    }

    public void Dispose()
    {
        if (TestContext.Current.TestState?.Result is TestResult.Failed)
        {
            output.WriteLine($"The log:\n{service?.Log}");
        }

        service?.Dispose();
        directory.Dispose();
    }

    private static object Export => BackupClient.ExportBody(DemoImage, ("upload_to_cos", true));

    private IEnumerable<string> Archives => Directory.EnumerateFiles(Path.Combine(Data, "backup-nodes", "local"), "*.ova");

    private async Task StartAsync()
    {
        calls.Stop();
        service?.Dispose();
        service = await ServiceProcess.StartAsync(Data, new Dictionary<string, string> { ["ImageBackup:Limits:RequestsPerSecond"] = "0" }, calls.Under);
        client = new BackupClient(service);
    }

    /// <summary>Returns the number of calls of an export. The first export also creates directories, so the second counts.</summary>
    private async Task<int> CountAsync(string kind, Func<StartedBackup, Task> deleteAsync)
    {
        await deleteAsync(await client.ExportedAsync(DemoImage, ("upload_to_cos", true)));
        calls.Count(kind);
        var started = await client.ExportedAsync(DemoImage, ("upload_to_cos", true));
        var counted = calls.Counted;
        calls.Stop();
        output.WriteLine($"{counted.Count} calls:\n{string.Join('\n', counted)}");
        await deleteAsync(started);
        return counted.Count;
    }

    /// <summary>Asks for an operation, whose process is killed, and starts the service again.</summary>
    /// <returns>The answer; null if the process ended before it.</returns>
    private async Task<ApiAnswer?> KilledAsync(int number, Func<Task<ApiAnswer>> ask)
    {
        calls.Kill(FileCalls.Names, number);
        ApiAnswer? accepted = null;
        try
        {
            accepted = await ask();
        }
        catch (HttpRequestException)
        {
            // The process ended before it answered.
        }

        await Polling.UntilAsync("the kill, or the end of the operation", async () => service!.HasExited || await HasEndedAsync(accepted));
        await StartAsync();
        return accepted;
    }

    /// <summary>An operation can make fewer calls than the one that was counted, because flushes serve several writers.</summary>
    private async Task<bool> HasEndedAsync(ApiAnswer? accepted)
    {
        try
        {
            return accepted is not null && (await client.ProgressAsync(BackupClient.Started(accepted), withDetails: true)).TryGetProperty("finished_at", out _);
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task<string> SettledAsync(int id, params string[] statuses)
        => await Polling.ForAsync($"backup {id} to be {string.Join(" or ", statuses)}", async () => await client.StatusAsync(id) is var status && statuses.Contains(status) ? status : null);

    private async Task<IReadOnlyList<StartedBackup>> BackupsAsync()
        => [.. (await client.GetAsync("/image-backups")).Body.GetProperty("image-backups").EnumerateArray().Select(backup => new StartedBackup(backup.GetProperty("id").GetInt32(), ""))];

    private async Task DeleteExportAsync(StartedBackup backup)
    {
        await client.DeletedAsync(backup.Id);
        Assert.Empty(Archives);
        Assert.Empty(Directory.GetFiles(Path.Combine(Data, "cos", "cos-default")));
    }

    private async Task<string?> ImportedImageAsync()
    {
        var images = (await client.GetAsync("/v2/images")).Body.GetProperty("images").EnumerateArray().ToList();
        Assert.All(images, image => Assert.Equal("active", image.GetProperty("status").GetString()));
        return images.Select(image => image.GetProperty("id").GetString()).SingleOrDefault(id => id != DemoImage);
    }

    private async Task<string> DigestAsync(string image)
    {
        await using var file = await service!.Client.GetStreamAsync(new Uri($"/v2/images/{image}/file", UriKind.Relative));
        return Convert.ToHexString(await SHA256.HashDataAsync(file));
    }

    private async Task DeleteImageAsync(string image)
        => Assert.Equal(HttpStatusCode.NoContent, (await client.SendAsync(HttpMethod.Delete, $"/v2/images/{image}")).Status);
}
