using ImageBackup.Core.Persistence.PostgreSql;
using ImageBackup.TestSupport;

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
    public async Task<ServiceProcess> StartAsync(string host, string role = "all")
    {
        var settings = new Dictionary<string, string>(Settings) { ["ImageBackup:Cluster:Host"] = host, ["ImageBackup:Cluster:Role"] = role };
        if (role == "worker")
        {
            settings["ImageBackup:Cluster:Nodes:0"] = "local";
        }

        var process = await ServiceProcess.StartAsync(Data, settings);
        processes.Add(process);
        return process;
    }

    public PostgreSqlDbContext Open() => PostgresServer.Open(Database);

    /// <summary>Waits until a line of a process's log contains a text.</summary>
    public static Task LoggedAsync(ServiceProcess process, string text)
        => Polling.UntilAsync($"the line '{text}'", () => Task.FromResult(process.Log.Contains(text, StringComparison.Ordinal)));

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
