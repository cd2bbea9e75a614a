using System.Linq.Expressions;
using ImageBackup.Core.Access;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.Backups;

/// <summary>Finds and changes image backups. Only <see cref="TryMoveAsync"/> changes a status.</summary>
public sealed class BackupStore(IDbContextFactory<ImageBackupDbContext> contexts, TimeProvider time)
{
    // Compiled and synchronous, because clients that wait for a status run it several times per second, and SQLite reads synchronously anyway.
    // Not static, because it is compiled for one database.
    private readonly Func<ImageBackupDbContext, int, string, BackupRecord?> findOwn = EF.CompileQuery(
        (ImageBackupDbContext db, int id, string projectId) => db.Backups.AsNoTracking().FirstOrDefault(backup => backup.Id == id && backup.ProjectId == projectId));

    private readonly Func<ImageBackupDbContext, int, string, BackupProgress?> findOwnProgress = EF.CompileQuery((ImageBackupDbContext db, int id, string projectId) =>
        (from backup in db.Backups.AsNoTracking()
         where backup.Id == id && backup.ProjectId == projectId
         join book in db.LogBooks.AsNoTracking() on backup.TaskId equals book.Id into books
         from book in books.DefaultIfEmpty()
         select new BackupProgress(backup, (int?)book.Progress ?? 0)).FirstOrDefault());

    /// <summary>Returns the caller's image backup with the recorded progress of its last operation.</summary>
    /// <exception cref="NotFoundException">The id is unknown or belongs to another project.</exception>
    public BackupProgress GetProgress(Caller caller, int id)
    {
        using var db = contexts.CreateDbContext();
        return findOwnProgress(db, id, caller.ProjectId) ?? throw NotFound($"{id}");
    }

    /// <summary>Returns the caller's image backup.</summary>
    /// <exception cref="NotFoundException">The id is unknown or belongs to another project.</exception>
    public BackupRecord Get(Caller caller, int id) => Find(caller, id) ?? throw NotFound($"{id}");

    /// <summary>Returns the caller's image backup as the caller's transaction sees it.</summary>
    /// <exception cref="NotFoundException">The id is unknown or belongs to another project.</exception>
    public BackupRecord Get(ImageBackupDbContext db, Caller caller, int id) => findOwn(db, id, caller.ProjectId) ?? throw NotFound($"{id}");

    /// <summary>Returns the caller's image backup; null if the id is unknown or belongs to another project.</summary>
    public BackupRecord? Find(Caller caller, int id)
    {
        using var db = contexts.CreateDbContext();
        return findOwn(db, id, caller.ProjectId);
    }

    /// <summary>Returns an image backup of any project, for an operation; null if it was deleted.</summary>
    public async Task<BackupRecord?> FindAsync(int id, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Backups.AsNoTracking().FirstOrDefaultAsync(backup => backup.Id == id, cancellationToken);
    }

    /// <summary>Returns true if another image backup has the same file on the same node.</summary>
    public async Task<bool> IsFileSharedAsync(string backupNodeId, string ovaName, int exceptId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await IsFileSharedAsync(db, backupNodeId, ovaName, exceptId, cancellationToken);
    }

    /// <summary>Returns true if another image backup has the same file on the same node, as the caller's transaction sees it.</summary>
    public static Task<bool> IsFileSharedAsync(ImageBackupDbContext db, string backupNodeId, string ovaName, int exceptId, CancellationToken cancellationToken)
        => db.Backups.AnyAsync(backup => backup.Id != exceptId && backup.BackupHost == backupNodeId && backup.OvaName == ovaName, cancellationToken);

    /// <summary>Returns true if this service wrote the file, as an image backup records it.</summary>
    public static Task<bool> IsOwnFileAsync(ImageBackupDbContext db, string backupNodeId, string ovaName, CancellationToken cancellationToken)
        => db.Backups.AnyAsync(backup => backup.BackupHost == backupNodeId && backup.OvaName == ovaName && backup.OwnsFile, cancellationToken);

    /// <summary>Returns true if the file is an archive of other projects only.</summary>
    public Task<bool> IsForeignFileAsync(string projectId, string backupNodeId, string ovaName, CancellationToken cancellationToken)
        => IsForeignAsync(projectId, backup => backup.BackupHost == backupNodeId && backup.OvaName == ovaName, cancellationToken);

    /// <summary>Returns true if the object is an archive of other projects only.</summary>
    public Task<bool> IsForeignObjectAsync(string projectId, string bucket, string objectKey, CancellationToken cancellationToken)
        => IsForeignAsync(projectId, backup => backup.OwnsObject && backup.CosBucket == bucket && backup.CosObject == objectKey, cancellationToken);

    /// <summary>Returns the caller's image backups, filtered and ordered by <paramref name="shape"/>.</summary>
    public async Task<T> QueryAsync<T>(Caller caller, Func<IQueryable<BackupRecord>, CancellationToken, Task<T>> shape, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await shape(db.Backups.AsNoTracking().Where(backup => backup.ProjectId == caller.ProjectId), cancellationToken);
    }

    /// <summary>Changes name and description. A null name keeps the present one.</summary>
    public async Task UpdateAsync(Caller caller, int id, UpdateBackupCommand command, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var backup = await db.Backups.FirstOrDefaultAsync(row => row.Id == id && row.ProjectId == caller.ProjectId, cancellationToken) ?? throw NotFound($"{id}");
        backup.Name = command.Name ?? backup.Name;
        backup.Description = command.SetsDescription ? command.Description : backup.Description;
        backup.UpdatedAt = time.GetUtcNow().UtcDateTime;
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Changes the status by compare-and-set. Returns false if the status is not in <paramref name="from"/> or the table does not have the pair.</summary>
    /// <param name="change">The columns that change with the status.</param>
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

    /// <summary>Changes what is recorded of an image backup, except its status.</summary>
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

    /// <summary>Records that a verification has found the archive intact, and the digest of the archive if there was none.</summary>
    public Task SetVerifiedAsync(int id, string sha256, CancellationToken cancellationToken) => SetFactsAsync(
        id,
        backup =>
        {
            backup.OvaSha256 ??= sha256;
            backup.VerifiedAt = time.GetUtcNow().UtcDateTime;
        },
        cancellationToken);

    private async Task<bool> IsForeignAsync(string projectId, Expression<Func<BackupRecord, bool>> isTheOne, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var owners = await db.Backups.Where(isTheOne).Select(backup => backup.ProjectId).Distinct().ToListAsync(cancellationToken);
        return owners.Count > 0 && !owners.Contains(projectId);
    }

    public static NotFoundException NotFound(string id) => new($"Image backup {id} could not be found.");
}

/// <summary>An image backup, and the recorded progress of its last operation in percent.</summary>
public sealed record BackupProgress(BackupRecord Backup, int Recorded);

/// <summary>The columns that change together with a status.</summary>
public sealed record StatusChange
{
    /// <summary>Why the image backup has the new status; null removes an earlier reason.</summary>
    public string? FailReason { get; init; }

    /// <summary>The status to restore when the operation ends; null if the operation sets another one.</summary>
    public BackupStatus? ReturnStatus { get; init; }

    /// <summary>The log book of the new operation; null keeps the present one.</summary>
    public string? NewTask { get; init; }

    /// <summary>Requires that the image backup still belongs to this log book, so that a stopped operation changes nothing.</summary>
    public string? OnlyOfTask { get; init; }
}
