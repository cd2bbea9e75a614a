using ImageBackup.Core.Errors;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Settings;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ImageBackup.Core.Flows;

/// <summary>The services that take log books, as Cinder's os-services shows them.</summary>
public sealed class WorkerStore(IDbContextFactory<ImageBackupDbContext> contexts, FlowQueue queue, IOptions<ClusterOptions> cluster, IOptions<FlowOptions> flows, TimeProvider time)
{
    /// <summary>The binary of a worker: PowerVC's cinder-backup runs on the backup node.</summary>
    public const string Binary = "cinder-backup";

    /// <summary>Registers this process, which keeps its row and thereby its <c>disabled</c> over restarts, and queues the log books that a stopped process was running.</summary>
    public async Task RegisterAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);

        // One process uses the database, so its row is the only one, whatever the machine was called before.
        var service = await db.Services.FirstOrDefaultAsync(row => row.Binary == Binary, cancellationToken)
            ?? db.Services.Add(new ServiceRecord { Binary = Binary, Host = "", Incarnation = 0, Version = "", Slots = 0, ReportedAt = default }).Entity;
        service.Host = cluster.Value.HostName;
        service.Incarnation++;
        service.Version = ServiceVersion.Current;
        service.Slots = flows.Value.MaxConcurrent;
        service.ReportedAt = time.GetUtcNow().UtcDateTime;
        await db.SaveChangesAsync(cancellationToken);
        await queue.RequeueAsync(service.Id, cancellationToken);
    }

    /// <summary>Returns the services; with <paramref name="host"/> or <paramref name="binary"/>, those that match.</summary>
    public async Task<IReadOnlyList<ServiceRecord>> ListAsync(string? host, string? binary, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Services.AsNoTracking()
            .Where(row => (host == null || row.Host == host) && (binary == null || row.Binary == binary))
            .OrderBy(row => row.Binary).ThenBy(row => row.Host)
            .ToListAsync(cancellationToken);
    }

    /// <summary>Lets a service take no new log books, or take them again.</summary>
    /// <param name="host">The service's host.</param>
    /// <param name="binary">The service's binary.</param>
    /// <param name="isDisabled">True to let it take nothing new.</param>
    /// <param name="reason">Why, for operators.</param>
    /// <param name="cancellationToken">Stops the change.</param>
    /// <exception cref="NotFoundException">There is no such service.</exception>
    public async Task SetDisabledAsync(string host, string binary, bool isDisabled, string? reason, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var changed = await db.Services.Where(row => row.Host == host && row.Binary == binary).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.IsDisabled, isDisabled).SetProperty(row => row.DisabledReason, reason), cancellationToken);
        if (changed == 0)
        {
            throw new NotFoundException($"Service {binary} could not be found on host {host}.");
        }

        queue.WakeAll();
    }
}
