using System.Security.Cryptography;
using System.Text.Json;
using ImageBackup.Core.Persistence.PostgreSql;
using ImageBackup.TestSupport;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Api.Tests.Scale;

/// <summary>Real processes on one data directory and one database of a real PostgreSQL server.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    /// <summary>The image of the first start: 64 MiB with holes.</summary>
    public const string DemoImage = "9c219888-1ab0-429e-9282-7cbc6957c839";

    /// <summary>Short, so that a takeover takes no half a minute.</summary>
    public const int LeaseSeconds = 8;

    private readonly TemporaryDirectory directory = new();
    private readonly List<ServiceProcess> processes = [];
    private readonly PostgresServer server;
    private readonly bool ownsServer;

    private Cluster(PostgresServer server, bool ownsServer, string database) => (this.server, this.ownsServer, Database) = (server, ownsServer, database);

    /// <summary>The connection string.</summary>
    public string Database { get; }

    public PostgresServer Server => server;

    public string Data => Path.Combine(directory.Path, "data");

    public string Node => Path.Combine(Data, "backup-nodes", "local");

    /// <summary>Settings of every process. Cos is nobody, unless a test sets it.</summary>
    public Dictionary<string, string> Settings { get; } = new()
    {
        ["ImageBackup:Database:Provider"] = "PostgreSql",
        ["ImageBackup:Cluster:Secret"] = "a secret of the tests with 32 characters",
        ["ImageBackup:Cluster:LeaseSeconds"] = $"{LeaseSeconds}",
        ["ImageBackup:Cos:ServiceUrl"] = "http://127.0.0.1:9",
        ["ImageBackup:Cos:AccessKey"] = "access",
        ["ImageBackup:Cos:SecretKey"] = "secret",
        ["ImageBackup:Limits:RequestsPerSecond"] = "0",
        ["ImageBackup:Flows:MaxConcurrent"] = "4",
    };

    /// <summary>Creates a database, on a server of its own if the test stops the server.</summary>
    public static async Task<Cluster> CreateAsync(bool ownServer = false)
    {
        var server = ownServer ? await PostgresServer.StartOwnAsync() : await PostgresServer.GetAsync();
        var database = await server.CreateDatabaseAsync();
        return new Cluster(server, ownServer, database) { Settings = { ["ImageBackup:Database:ConnectionString"] = database } };
    }

    /// <summary>Starts a process.</summary>
    /// <param name="host">Its name among the services.</param>
    /// <param name="role">all, api or worker (of the node <c>local</c>).</param>
    /// <param name="network">The process's way to the database server.</param>
    public async Task<ServiceProcess> StartAsync(string host, string role = "all", FaultyProxy? network = null)
    {
        var settings = SettingsOf(host, role);
        if (network is not null)
        {
            settings["ImageBackup:Database:ConnectionString"] = PostgresServer.Through(network, Database);
        }

        var process = await ServiceProcess.StartAsync(Data, settings);
        processes.Add(process);
        return process;
    }

    /// <summary>Starts a process that is expected to refuse.</summary>
    public ServiceProcess Launch(string host, string role) => ServiceProcess.Launch(Data, SettingsOf(host, role));

    public PostgreSqlDbContext Open() => PostgresServer.Open(Database);

    /// <summary>Creates an image of one volume with these bytes.</summary>
    public static async Task<string> ImageAsync(ServiceProcess process, byte[] content)
    {
        var image = (await new BackupClient(process).PostAsync("/v2/images", new { name = "image", disk_format = "raw", container_format = "bare" })).Body.GetProperty("id").GetString()!;
        using var body = new ByteArrayContent(content);
        body.Headers.ContentType = new("application/octet-stream");
        using var answer = await process.Client.PutAsync(new Uri($"/v2/images/{image}/file", UriKind.Relative), body);
        answer.EnsureSuccessStatusCode();
        return image;
    }

    /// <summary>Waits until a line of a process's log contains a text.</summary>
    public static async Task LoggedAsync(ServiceProcess process, string text)
    {
        try
        {
            await Polling.UntilAsync($"the line '{text}'", () => Task.FromResult(process.Log.Contains(text, StringComparison.Ordinal)));
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{late.Message} The log is:\n{process.Log}", late);
        }
    }

    /// <summary>The names in the node's directory.</summary>
    public IReadOnlyList<string> NodeEntries() => Directory.Exists(Node) ? [.. Directory.GetFileSystemEntries(Node).Select(entry => Path.GetFileName(entry)).Where(name => name is not (".probe" or DirectoryMarkers.FileName)).Order(StringComparer.Ordinal)] : [];

    /// <summary>Returns every file with its bytes and time of change, and the rows of operations, image backups and volumes.</summary>
    public async Task<IReadOnlyList<string>> SnapshotAsync()
    {
        var lines = new List<string>();
        foreach (var file in new[] { Node, Path.Combine(Data, "volumes") }.SelectMany(root => Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)).Order(StringComparer.Ordinal))
        {
            await using var bytes = File.OpenRead(file);
            lines.Add($"{file} {File.GetLastWriteTimeUtc(file):O} {Convert.ToHexString(await SHA256.HashDataAsync(bytes))}");
        }

        await using var db = Open();
        lines.AddRange((await db.LogBooks.OrderBy(book => book.Sequence).ToListAsync()).Select(book => JsonSerializer.Serialize(book)));
        lines.AddRange((await db.Flows.OrderBy(flow => flow.Id).ToListAsync()).Select(flow => $"{flow.Id} {flow.State}"));
        lines.AddRange((await db.Tasks.OrderBy(task => task.Id).ToListAsync()).Select(task => JsonSerializer.Serialize(task)));
        lines.AddRange((await db.Backups.OrderBy(backup => backup.Id).ToListAsync()).Select(backup => JsonSerializer.Serialize(backup)));
        lines.AddRange((await db.Volumes.OrderBy(volume => volume.Id).ToListAsync()).Select(volume => JsonSerializer.Serialize(volume)));
        return lines;
    }

    /// <summary>Imports an archive and compares the volume with that of <see cref="DemoImage"/>.</summary>
    public async Task RestoresAsync(BackupClient client, StartedBackup exported)
    {
        var imported = await client.ImportedAsync(("image_backup_id", exported.Id));
        Assert.Equal(await BytesAsync(client, DemoImage), await BytesAsync(client, imported));
    }

    private Dictionary<string, string> SettingsOf(string host, string role)
    {
        var settings = new Dictionary<string, string>(Settings) { ["ImageBackup:Cluster:Host"] = host, ["ImageBackup:Cluster:Role"] = role };
        if (role == "worker")
        {
            settings["ImageBackup:Cluster:Nodes:0"] = "local";
        }

        return settings;
    }

    private async Task<string> BytesAsync(BackupClient client, string imageId)
    {
        var image = (await client.GetAsync($"/v2/images/{imageId}")).Body;
        var volume = JsonElement.Parse(image.GetProperty("block_device_mapping").GetString()!).EnumerateArray().Single().GetProperty("volume_id").GetString();
        await using var bytes = File.OpenRead(Path.Combine(Data, "volumes", $"volume-{volume}"));
        return Convert.ToHexString(await SHA256.HashDataAsync(bytes));
    }

    public async ValueTask DisposeAsync()
    {
        processes.ForEach(process => process.Dispose());
        directory.Dispose();
        if (ownsServer)
        {
            server.Dispose();
        }
        else
        {
            await server.DropAsync(Database);
        }
    }
}
