using ImageBackup.Core.Errors;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Persistence.PostgreSql;
using ImageBackup.Core.Settings;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ImageBackup.Core.Flows;

/// <summary>The processes of the service, as Cinder's os-services shows them, and their leases. All times of leases are those of the database's clock.</summary>
public sealed class WorkerStore(IDbContextFactory<ImageBackupDbContext> contexts, FlowQueue queue, NameLock name, IOptions<ClusterOptions> cluster, IOptions<FlowOptions> flows, TimeProvider time)
{
    /// <summary>The last lease of this process; null before its first one.</summary>
    public WorkerLease? Lease { get; private set; }

    /// <summary>
    /// Registers this process, which keeps its row and thereby its <c>disabled</c> over restarts, and queues the log books that it was running before. Returns
    /// null while another process has its name.
    /// </summary>
    public async Task<WorkerLease?> TryRegisterAsync(CancellationToken cancellationToken)
    {
        var asked = TimeProvider.System.GetTimestamp();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (db.IsShared && !await name.TryTakeAsync(Lease?.Incarnation, cancellationToken))
        {
            return null;
        }

        var service = await FindOwnAsync(db, cancellationToken);
        service.Host = cluster.Value.HostName;
        service.Nodes = string.Join(',', cluster.Value.Nodes);
        service.Incarnation++;
        service.Version = ServiceVersion.Current;
        service.Slots = cluster.Value.IsWorker ? flows.Value.MaxConcurrent : 0;
        service.ReportedAt = time.GetUtcNow().UtcDateTime;
        await db.SaveChangesAsync(cancellationToken);
        var lease = new WorkerLease(service.Id, service.Incarnation, db.IsShared ? cluster.Value.Lease : null);
        if (db.IsShared)
        {
            await Own(db, lease).ExecuteUpdateAsync(set => set.SetProperty(row => row.LeaseEndsAt, row => DateTime.UtcNow.AddSeconds(cluster.Value.LeaseSeconds)), cancellationToken);
        }

        lease.Extended(asked);
        await queue.RequeueAsync(lease, cancellationToken);
        return Lease = lease;
    }

    /// <summary>Extends a lease that is not over yet. Returns false if it is over, or if another process has registered with the same name.</summary>
    public async Task<bool> ExtendAsync(WorkerLease lease, CancellationToken cancellationToken)
    {
        var asked = TimeProvider.System.GetTimestamp();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var extended = await Own(db, lease).Where(row => row.LeaseEndsAt > DateTime.UtcNow).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.LeaseEndsAt, row => DateTime.UtcNow.AddSeconds(cluster.Value.LeaseSeconds)).SetProperty(row => row.ReportedAt, row => DateTime.UtcNow),
            cancellationToken) == 1;
        if (extended)
        {
            lease.Extended(asked);
        }

        return extended;
    }

    /// <summary>Ends a lease, and queues the log books of the process, so that other processes take them at once.</summary>
    public async Task LeaveAsync(WorkerLease lease, CancellationToken cancellationToken)
    {
        await queue.RequeueAsync(lease, cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await Own(db, lease).ExecuteUpdateAsync(set => set.SetProperty(row => row.LeaseEndsAt, row => DateTime.UtcNow), cancellationToken);
    }

    /// <summary>Returns the services with the operations that they run; with <paramref name="host"/> or <paramref name="binary"/>, those that match.</summary>
    public async Task<IReadOnlyList<WorkerState>> ListAsync(string? host, string? binary, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var services = await db.Services.AsNoTracking()
            .Where(row => (host == null || row.Host == host) && (binary == null || row.Binary == binary))
            .OrderBy(row => row.Binary).ThenBy(row => row.Host)
            .Select(row => new { Service = row, IsUp = row.LeaseEndsAt == null || row.LeaseEndsAt > DateTime.UtcNow })
            .ToListAsync(cancellationToken);
        if (!db.IsShared)
        {
            // The only process answers, and so reports, now.
            services.ForEach(service => service.Service.ReportedAt = time.GetUtcNow().UtcDateTime);
        }

        var running = (await db.LogBooks.Where(book => book.QueueState == QueueState.Running).OrderBy(book => book.Sequence)
            .Select(book => new { book.WorkerId, Operation = new RunningOperation(book.ProjectId, book.Action, book.BackupId, book.Id) })
            .ToListAsync(cancellationToken)).ToLookup(book => book.WorkerId, book => book.Operation);
        return [.. services.Select(service => new WorkerState(service.Service, service.IsUp, [.. running[service.Service.Id]]))];
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
        await db.RingAsync(PostgreSqlBell.Work, cancellationToken);
        if (changed == 0)
        {
            throw new NotFoundException($"Service {binary} could not be found on host {host}.");
        }

        queue.WakeAll();
    }

    private static IQueryable<ServiceRecord> Own(ImageBackupDbContext db, WorkerLease lease)
        => db.Services.Where(row => row.Id == lease.WorkerId && row.Incarnation == lease.Incarnation);

    private async Task<ServiceRecord> FindOwnAsync(ImageBackupDbContext db, CancellationToken cancellationToken)
    {
        var (binary, host) = (cluster.Value.Binary, cluster.Value.HostName);

        // The only process of a SQLite database keeps its row, whatever the machine was called before.
        return await db.Services.FirstOrDefaultAsync(row => row.Binary == binary && (row.Host == host || !db.IsShared), cancellationToken)
            ?? db.Services.Add(new ServiceRecord { Binary = binary, Host = host, Incarnation = 0, Version = "", Slots = 0, ReportedAt = default }).Entity;
    }
}

/// <summary>A process of the service.</summary>
/// <param name="Service">Its row.</param>
/// <param name="IsUp">True if its lease is not over.</param>
/// <param name="Running">The operations that it runs, in the order of their requests.</param>
public sealed record WorkerState(ServiceRecord Service, bool IsUp, IReadOnlyList<RunningOperation> Running);

/// <summary>An operation that a process runs.</summary>
/// <param name="ProjectId">The project of the image backup.</param>
/// <param name="Action">The operation, such as <c>export</c>.</param>
/// <param name="BackupId">The image backup.</param>
/// <param name="TaskId">The log book.</param>
public sealed record RunningOperation(string ProjectId, string Action, int BackupId, string TaskId);
