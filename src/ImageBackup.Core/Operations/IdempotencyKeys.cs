using ImageBackup.Core.Access;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.Operations;

/// <summary>The <c>Idempotency-Key</c> of a request: the same key and request return the same operation for a day.</summary>
/// <param name="Key">The header's value.</param>
/// <param name="RequestHash">SHA-256 of route and body.</param>
public sealed record IdempotencyKey(string Key, string RequestHash);

/// <summary>Finds and adds keys.</summary>
public sealed class IdempotencyKeys(IDbContextFactory<ImageBackupDbContext> contexts, TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    /// <summary>Returns the operation that an earlier request with this key started; null if there is none.</summary>
    /// <exception cref="InvalidRequestException">Another request used the key.</exception>
    public async Task<StartedOperation?> FindAsync(Caller caller, IdempotencyKey? key, string action, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await FindAsync(db, caller.ProjectId, key, action, cancellationToken);
    }

    /// <summary>Returns the operation as the caller's transaction sees it. Transactions with the same key wait for each other.</summary>
    internal async Task<StartedOperation?> FindFirstAsync(ImageBackupDbContext db, string projectId, IdempotencyKey? key, string action, CancellationToken cancellationToken)
    {
        if (key is not null)
        {
            await db.LockAsync($"idempotency/{projectId}/{key.Key}", cancellationToken);
        }

        return await FindAsync(db, projectId, key, action, cancellationToken);
    }

    private async Task<StartedOperation?> FindAsync(ImageBackupDbContext db, string projectId, IdempotencyKey? key, string action, CancellationToken cancellationToken)
    {
        if (key is null)
        {
            return null;
        }

        var oldest = time.GetUtcNow().UtcDateTime - Lifetime;
        var found = await db.IdempotencyKeys.AsNoTracking().FirstOrDefaultAsync(row => row.ProjectId == projectId && row.Key == key.Key && row.CreatedAt >= oldest, cancellationToken);
        return found switch
        {
            null => null,
            _ when found.RequestHash == key.RequestHash => new StartedOperation(found.BackupId, found.TaskId, action),
            _ => throw new InvalidRequestException($"Idempotency-Key '{key.Key}' was used for another request within the last day; a new request needs a new key."),
        };
    }

    /// <summary>Adds the key to the caller's transaction, and removes an expired one.</summary>
    internal async Task AddAsync(ImageBackupDbContext db, string projectId, IdempotencyKey key, StartedOperation started, CancellationToken cancellationToken)
    {
        await db.IdempotencyKeys.Where(row => row.ProjectId == projectId && row.Key == key.Key).ExecuteDeleteAsync(cancellationToken);
        db.IdempotencyKeys.Add(new IdempotencyRecord
        {
            ProjectId = projectId,
            Key = key.Key,
            RequestHash = key.RequestHash,
            BackupId = started.BackupId,
            TaskId = started.TaskId,
            CreatedAt = time.GetUtcNow().UtcDateTime,
        });
    }
}
