using System.Diagnostics;
using System.Net;
using ImageBackup.TestSupport;

namespace ImageBackup.Benchmarks.Soak;

/// <summary>A service under random operations, and what must be true of it.</summary>
internal sealed class SoakRun : IDisposable
{
    private const int AtOnce = 4;
    private const int MostBackups = 12;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan BetweenKills = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BetweenRestarts = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan BetweenResets = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(2);
    private static readonly string[] Compressions = ["True", "Fast", "False"];

    private static readonly Dictionary<string, string> Settings = new()
    {
        ["ImageBackup:Demo:Enabled"] = "false",
        ["ImageBackup:Limits:RequestsPerSecond"] = "0",
        ["Serilog:MinimumLevel:Default"] = "Warning",
    };

    private readonly string data;
    private readonly Random random;
    private readonly BackupClient client;
    private readonly List<Image> images = [];

    /// <summary>The image of each image backup.</summary>
    private readonly Dictionary<int, Image> backups = [];

    private readonly HashSet<int> uploaded = [];
    private readonly Dictionary<int, Work> running = [];
    private ServiceProcess service;
    private IReadOnlyList<string> filesAtStart = [];

    private SoakRun(string data, int seed, ServiceProcess service)
    {
        this.data = data;
        this.service = service;
        random = new Random(seed);
        client = new BackupClient(() => this.service.Client);
    }

    public int Ended { get; private set; }

    public int Stopped { get; private set; }

    public int Kills { get; private set; }

    public int Restarts { get; private set; }

    /// <summary>The end of the service's log.</summary>
    public string LastWords => service.Log[Math.Max(0, service.Log.Length - 4000)..];

    /// <summary>Starts the service on an empty data directory, with three images.</summary>
    public static async Task<SoakRun> StartAsync(string data, int seed)
    {
        var run = new SoakRun(data, seed, await ServiceProcess.StartAsync(data, Settings));
        run.filesAtStart = run.Files();
        run.images.Add(await run.CreateImageAsync(Content.Random(8 << 20, seed)));
        run.images.Add(await run.CreateImageAsync(Content.WithHoles(32 << 20, 1 << 20, seed)));
        run.images.Add(await run.CreateImageAsync(new byte[8 << 20]));
        return run;
    }

    /// <summary>Keeps operations running for a while, and disturbs them if asked to.</summary>
    public async Task WorkAsync(TimeSpan time, bool isDisturbed, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        for (TimeSpan look = clock.Elapsed, last = look; look < time; last = look, look = clock.Elapsed)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await LookAsync();
            if (running.Count < AtOnce)
            {
                await BeginAsync();
            }

            if (isDisturbed)
            {
                await DisturbAsync(passed: look - last);
            }

            await Task.Delay(BetweenLooks, cancellationToken);
        }
    }

    /// <summary>Waits until nothing runs, and looks at the process.</summary>
    public async Task<ProcessUse> RestAsync(CancellationToken cancellationToken)
    {
        await Polling.UntilAsync("the end of all operations", async () =>
        {
            await LookAsync();
            return running.Count == 0;
        });
        await Task.Delay(Rest, cancellationToken);
        return ProcessUse.Of(service.Id);
    }

    /// <summary>Ends the process and starts another one on the same data.</summary>
    public async Task RestartAsync(bool isKill)
    {
        if (isKill)
        {
            await service.KillAsync();
            Kills++;
        }
        else
        {
            await service.TerminateAsync();
            Restarts++;
        }

        service.Dispose();
        service = await ServiceProcess.StartAsync(data, Settings);
    }

    /// <summary>Verifies and restores each image backup, deletes everything, and looks for what is left.</summary>
    public async Task CheckAndDeleteAllAsync()
    {
        foreach (var id in backups.Keys.ToList())
        {
            await client.SucceedAsync(await client.BeginAsync(id, "verify"));
            await client.SucceedAsync(await ImportAsync(id));
            await CheckRestoredImageAsync(id);
            await client.DeletedAsync(id);
        }

        foreach (var image in images)
        {
            await DeleteImageAsync(image.Id);
        }

        Expect(await client.GetAsync("/volumes"), "volumes");
        Expect(await client.GetAsync("/v2/images"), "images");
        var left = Files().Except(filesAtStart).ToList();
        if (left.Count > 0)
        {
            throw new InvalidOperationException($"Left in the data directory: {string.Join(", ", left)}");
        }

        static void Expect(ApiAnswer answer, string list)
        {
            if (answer.Body.GetProperty(list).GetArrayLength() > 0)
            {
                throw new InvalidOperationException($"Left: {answer}");
            }
        }
    }

    public void Dispose()
    {
        service.Dispose();
        Directory.Delete(data, recursive: true);
    }

    /// <summary>Takes note of each operation that has ended.</summary>
    private async Task LookAsync()
    {
        foreach (var (id, work) in running.ToList())
        {
            switch (await StateAsync(id, work))
            {
                case State.Done:
                    running.Remove(id);
                    Ended++;
                    await NoteAsync(id, work.Verb);
                    break;
                case State.Failed when work.IsStopped:
                    running[id] = work with { Started = await RetryAsync(id), IsStopped = false };
                    Stopped++;
                    break;
                case State.Failed:
                    throw new InvalidOperationException($"The {work.Verb} of image backup {id} failed by itself: {await client.GetAsync($"/image-backups/{id}")}");
            }
        }
    }

    private async Task<State> StateAsync(int id, Work work)
    {
        if (work.Verb == "delete")
        {
            var answer = await client.GetAsync($"/image-backups/{id}");
            return answer.Status == HttpStatusCode.NotFound ? State.Done
                : answer.Body.GetProperty("image-backup").GetProperty("status").GetString()!.StartsWith("error", StringComparison.Ordinal) ? State.Failed : State.Runs;
        }

        var details = await client.ProgressAsync(work.Started!, withDetails: true);
        return !details.TryGetProperty("finished_at", out _) ? State.Runs
            : details.GetProperty("flow_details").EnumerateObject().All(flow => flow.Value.GetString() == "SUCCESS") ? State.Done : State.Failed;
    }

    private async Task NoteAsync(int id, string verb)
    {
        switch (verb)
        {
            case "import":
                await CheckRestoredImageAsync(id);
                break;
            case "upload":
                uploaded.Add(id);
                break;
            case "delete":
                backups.Remove(id);
                uploaded.Remove(id);
                break;
        }
    }

    /// <summary>Starts the operation again that was stopped. While it still reverts, that is refused.</summary>
    private async Task<StartedBackup?> RetryAsync(int id)
    {
        var answer = await Polling.ForAsync($"a retry of image backup {id}", async () => await client.PostAsync($"/image-backups/{id}/retry") is { Status: HttpStatusCode.Accepted } accepted ? accepted : null);
        return running[id].Verb == "delete" ? null : BackupClient.Started(answer, HttpStatusCode.Accepted);
    }

    private async Task BeginAsync()
    {
        var idle = backups.Keys.Where(id => !running.ContainsKey(id)).ToList();
        var dice = random.Next(100);
        if (idle.Count == 0 || (dice < 35 && backups.Count < MostBackups))
        {
            await BeginExportAsync();
            return;
        }

        var id = idle[random.Next(idle.Count)];
        var verb = dice switch
        {
            < 55 => "import",
            < 70 => "upload",
            < 80 => uploaded.Contains(id) ? "download" : "upload",
            < 90 => "verify",
            _ => "delete",
        };
        running[id] = new Work(verb, await StartAsync(id, verb), IsStopped: false);
    }

    private async Task BeginExportAsync()
    {
        var image = images[random.Next(images.Count)];
        var started = await client.ExportAsync(image.Id, ("name", $"soak-{random.Next(1000)}"), ("compression", Compressions[random.Next(Compressions.Length)]));
        backups[started.Id] = image;
        running[started.Id] = new Work("export", started, IsStopped: false);
    }

    private async Task<StartedBackup?> StartAsync(int id, string verb)
    {
        switch (verb)
        {
            case "import":
                return await ImportAsync(id);
            case "delete":
                var answer = await client.DeleteAsync(id);
                return answer.Status == HttpStatusCode.Accepted ? null : throw new InvalidOperationException($"DELETE: {answer}");
            default:
                return await client.BeginAsync(id, verb);
        }
    }

    private Task<StartedBackup> ImportAsync(int id) => client.ImportAsync(("name", $"restored-{id}"), ("image_backup_id", id));

    /// <summary>Kills, restarts or stops something, as often on a slow machine as on a quick one.</summary>
    private async Task DisturbAsync(TimeSpan passed)
    {
        if (Happens(BetweenKills))
        {
            await RestartAsync(isKill: true);
        }

        if (Happens(BetweenRestarts))
        {
            await RestartAsync(isKill: false);
        }

        if (running.Count > 0 && Happens(BetweenResets))
        {
            await ResetAsync(running.Keys.ElementAt(random.Next(running.Count)));
        }

        bool Happens(TimeSpan every) => random.NextDouble() * every < passed;
    }

    /// <summary>Stops an operation. That is refused if it has just ended, or cannot be reset.</summary>
    private async Task ResetAsync(int id)
    {
        if ((await client.ResetAsync(id)).Status == HttpStatusCode.Accepted)
        {
            running[id] = running[id] with { IsStopped = true };
        }
    }

    private async Task<Image> CreateImageAsync(byte[] content)
    {
        var answer = await client.PostAsync("/v2/images", new { name = "soak", disk_format = "raw", container_format = "bare" });
        var id = answer.Body.GetProperty("id").GetString()!;
        using var body = new ByteArrayContent(content);
        body.Headers.ContentType = new("application/octet-stream");
        (await service.Client.PutAsync($"/v2/images/{id}/file", body)).EnsureSuccessStatusCode();
        return new Image(id, content);
    }

    private async Task CheckRestoredImageAsync(int id)
    {
        var restored = (await client.ShowAsync(id)).GetProperty("image_id").GetString()!;
        var bytes = await service.Client.GetByteArrayAsync($"/v2/images/{restored}/file");
        if (!bytes.AsSpan().SequenceEqual(backups[id].Content))
        {
            throw new InvalidOperationException($"Image {restored}, restored from image backup {id}, has other bytes than the image.");
        }

        await DeleteImageAsync(restored);
    }

    private async Task DeleteImageAsync(string id) => (await service.Client.DeleteAsync($"/v2/images/{id}")).EnsureSuccessStatusCode();

    /// <summary>The files of the data directory, without the database, keys and probes.</summary>
    private IReadOnlyList<string> Files()
        => [.. Directory.EnumerateFiles(data, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(data, file)).Where(file => !file.StartsWith("imagebackup.db", StringComparison.Ordinal) && !file.StartsWith("keys/", StringComparison.Ordinal) && Path.GetFileName(file) != ".probe")];

    private enum State
    {
        Runs,
        Done,
        Failed,
    }

    /// <summary>An image and its bytes.</summary>
    private sealed record Image(string Id, byte[] Content);

    /// <summary>An operation that runs. <c>Started</c> is null for a deletion. <c>IsStopped</c> is true after a reset.</summary>
    private sealed record Work(string Verb, StartedBackup? Started, bool IsStopped);
}
