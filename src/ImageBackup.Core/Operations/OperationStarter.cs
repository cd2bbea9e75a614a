using ImageBackup.Core.Access;
using ImageBackup.Core.Backups;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Flows;
using ImageBackup.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.Operations;

/// <summary>Puts an operation into the database, whole or not at all, and rings the queue.</summary>
public sealed class OperationStarter(BackupStore backups, FlowStore flows, FlowQueue queue, IDbContextFactory<ImageBackupDbContext> contexts, TimeProvider time)
{
    private static readonly TimeSpan KeyLifetime = TimeSpan.FromDays(1);

    /// <summary>What the first request with this key started; null where this is the first one.</summary>
    /// <exception cref="InvalidRequestException">The key was used for another request within a day.</exception>
    public async Task<StartedOperation?> FindFirstAsync(Caller caller, IdempotencyKey? key, string action, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await FindFirstAsync(db, caller.ProjectId, key, action, cancellationToken);
    }

    /// <summary>Adds a new record and its log book.</summary>
    /// <param name="complete">Given the record with its id, fills in what depends on it and makes the operation.</param>
    public async Task<StartedOperation> AddAsync(string action, BackupRecord record, IdempotencyKey? key, Func<BackupRecord, string, Task<FlowOperation>> complete, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await FindFirstAsync(db, record.ProjectId, key, action, cancellationToken) is { } first)
        {
            return first;
        }

        db.Backups.Add(record);
        await db.SaveChangesAsync(cancellationToken);
        record.TaskId = NewTaskId();
        var operation = await complete(record, record.TaskId);
        return await EnqueueAsync(db, action, record, record.TaskId, key, operation, cancellationToken);
    }

    /// <summary>Moves a settled backup to <paramref name="to"/> and adds its log book; of two racing calls one gets a refusal.</summary>
    /// <param name="back">The settled status to return to; null where the operation settles otherwise.</param>
    public async Task<StartedOperation> BeginAsync(string action, BackupRecord backup, BackupStatus to, BackupStatus? back, IdempotencyKey? key, Func<string, FlowOperation> makeOperation, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await FindFirstAsync(db, backup.ProjectId, key, action, cancellationToken) is { } first)
        {
            return first;
        }

        var taskId = NewTaskId();
        var change = new StatusChange { NewTask = taskId, ReturnStatus = back };
        if (!await backups.TryMoveAsync(db, backup.Id, [backup.Status], to, change, cancellationToken))
        {
            throw new InvalidRequestException($"Invalid image backup: Image backup {backup.Id} is {backup.Status.ToWire()} or has just changed; {action} is not possible now.");
        }

        return await EnqueueAsync(db, action, backup, taskId, key, makeOperation(taskId), cancellationToken);
    }

    /// <summary>A log book's id, and so the <c>task_id</c> of the progress document.</summary>
    public static string NewTaskId() => Guid.NewGuid().ToString();

    private async Task<StartedOperation> EnqueueAsync(ImageBackupDbContext db, string action, BackupRecord backup, string taskId, IdempotencyKey? key, FlowOperation operation, CancellationToken cancellationToken)
    {
        flows.Enqueue(db, taskId, action, backup.Id, backup.ProjectId, operation);
        if (key is not null)
        {
            db.IdempotencyKeys.Add(new IdempotencyRecord
            {
                ProjectId = backup.ProjectId,
                Key = key.Key,
                RequestHash = key.RequestHash,
                BackupId = backup.Id,
                TaskId = taskId,
                CreatedAt = time.GetUtcNow().UtcDateTime,
            });
        }

        await db.SaveChangesAsync(cancellationToken);
        await db.Database.CurrentTransaction!.CommitAsync(cancellationToken);
        queue.Ring(action);
        return new StartedOperation(backup.Id, taskId, action);
    }

    private async Task<StartedOperation?> FindFirstAsync(ImageBackupDbContext db, string projectId, IdempotencyKey? key, string action, CancellationToken cancellationToken)
    {
        if (key is null)
        {
            return null;
        }

        var oldest = time.GetUtcNow().UtcDateTime - KeyLifetime;
        await db.IdempotencyKeys.Where(row => row.ProjectId == projectId && row.Key == key.Key && row.CreatedAt < oldest).ExecuteDeleteAsync(cancellationToken);
        var found = await db.IdempotencyKeys.AsNoTracking().FirstOrDefaultAsync(row => row.ProjectId == projectId && row.Key == key.Key, cancellationToken);
        return found switch
        {
            null => null,
            _ when found.RequestHash == key.RequestHash => new StartedOperation(found.BackupId, found.TaskId, action),
            _ => throw new InvalidRequestException($"Idempotency-Key '{key.Key}' was used for another request within the last day; a new request needs a new key."),
        };
    }
}
