using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ImageBackup.TestSupport;
using Microsoft.Playwright;

namespace ImageBackup.Browser.Tests;

/// <summary>The service behind the page, on its own port, with the demo image and the emulator.</summary>
public class PageService : RealPortServiceFixture
{
    /// <summary>The demo image: 64 MiB, most of them holes.</summary>
    public const string ImageId = "9c219888-1ab0-429e-9282-7cbc6957c839";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public PageService()
    {
        Settings["ImageBackup:Demo:Enabled"] = "true";
        Settings["ImageBackup:Emulator:Enabled"] = "true";
    }

    /// <summary>Returns the page's address. <paramref name="view"/> is the part after the hash, such as <c>/images</c>.</summary>
    public string PageAddress(string view = "") => $"{BaseAddress}/ui/{(view.Length == 0 ? "" : "#" + view)}";

    /// <summary>Starts an export to the node, with an upload to <paramref name="bucket"/> if one is given, and returns its id.</summary>
    public async Task<int> StartExportAsync(string name, string? bucket = null)
    {
        using var body = JsonContent.Create(new Dictionary<string, object>
        {
            ["image-backup"] = new { name, src_image_id = ImageId, upload_to_cos = bucket is not null, cos_bucket = bucket, compression = "Fast" },
        });
        using var response = await Client.PostAsync(V3("/image-backups/export_image"), body);
        response.EnsureSuccessStatusCode();
        using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return answer.RootElement.GetProperty("image-backup").GetProperty("backup_id").GetInt32();
    }

    /// <summary>Exports and waits for the archive.</summary>
    public async Task<int> ExportAsync(string name)
    {
        var id = await StartExportAsync(name);
        await WaitForStatusAsync(id, "available");
        return id;
    }

    /// <summary>Exports, and copies the archive to a file that belongs to no image backup.</summary>
    public async Task CopyArchiveAsync(string name, string file)
    {
        var id = await ExportAsync(name);
        var backup = (await GetAsync(V3($"/image-backups/{id}"))).GetProperty("image-backup");
        var directory = Paths.BackupNode("local");
        File.Copy(Path.Combine(directory, backup.GetProperty("ova_name").GetString()!), Path.Combine(directory, file));
    }

    /// <summary>Enters the image's name, submits the open form, and waits until the list shows the image as active.</summary>
    public static async Task ImportByFormAsync(IPage page, string image)
    {
        await page.Locator("dialog input[name=name]").FillAsync(image);
        await page.Locator("dialog button[type=submit]").ClickAsync();
        await page.WaitForURLAsync("**/ui/#/backups/*");
        await Assertions.Expect(page.Locator(".panel .percent")).ToHaveTextAsync("100 %");
        await page.Locator("#tabs a", new() { HasText = "Images" }).ClickAsync();
        await Assertions.Expect(page.Locator(".row", new() { HasText = image }).Locator(".badge")).ToHaveTextAsync("active");
    }

    /// <summary>Waits until an image backup has a status.</summary>
    public Task WaitForStatusAsync(int id, string status) => WaitAsync(
        async () => (await GetAsync(V3($"/image-backups/{id}"))).GetProperty("image-backup").GetProperty("status").GetString() == status,
        $"image backup {id} to be {status}");

    /// <summary>Limits every matching task to a number of bytes per second, until <see cref="RemoveFaultsAsync"/>.</summary>
    public async Task ThrottleAsync(string task, long bytesPerSecond)
    {
        using var body = JsonContent.Create(new { fault = new { task, at = 0, action = "throttle", bytes_per_second = bytesPerSecond } });
        using var response = await Client.PostAsync("/emulator/faults", body);
        response.EnsureSuccessStatusCode();
    }

    public async Task RemoveFaultsAsync()
    {
        using var response = await Client.DeleteAsync("/emulator/faults");
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Removes injected faults and image backups, so that the next test starts clean.</summary>
    public async Task CalmAsync()
    {
        await RemoveFaultsAsync();
        var backups = await GetAsync(V3("/image-backups/detail"));
        foreach (var backup in backups.GetProperty("image-backups").EnumerateArray())
        {
            var id = backup.GetProperty("id").GetInt32();
            using var response = await Client.DeleteAsync(V3($"/image-backups/{id}?force=true"));
            await WaitForEndAsync(id);
        }
    }

    /// <summary>Waits until the record of an image backup has gone.</summary>
    public Task WaitForEndAsync(int id) => WaitAsync(
        async () =>
        {
            using var response = await Client.GetAsync(V3($"/image-backups/{id}"));
            return response.StatusCode == HttpStatusCode.NotFound;
        },
        $"image backup {id} to go");

    public async Task<JsonElement> GetAsync(string path)
    {
        using var document = JsonDocument.Parse(await Client.GetStringAsync(path));
        return document.RootElement.Clone();
    }

    /// <summary>Polls until the condition is true.</summary>
    public static async Task WaitAsync(Func<Task<bool>> isSo, string what)
    {
        using var deadline = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!await isSo())
        {
            try
            {
                await timer.WaitForNextTickAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"Waited {Patience} in vain for {what}.");
            }
        }
    }
}
