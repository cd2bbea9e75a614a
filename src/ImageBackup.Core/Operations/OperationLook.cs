using ImageBackup.Core.Flows;
using ImageBackup.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.Operations;

/// <summary>Looks at the operations of all projects, and tells what has changed since the last look. The cost does not grow with the number of image backups.</summary>
/// <remarks>One caller at a time.</remarks>
public sealed class OperationLook(IDbContextFactory<ImageBackupDbContext> contexts, RunningFlows runningFlows)
{
    /// <summary>Rows that one look reads of a kind.</summary>
    private const int Most = 500;

    private readonly Dictionary<int, Seen> watched = [];
    private long lastSequence = -1;
    private int lastBackup;

    /// <summary>Forgets the looks before, so that the next one is the first.</summary>
    public void Restart()
    {
        watched.Clear();
        lastSequence = -1;
    }

    /// <summary>Returns the operations that have not ended, and the image backups that have changed since the last look. The first look finds no changes.</summary>
    public async Task<OperationView> NextAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var isFirst = lastSequence < 0;
        if (isFirst)
        {
            lastSequence = await db.LogBooks.MaxAsync(book => (long?)book.Sequence, cancellationToken) ?? 0;
            lastBackup = await db.Backups.MaxAsync(backup => (int?)backup.Id, cancellationToken) ?? 0;
        }

        var unfinished = await UnfinishedAsync(db, cancellationToken);
        var begun = await db.LogBooks.AsNoTracking().Where(book => book.Sequence > lastSequence).OrderBy(book => book.Sequence).Take(Most)
            .Select(book => new { book.Sequence, book.BackupId, book.ProjectId }).ToListAsync(cancellationToken);
        var ids = unfinished.Select(book => book.BackupId).Concat(begun.Select(book => book.BackupId)).Concat(watched.Keys).ToHashSet();
        var backups = await ReadAsync(db.Backups.Where(backup => ids.Contains(backup.Id)), cancellationToken);
        foreach (var added in await ReadAsync(db.Backups.Where(backup => backup.Id > lastBackup).OrderBy(backup => backup.Id).Take(Most), cancellationToken))
        {
            backups.TryAdd(added.Key, added.Value);
        }

        var queued = await db.LogBooks.Where(book => book.QueueState == QueueState.Queued).GroupBy(book => book.ProjectId)
            .Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(group => group.Key, group => group.Count, cancellationToken);

        var changes = isFirst ? [] : backups.Values.Where(backup => watched.GetValueOrDefault(backup.Id) != backup).Select(backup => backup.ToChange())
            .Concat(watched.Values.Where(backup => !backups.ContainsKey(backup.Id)).Select(backup => backup.ToChange() with { Status = null }))
            .Concat(begun.Where(book => !backups.ContainsKey(book.BackupId) && !watched.ContainsKey(book.BackupId)).Select(book => new BackupChange(book.BackupId, book.ProjectId, null, null, null))
                .Distinct()).ToList();
        var elsewhere = await TasksElsewhereAsync(db, unfinished, cancellationToken);
        var operations = unfinished.Where(book => backups.ContainsKey(book.BackupId)).Select(book => Describe(book, backups[book.BackupId], elsewhere[book.Id])).ToList();
        Remember(unfinished.Select(book => book.BackupId).ToHashSet(), backups);
        lastSequence = begun.Count > 0 ? begun[^1].Sequence : lastSequence;
        return new OperationView(operations, queued, changes);
    }

    /// <summary>Returns the log books that run, and then those that wait, in the order in which they came.</summary>
    private static async Task<List<LogBookRecord>> UnfinishedAsync(ImageBackupDbContext db, CancellationToken cancellationToken)
    {
        var found = new List<LogBookRecord>();
        foreach (var state in new[] { QueueState.Running, QueueState.Queued })
        {
            found.AddRange(await db.LogBooks.AsNoTracking().Where(book => book.QueueState == state).OrderBy(book => book.Sequence).Take(Most).ToListAsync(cancellationToken));
        }

        return found;
    }

    /// <summary>Returns the tasks of the operations that other processes run, by log book.</summary>
    private async Task<ILookup<string, TaskProgress>> TasksElsewhereAsync(ImageBackupDbContext db, List<LogBookRecord> unfinished, CancellationToken cancellationToken)
    {
        var books = unfinished.Where(book => book.QueueState == QueueState.Running && runningFlows.Find(book.Id) is null).Select(book => book.Id).ToList();
        var tasks = books.Count == 0 ? [] : await db.Flows.AsNoTracking().Where(flow => books.Contains(flow.LogBookId))
            .SelectMany(flow => flow.Tasks, (flow, task) => new { flow.LogBookId, Task = task }).ToListAsync(cancellationToken);
        return tasks.ToLookup(task => task.LogBookId, task => TaskProgress.Of(task.Task));
    }

    private static Task<Dictionary<int, Seen>> ReadAsync(IQueryable<BackupRecord> rows, CancellationToken cancellationToken)
        => rows.Select(backup => new Seen(backup.Id, backup.ProjectId, backup.Name, backup.Status, backup.FailReason)).ToDictionaryAsync(backup => backup.Id, cancellationToken);

    private void Remember(HashSet<int> unfinished, Dictionary<int, Seen> backups)
    {
        watched.Clear();
        foreach (var backup in backups.Values)
        {
            lastBackup = Math.Max(lastBackup, backup.Id);
            if (unfinished.Contains(backup.Id))
            {
                watched.Add(backup.Id, backup);
            }
        }
    }

    private OperationSummary Describe(LogBookRecord book, Seen backup, IEnumerable<TaskProgress> elsewhere)
    {
        var running = runningFlows.Find(book.Id);
        return new OperationSummary(
            book.BackupId,
            book.ProjectId,
            backup.Name,
            backup.Status,
            book.Action,
            book.Id,
            book.QueueState == QueueState.Queued,
            Math.Min(99, Math.Max(book.Progress, running?.Progress ?? 0)),
            book.CreatedAt,
            book.StartedAt,
            running?.Bytes() ?? OperationBytes.Of([.. elsewhere]));
    }

    private sealed record Seen(int Id, string ProjectId, string Name, BackupStatus Status, string? FailReason)
    {
        public BackupChange ToChange() => new(Id, ProjectId, Name, Status, FailReason);
    }
}

/// <summary>The operations of one look.</summary>
/// <param name="Unfinished">The operations that run, and then those that wait, in the order in which they came.</param>
/// <param name="Queued">The number of waiting operations by project.</param>
/// <param name="Changes">The image backups that have changed since the look before.</param>
public sealed record OperationView(IReadOnlyList<OperationSummary> Unfinished, IReadOnlyDictionary<string, int> Queued, IReadOnlyList<BackupChange> Changes);

/// <summary>An operation that runs or waits. If another process runs it, the bytes are those of the last second, and the rate is not known.</summary>
public sealed record OperationSummary(
    int BackupId, string ProjectId, string Name, BackupStatus Status, string Action, string TaskId, bool IsQueued, int Progress, DateTime CreatedAt, DateTime? StartedAt, OperationBytes Bytes);

/// <summary>An image backup that is new, has another status, or was deleted. A deleted one has a null status. The name of one that was deleted between two looks is not known.</summary>
public sealed record BackupChange(int BackupId, string ProjectId, string? Name, BackupStatus? Status, string? FailReason);
