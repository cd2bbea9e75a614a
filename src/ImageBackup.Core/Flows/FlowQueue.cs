using System.Threading.Channels;
using ImageBackup.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.Flows;

/// <summary>The queue of log books: the rows are the queue, the channel is only the bell.</summary>
public sealed class FlowQueue(IDbContextFactory<ImageBackupDbContext> contexts, TimeProvider time)
{
    private readonly Channel<bool> bell = Channel.CreateUnbounded<bool>();
    private readonly Channel<bool> deletionBell = Channel.CreateUnbounded<bool>();

    /// <summary>The action of log books that delete; they don't wait behind long copies.</summary>
    public const string Delete = "delete";

    /// <summary>Wakes a worker; call it after the row is committed.</summary>
    public void Ring(string action) => BellOf(action == Delete).Writer.TryWrite(true);

    /// <summary>After a restart: what was running waits again, in its old place.</summary>
    public async Task RequeueAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.LogBooks.Where(book => book.QueueState == QueueState.Running)
            .ExecuteUpdateAsync(set => set.SetProperty(book => book.QueueState, QueueState.Queued), cancellationToken);
        foreach (var action in await db.LogBooks.Where(book => book.QueueState == QueueState.Queued).Select(book => book.Action).ToListAsync(cancellationToken))
        {
            Ring(action);
        }
    }

    /// <summary>Waits for the oldest log book of the lane and takes it; of several workers one gets it.</summary>
    public async Task<LogBookRecord> DequeueAsync(bool deletions, CancellationToken cancellationToken)
    {
        while (true)
        {
            await BellOf(deletions).Reader.ReadAsync(cancellationToken);
            if (await TryTakeAsync(deletions, cancellationToken) is { } book)
            {
                return book;
            }
        }
    }

    /// <summary>Gives a log book back that could not be run just now; it keeps its place.</summary>
    public async Task PutBackAsync(LogBookRecord book, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.LogBooks.Where(row => row.Id == book.Id && row.QueueState == QueueState.Running)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.QueueState, QueueState.Queued), cancellationToken);
        Ring(book.Action);
    }

    private async Task<LogBookRecord?> TryTakeAsync(bool deletions, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        while (true)
        {
            var next = await db.LogBooks.AsNoTracking()
                .Where(book => book.QueueState == QueueState.Queued && (book.Action == Delete) == deletions)
                .OrderBy(book => book.Sequence)
                .FirstOrDefaultAsync(cancellationToken);
            if (next is null)
            {
                return null;
            }

            var now = time.GetUtcNow().UtcDateTime;
            var taken = await db.LogBooks.Where(book => book.Sequence == next.Sequence && book.QueueState == QueueState.Queued).ExecuteUpdateAsync(
                set => set.SetProperty(book => book.QueueState, QueueState.Running).SetProperty(book => book.StartedAt, book => book.StartedAt ?? now),
                cancellationToken);
            if (taken == 1)
            {
                return next;
            }
        }
    }

    private Channel<bool> BellOf(bool deletions) => deletions ? deletionBell : bell;
}
