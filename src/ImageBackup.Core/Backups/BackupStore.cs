using System.Linq.Expressions;
using ImageBackup.Core.Access;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.Backups;

/// <summary>Image backups in the database; the only place that changes a status.</summary>
public sealed class BackupStore(IDbContextFactory<ImageBackupDbContext> contexts, TimeProvider time)
{
    /// <summary>The caller's backup of that id.</summary>
    /// <exception cref="NotFoundException">Unknown, or another project's.</exception>
    public async Task<BackupRecord> GetAsync(Caller caller, int id, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Backups.AsNoTracking().FirstOrDefaultAsync(backup => backup.Id == id && backup.ProjectId == caller.ProjectId, cancellationToken)
            ?? throw NotFound(id.ToString());
    }

    /// <summary>Any project's backup, for the flows; null where it is gone.</summary>
    public async Task<BackupRecord?> FindAsync(int id, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Backups.AsNoTracking().FirstOrDefaultAsync(backup => backup.Id == id, cancellationToken);
    }

    /// <summary>True where another backup's record names the same file of the same node.</summary>
    public async Task<bool> IsFileSharedAsync(string backupNodeId, string ovaName, int exceptId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Backups.AnyAsync(backup => backup.Id != exceptId && backup.BackupHost == backupNodeId && backup.OvaName == ovaName, cancellationToken);
    }

    /// <summary>True where the file is another project's archive and none of this one's.</summary>
    public Task<bool> IsForeignFileAsync(string projectId, string backupNodeId, string ovaName, CancellationToken cancellationToken)
        => IsForeignAsync(projectId, backup => backup.BackupHost == backupNodeId && backup.OvaName == ovaName, cancellationToken);

    /// <summary>True where the object is another project's archive and none of this one's.</summary>
    public Task<bool> IsForeignObjectAsync(string projectId, string bucket, string objectKey, CancellationToken cancellationToken)
        => IsForeignAsync(projectId, backup => backup.OwnsObject && backup.CosBucket == bucket && backup.CosObject == objectKey, cancellationToken);

    /// <summary>The caller's backups, narrowed and ordered by <paramref name="shape"/>.</summary>
    public async Task<T> QueryAsync<T>(Caller caller, Func<IQueryable<BackupRecord>, CancellationToken, Task<T>> shape, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await shape(db.Backups.AsNoTracking().Where(backup => backup.ProjectId == caller.ProjectId), cancellationToken);
    }

    /// <summary>Changes name and description; a null leaves the old one.</summary>
    public async Task<BackupRecord> UpdateAsync(Caller caller, int id, UpdateBackupCommand command, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var backup = await db.Backups.FirstOrDefaultAsync(row => row.Id == id && row.ProjectId == caller.ProjectId, cancellationToken) ?? throw NotFound(id.ToString());
        backup.Name = command.Name ?? backup.Name;
        backup.Description = command.SetsDescription ? command.Description : backup.Description;
        backup.UpdatedAt = time.GetUtcNow().UtcDateTime;
        await db.SaveChangesAsync(cancellationToken);
        return backup;
    }

    /// <summary>Moves a backup from one of <paramref name="from"/> to <paramref name="to"/>, if it still is in one of them and the table has the pair; false where it is not.</summary>
    /// <param name="change">What else changes with the status.</param>
    public async Task<bool> TryMoveAsync(ImageBackupDbContext db, int id, IReadOnlyList<BackupStatus> from, BackupStatus to, StatusChange change, CancellationToken cancellationToken)
    {
        var allowed = from.Where(status => BackupTransitions.IsAllowed(status, to)).ToList();
        var now = time.GetUtcNow().UtcDateTime;
        return await db.Backups
            .Where(backup => backup.Id == id && allowed.Contains(backup.Status) && (change.OnlyOfTask == null || backup.TaskId == change.OnlyOfTask))
            .ExecuteUpdateAsync(
                set => set.SetProperty(backup => backup.Status, to)
                    .SetProperty(backup => backup.FailReason, change.FailReason)
                    .SetProperty(backup => backup.ReturnStatus, change.ReturnStatus)
                    .SetProperty(backup => backup.TaskId, backup => change.NewTask ?? backup.TaskId)
                    .SetProperty(backup => backup.UpdatedAt, now),
                cancellationToken) == 1;
    }

    /// <summary>Changes what is known of a backup's archive; never its status.</summary>
    public async Task SetFactsAsync(int id, Action<BackupRecord> change, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.Backups.FirstOrDefaultAsync(backup => backup.Id == id, cancellationToken) is { } row)
        {
            change(row);
            row.UpdatedAt = time.GetUtcNow().UtcDateTime;
            db.Entry(row).Property(backup => backup.Status).IsModified = false;
            await db.SaveChangesAsync(cancellationToken);
        }
    }

    private async Task<bool> IsForeignAsync(string projectId, Expression<Func<BackupRecord, bool>> isTheOne, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var owners = await db.Backups.Where(isTheOne).Select(backup => backup.ProjectId).Distinct().ToListAsync(cancellationToken);
        return owners.Count > 0 && !owners.Contains(projectId);
    }

    public static NotFoundException NotFound(string id) => new($"Image backup {id} could not be found.");
}

/// <summary>What changes together with a status.</summary>
public sealed record StatusChange
{
    /// <summary>Why the backup is in the new status; null clears an older reason.</summary>
    public string? FailReason { get; init; }

    /// <summary>The settled status to return to when the work is done.</summary>
    public BackupStatus? ReturnStatus { get; init; }

    /// <summary>The log book that the backup belongs to from now on; null leaves the present one.</summary>
    public string? NewTask { get; init; }

    /// <summary>Makes the change only while the backup belongs to this log book, so that an operation that was stopped changes nothing any more.</summary>
    public string? OnlyOfTask { get; init; }
}
