using System.Diagnostics;
using System.Net.Sockets;
using ImageBackup.Core.Persistence.PostgreSql;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace ImageBackup.TestSupport;

/// <summary>
/// A real PostgreSQL server from Debian's package, on a Unix socket. The tests of a process share one, unless a test stops its own. It ends at the latest with
/// the test process.
/// </summary>
public sealed class PostgresServer : IDisposable
{
    private const string Template = "template_imagebackup";
    private static readonly TimeSpan StartTime = TimeSpan.FromMinutes(2);
    private static readonly Lazy<Task<PostgresServer>> Shared = new(() => StartAsync());

    private readonly string directory;
    private readonly Process process;
    private int databases;

    private PostgresServer(string directory, Process process) => (this.directory, this.process) = (directory, process);

    /// <summary>Returns the running server; where it is not installed, the test is skipped.</summary>
    public static Task<PostgresServer> GetAsync()
    {
        Requires.Postgres();
        return Shared.Value;
    }

    /// <summary>Starts a server for one test, which may stop it. Commits survive <see cref="CrashAsync"/>; where the server is not installed, the test is skipped.</summary>
    public static Task<PostgresServer> StartOwnAsync()
    {
        Requires.Postgres();
        return StartAsync("synchronous_commit=on");
    }

    /// <summary>Returns a network between this server and a process, which a test interrupts.</summary>
    public FaultyProxy Network() => new(new UnixDomainSocketEndPoint(Path.Combine(directory, ".s.PGSQL.5432")));

    /// <summary>Returns the connection string of a process that reaches the server through a network.</summary>
    public static string Through(FaultyProxy network, string connectionString)
        => new NpgsqlConnectionStringBuilder(connectionString) { Host = "127.0.0.1", Port = network.Port }.ConnectionString;

    /// <summary>Ends the server at once (an immediate shutdown): it closes all connections, and recovers at its next start.</summary>
    public Task CrashAsync() => CommandAsync("stop");

    /// <summary>Starts the server after <see cref="CrashAsync"/>.</summary>
    public Task ContinueAsync() => CommandAsync("start");

    public void Dispose() => Stop();

    /// <summary>Creates a database with the tables of this version, and returns its connection string.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"test_{Interlocked.Increment(ref databases)}";
        await ExecuteAsync($"CREATE DATABASE {name} TEMPLATE {Template}");
        return ConnectionString(name);
    }

    /// <summary>Creates a database without tables, and returns its connection string.</summary>
    public async Task<string> CreateEmptyDatabaseAsync()
    {
        var name = $"test_{Interlocked.Increment(ref databases)}";
        await ExecuteAsync($"CREATE DATABASE {name}");
        return ConnectionString(name);
    }

    /// <summary>Drops a database and ends its connections.</summary>
    public async Task DropAsync(string connectionString)
    {
        using (var connection = new NpgsqlConnection(connectionString))
        {
            NpgsqlConnection.ClearPool(connection);
        }

        await ExecuteAsync($"DROP DATABASE {new NpgsqlConnectionStringBuilder(connectionString).Database} WITH (FORCE)");
    }

    /// <summary>Opens a database for a test.</summary>
    public static PostgreSqlDbContext Open(string connectionString)
        => new(PostgreSqlConnection.Configure(new DbContextOptionsBuilder<PostgreSqlDbContext>(), connectionString).Options);

    private async Task CommandAsync(string command)
    {
        await process.StandardInput.WriteLineAsync(command);
        await process.StandardInput.FlushAsync();
        if (await process.StandardOutput.ReadLineAsync().WaitAsync(StartTime) != "ready")
        {
            throw new InvalidOperationException($"PostgreSQL did not {command}.");
        }
    }

    private static async Task<PostgresServer> StartAsync(params string[] settings)
    {
        var directory = Directory.CreateTempSubdirectory("imagebackup-postgres-").FullName;
        var process = Process.Start(new ProcessStartInfo("bash", [Path.Combine(AppContext.BaseDirectory, "scripts", "postgres.sh"), directory, .. settings])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        if (await process.StandardOutput.ReadLineAsync().WaitAsync(StartTime) != "ready")
        {
            throw new InvalidOperationException($"PostgreSQL did not start: {await errors}");
        }

        var server = new PostgresServer(directory, process);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.Stop();
        await server.ExecuteAsync($"CREATE DATABASE {Template}");
        await using (var db = Open(server.ConnectionString(Template)))
        {
            await db.Database.MigrateAsync();
        }

        NpgsqlConnection.ClearAllPools();
        return server;
    }

    private void Stop()
    {
        // The script ends the server when this pipe closes.
        if (Directory.Exists(directory))
        {
            process.StandardInput.Close();
            process.WaitForExit(TimeSpan.FromSeconds(20));
            Directory.Delete(directory, recursive: true);
        }
    }

    private string ConnectionString(string database) => $"Host={directory};Username=imagebackup;Database={database};Maximum Pool Size=40;Connection Idle Lifetime=10;Connection Pruning Interval=5";

    private async Task ExecuteAsync(string statement)
    {
        await using var connection = new NpgsqlConnection($"Host={directory};Username=imagebackup;Database=postgres;Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync();
    }
}
