using ImageBackup.Core.Errors;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Persistence.PostgreSql;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.Flows;

/// <summary>Adds, stops and finds log books. <see cref="FlowJournal"/> records what a run does.</summary>
public sealed class FlowStore(IDbContextFactory<ImageBackupDbContext> contexts, TimeProvider time)
{
    // Compiled and synchronous, because clients that follow the progress run them several times per second, and SQLite reads synchronously anyway.
    // One statement, because a log book and its flows must be of the same moment. Not static, because they are compiled for one database.
    private readonly Func<ImageBackupDbContext, string, IEnumerable<BookRow>> findRows = EF.CompileQuery((ImageBackupDbContext db, string id) =>
        from book in db.LogBooks.AsNoTracking()
        where book.Id == id
        join flow in db.Flows.AsNoTracking() on book.Id equals flow.LogBookId
        join task in db.Tasks.AsNoTracking() on flow.Id equals task.FlowId into tasks
        from task in tasks.DefaultIfEmpty()
        orderby flow.Position, task.Position
        select new BookRow(book, flow, task));

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    /// <summary>Adds a queued log book to the caller's transaction. After the commit, the caller wakes the workers.</summary>
    public void Enqueue(ImageBackupDbContext db, string id, string action, int backupId, string projectId, FlowOperation operation)
        => db.LogBooks.Add(new LogBookRecord
        {
            Id = id,
            BackupId = backupId,
            ProjectId = projectId,
            Action = action,
            QueueState = QueueState.Queued,
            Node = operation.Node,
            State = operation.SaveState(),
            CreatedAt = Now,
            Flows = [.. operation.Flows.Select((flow, position) => new FlowRecord { LogBookId = id, Name = flow.Name, Position = position, State = FlowState.Pending })],
        });

    /// <summary>
    /// Stops a backup's unfinished log books in the caller's transaction. The first reason stays. Those that have not begun are finished now. Returns the ids of the
    /// others: after the commit, the caller stops them in <see cref="RunningFlows"/>.
    /// </summary>
    public async Task<IReadOnlyList<string>> StopAsync(ImageBackupDbContext db, int backupId, string reason, CancellationToken cancellationToken)
    {
        var unfinished = db.LogBooks.Where(book => book.BackupId == backupId && book.QueueState != QueueState.Finished);
        await unfinished.ExecuteUpdateAsync(set => set.SetProperty(book => book.CancelReason, book => book.CancelReason ?? reason), cancellationToken);

        // A log book that is queued again after a restart has tasks to revert, so a worker must run it.
        var untouched = await unfinished.Where(book => book.QueueState == QueueState.Queued && !book.Flows.Any(flow => flow.State != FlowState.Pending))
            .Select(book => book.Id).ToListAsync(cancellationToken);
        if (untouched.Count > 0)
        {
            await db.Flows.Where(flow => untouched.Contains(flow.LogBookId)).ExecuteUpdateAsync(set => set.SetProperty(flow => flow.State, FlowState.Reverted), cancellationToken);
            await db.LogBooks.Where(book => untouched.Contains(book.Id))
                .ExecuteUpdateAsync(set => set.SetProperty(book => book.QueueState, QueueState.Finished).SetProperty(book => book.FinishedAt, Now), cancellationToken);
        }

        await db.RingAsync(PostgreSqlBell.Stop, cancellationToken);
        return await unfinished.Select(book => book.Id).ToListAsync(cancellationToken);
    }

    /// <summary>Returns a log book with its flows and tasks, or null.</summary>
    public LogBookRecord? Find(string id)
    {
        using var db = contexts.CreateDbContext();
        return Assemble(findRows(db, id)).SingleOrDefault();
    }

    /// <summary>Returns log books with their flows and tasks, without their states, in one statement.</summary>
    internal async Task<IReadOnlyList<LogBookRecord>> FindAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows =
            from book in db.LogBooks.AsNoTracking()
            where ids.Contains(book.Id)
            join flow in db.Flows.AsNoTracking() on book.Id equals flow.LogBookId
            join task in db.Tasks.AsNoTracking() on flow.Id equals task.FlowId into tasks
            from task in tasks.DefaultIfEmpty()
            orderby book.Id, flow.Position, task.Position
            select new BookRow(
                new LogBookRecord
                {
                    Id = book.Id,
                    BackupId = book.BackupId,
                    ProjectId = book.ProjectId,
                    Action = book.Action,
                    QueueState = book.QueueState,
                    State = "",
                    CancelReason = book.CancelReason,
                    Progress = book.Progress,
                    CreatedAt = book.CreatedAt,
                    StartedAt = book.StartedAt,
                    FinishedAt = book.FinishedAt,
                },
                flow,
                task);
        return Assemble(await rows.ToListAsync(cancellationToken));
    }

    private static List<LogBookRecord> Assemble(IEnumerable<BookRow> rows)
    {
        var books = new List<LogBookRecord>();
        foreach (var (book, flow, task) in rows)
        {
            if (books.Count == 0 || books[^1].Id != book.Id)
            {
                books.Add(book);
            }

            var flows = books[^1].Flows;
            if (flows.LastOrDefault()?.Id != flow.Id)
            {
                flows.Add(flow);
            }

            if (task is not null)
            {
                flows[^1].Tasks.Add(task);
            }
        }

        return books;
    }

    /// <summary>Returns one page of the operations on an image backup, newest first.</summary>
    /// <exception cref="NotFoundException">The marker is no operation of the image backup.</exception>
    public async Task<Page<PastOperation>> ListAsync(int backupId, PageRequest page, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var books = db.LogBooks.AsNoTracking().Where(book => book.BackupId == backupId);
        if (page.Marker is { } marker)
        {
            var last = await books.Where(book => book.Id == marker).Select(book => (long?)book.Sequence).FirstOrDefaultAsync(cancellationToken)
                ?? throw new NotFoundException($"Marker {marker} could not be found.");
            books = books.Where(book => book.Sequence < last);
        }

        var found = await books.OrderByDescending(book => book.Sequence).Skip(page.Offset).Take(page.Limit + 1)
            .Select(book => new PastOperation(
                book.Id,
                book.Action,
                book.QueueState,
                book.Progress,
                book.CancelReason ?? book.Flows.SelectMany(flow => flow.Tasks).Where(task => task.Failure != null).Select(task => task.Failure).FirstOrDefault(),
                book.CreatedAt,
                book.StartedAt,
                book.FinishedAt))
            .ToListAsync(cancellationToken);
        var items = found.Take(page.Limit).ToList();
        return new Page<PastOperation>(items, found.Count > page.Limit && items.Count > 0 ? items[^1] : null, null);
    }

    internal async Task<Dictionary<string, int>> FindPercentsAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.LogBooks.Where(book => ids.Contains(book.Id)).Select(book => new { book.Id, book.Progress })
            .ToDictionaryAsync(book => book.Id, book => book.Progress, cancellationToken);
    }

    /// <summary>A log book, one of its flows, and one of the flow's tasks; the task is null if the flow has not begun.</summary>
    private sealed record BookRow(LogBookRecord Book, FlowRecord Flow, TaskRecord? Task);
}

/// <summary>An operation on an image backup, ended or not.</summary>
public sealed record PastOperation(string TaskId, string Action, QueueState QueueState, int Progress, string? Reason, DateTime CreatedAt, DateTime? StartedAt, DateTime? FinishedAt);
