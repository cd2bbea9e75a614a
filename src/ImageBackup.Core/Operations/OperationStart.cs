using ImageBackup.Core.Access;
using ImageBackup.Core.Backups;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Flows;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Persistence.PostgreSql;
using ImageBackup.Core.Quotas;
using Microsoft.EntityFrameworkCore.Storage;

namespace ImageBackup.Core.Operations;

/// <summary>
/// The transaction that starts one operation: (1) look for the same request, (2) add or move the image backup, (3) reserve space, add the log book and commit,
/// (4) wake the workers. Without <see cref="CommitAsync"/>, nothing changes.
/// </summary>
public sealed class OperationStart : IAsyncDisposable
{
    private readonly string action;
    private readonly Caller caller;
    private readonly IdempotencyKey? key;
    private readonly IDbContextTransaction transaction;
    private readonly BackupStore backups;
    private readonly FlowStore flows;
    private readonly FlowActions actions;
    private readonly FlowQueue queue;
    private readonly IdempotencyKeys keys;
    private readonly SpaceReservations space;

    internal OperationStart(string action, Caller caller, IdempotencyKey? key, ImageBackupDbContext db, IDbContextTransaction transaction, BackupStore backups, FlowStore flows, FlowActions actions, FlowQueue queue, IdempotencyKeys keys, SpaceReservations space)
    {
        (this.action, this.caller, this.key, Database, this.transaction) = (action, caller, key, db, transaction);
        (this.backups, this.flows, this.actions, this.queue, this.keys, this.space) = (backups, flows, actions, queue, keys, space);
    }

    public ImageBackupDbContext Database { get; }

    /// <summary>The log book's id, and so the <c>task_id</c> of the progress document.</summary>
    public string TaskId { get; } = Guid.NewGuid().ToString();

    /// <summary>Returns the operation that the same request has started; null if there is none.</summary>
    public Task<StartedOperation?> FindFirstAsync(CancellationToken cancellationToken) => keys.FindFirstAsync(Database, caller.ProjectId, key, action, cancellationToken);

    /// <summary>Adds a new image backup, which gets its id.</summary>
    /// <exception cref="OverLimitException">The image backup passes a quota.</exception>
    public async Task AddAsync(BackupRecord backup, CancellationToken cancellationToken)
    {
        await QuotaCheck.RequireBackupAsync(Database, backup, cancellationToken);
        backup.TaskId = TaskId;
        Database.Backups.Add(backup);
        await Database.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Moves an image backup from the status that the request was checked with.</summary>
    /// <param name="backup">The image backup as it was read.</param>
    /// <param name="to">The new status.</param>
    /// <param name="returnTo">The status to restore when the operation ends; null if the operation sets another one.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="InvalidRequestException">Another request or operation changed the status first.</exception>
    public async Task MoveAsync(BackupRecord backup, BackupStatus to, BackupStatus? returnTo, CancellationToken cancellationToken)
    {
        var change = new StatusChange { NewTask = TaskId, ReturnStatus = returnTo };
        if (!await backups.TryMoveAsync(Database, backup.Id, [backup.Status], to, change, cancellationToken))
        {
            throw BackupStatusRules.Changed(backup, action);
        }
    }

    /// <summary>Reserves the operation's space, adds the log book, commits, and wakes the workers.</summary>
    /// <exception cref="InvalidRequestException">The operation does not fit on the disk.</exception>
    public async Task<StartedOperation> CommitAsync<TState>(BackupRecord backup, TState state, CancellationToken cancellationToken)
        where TState : class
    {
        var started = new StartedOperation(backup.Id, TaskId, action);
        var operation = actions.Load(action, StoredJson.Write(state));
        await space.ReserveAsync(Database, TaskId, operation.Space, cancellationToken);
        flows.Enqueue(Database, TaskId, action, backup.Id, backup.ProjectId, operation);
        if (key is not null)
        {
            await keys.AddAsync(Database, caller.ProjectId, key, started, cancellationToken);
        }

        await Database.SaveChangesAsync(cancellationToken);
        await Database.RingAsync(PostgreSqlBell.Work, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        queue.Wake();
        return started;
    }

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await Database.DisposeAsync();
    }
}
