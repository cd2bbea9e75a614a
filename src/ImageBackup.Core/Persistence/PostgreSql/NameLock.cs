using ImageBackup.Core.Settings;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ImageBackup.Core.Persistence.PostgreSql;

/// <summary>
/// Keeps a second process off this process's name. The lock belongs to a connection: the server releases it when the process ends, and loses it when the
/// server restarts. A machine that vanished keeps its connection for hours, so its name is free when its lease is over.
/// </summary>
public sealed class NameLock(IDbContextFactory<ImageBackupDbContext> contexts, IOptions<DatabaseOptions> options, IOptions<ClusterOptions> cluster) : IAsyncDisposable, IDisposable
{
    private readonly string name = $"service/{cluster.Value.Binary}/{cluster.Value.HostName}";
    private NpgsqlConnection? connection;

    /// <summary>Returns true if no other process has the name: this process has the lock, or the lease of the process that has it is over.</summary>
    /// <param name="incarnation">The last incarnation of this process; null before the first one.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public async Task<bool> TryTakeAsync(int? incarnation, CancellationToken cancellationToken)
    {
        if (await TryLockAsync(cancellationToken))
        {
            return true;
        }

        var (binary, host) = (cluster.Value.Binary, cluster.Value.HostName);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return !await db.Services.AnyAsync(
            service => service.Binary == binary && service.Host == host && service.Incarnation != incarnation && service.LeaseEndsAt > DateTime.UtcNow, cancellationToken);
    }

    /// <summary>Takes the lock if it is free, and waits until the connection ends. Throws then.</summary>
    public async Task HoldAsync(CancellationToken cancellationToken)
    {
        while (await TryLockAsync(cancellationToken))
        {
            await connection!.WaitAsync(cancellationToken);
        }
    }

    public void Dispose() => connection?.Dispose();

    public async ValueTask DisposeAsync()
    {
        if (connection is not null)
        {
            await connection.DisposeAsync();
        }
    }

    private async Task<bool> TryLockAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await LockAsync(cancellationToken);
        }
        catch (Exception lost) when (connection is not null && lost is NpgsqlException or InvalidOperationException)
        {
            // The connection was lost, perhaps long ago. A new one may work.
            await connection.DisposeAsync();
            connection = null;
            return await LockAsync(cancellationToken);
        }
    }

    /// <summary>A connection that has the lock gets it again.</summary>
    private async Task<bool> LockAsync(CancellationToken cancellationToken)
    {
        connection ??= await OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand("SELECT pg_try_advisory_lock(hashtextextended($1, 0))", connection) { Parameters = { new() { Value = name } } };
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        // Not from the pool, so that its end closes the session.
        var opened = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(options.Value.Secret.Read()) { Pooling = false, KeepAlive = 10 }.ConnectionString);
        try
        {
            await opened.OpenAsync(cancellationToken);
            return opened;
        }
        catch
        {
            await opened.DisposeAsync();
            throw;
        }
    }
}
