using System.Security.Cryptography;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Persistence.PostgreSql;
using ImageBackup.Core.Settings;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ImageBackup.Core.Startup;

/// <summary>
/// Waits until <c>imagebackup migrate</c> has brought the PostgreSQL database up to date, because several processes start at once. What only one of them
/// may do, it does while it holds an advisory lock.
/// </summary>
internal sealed partial class PostgreSqlSetup(
    IDbContextFactory<PostgreSqlDbContext> contexts, NameLock name, SharedKeys keys, IDataProtectionProvider protection, IOptions<DatabaseOptions> options, IOptions<ClusterOptions> cluster, TimeProvider time, ILogger<PostgreSqlSetup> logger) : IDatabaseSetup
{
    private const string StartLock = "start";
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    /// <summary>The server and the database, without user and password.</summary>
    private readonly Lazy<string> place = new(() =>
    {
        var connection = new NpgsqlConnectionStringBuilder(options.Value.Secret.Read());
        return $"{connection.Database} on {connection.Host}:{connection.Port}";
    });

    public bool IsShared => true;

    public Task MigrateAsync(CancellationToken cancellationToken) => MigrateAsync(_ => Task.CompletedTask, cancellationToken);

    /// <summary>Applies the migrations that are missing, and fills the database before a process can start on it.</summary>
    internal Task MigrateAsync(Func<CancellationToken, Task> fill, CancellationToken cancellationToken) => RunAloneAsync(
        async token =>
        {
            await using var context = await contexts.CreateDbContextAsync(token);
            if (await MigrationState.RequiresMigrationAsync(context, place.Value, token))
            {
                await context.Database.MigrateAsync(token);
            }

            await fill(token);
            await PrepareKeysAsync(token);
        },
        cancellationToken);

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        for (var isFirst = true; await MigrationState.RequiresMigrationAsync(context, place.Value, cancellationToken); isFirst = false)
        {
            if (isFirst)
            {
                LogWaiting(logger, place.Value, ServiceVersion.Current);
            }

            await Task.Delay(PollInterval, time, cancellationToken);
        }

        await TakeNameAsync(cancellationToken);
        await RunAloneAsync(PrepareKeysAsync, cancellationToken);
    }

    public async Task RunAloneAsync(Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);

        // The lock belongs to the connection, which stays open until the end. The server releases the lock when the process dies.
        await context.Database.OpenConnectionAsync(cancellationToken);

        // A move of a large database holds the lock for long.
        context.Database.SetCommandTimeout(TimeSpan.Zero);
        await context.Database.ExecuteSqlAsync($"SELECT pg_advisory_lock(hashtextextended({StartLock}, 0))", cancellationToken);
        try
        {
            await work(cancellationToken);
        }
        finally
        {
            await context.Database.ExecuteSqlAsync($"SELECT pg_advisory_unlock(hashtextextended({StartLock}, 0))", CancellationToken.None);
        }
    }

    public string? Explain(Exception failure) => failure switch
    {
        NpgsqlException => $"The database {place.Value} cannot be used: {failure.Message} Check {DatabaseOptions.Section}:{nameof(DatabaseOptions.ConnectionString)}.",
        CryptographicException => $"{ClusterOptions.Section}:{nameof(ClusterOptions.Secret)} does not decrypt the keys in the database {place.Value}. Use the secret that they were encrypted with.",
        InvalidOperationException or DbUpdateException when failure.InnerException is NpgsqlException cause => Explain(cause),
        _ => null,
    };

    /// <summary>Waits until the former process of this name has ended, at most until its lease is over.</summary>
    private async Task TakeNameAsync(CancellationToken cancellationToken)
    {
        for (var waited = 0; !await name.TryTakeAsync(incarnation: null, cancellationToken); waited++)
        {
            if (waited > cluster.Value.LeaseSeconds)
            {
                throw new StartException($"Another process uses the database {place.Value} as {cluster.Value.Binary} on host {cluster.Value.HostName}. Stop that process, or set {ClusterOptions.Section}:{nameof(ClusterOptions.Host)} to another name.");
            }

            await Task.Delay(PollInterval, TimeProvider.System, cancellationToken);
        }
    }

    private async Task PrepareKeysAsync(CancellationToken cancellationToken)
    {
        await keys.PrepareAsync(cancellationToken);

        // Makes the first Data Protection key while no other process can make one.
        protection.CreateProtector(StartLock).Protect("");
    }

    [LoggerMessage(LogLevel.Information, "Waiting until 'imagebackup migrate' of version {Version} has prepared the database {Database}")]
    private static partial void LogWaiting(ILogger logger, string database, string version);
}
