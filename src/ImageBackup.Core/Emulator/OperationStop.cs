using ImageBackup.Core.Errors;
using ImageBackup.Core.Flows;
using ImageBackup.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.Emulator;

/// <summary>Ends all operations before the emulator replaces the data, or refuses while one is not finished.</summary>
internal sealed class OperationStop(FaultInjector faults, FlowStore flows, RunningFlows running, IDbContextFactory<ImageBackupDbContext> contexts)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>Stops all operations and waits until they have reverted their flows. Injected faults are removed, because one could let a reversal wait.</summary>
    public async Task StopAllAsync(string reason, CancellationToken cancellationToken)
    {
        faults.Clear();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        while (true)
        {
            var unfinished = await Unfinished(db).Select(book => book.BackupId).ToListAsync(cancellationToken);
            if (unfinished.Count == 0)
            {
                return;
            }

            foreach (var backupId in unfinished.Distinct())
            {
                running.Stop(await flows.StopAsync(db, backupId, reason, cancellationToken), reason);
            }

            await Task.Delay(PollInterval, cancellationToken);
        }
    }

    /// <exception cref="ConflictException">An operation waits or runs. The message names it.</exception>
    public async Task RefuseUnfinishedAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await Unfinished(db).OrderBy(book => book.Sequence).FirstOrDefaultAsync(cancellationToken) is { } book)
        {
            throw new ConflictException($"A snapshot contains finished operations only, but the {book.Action} of image backup {book.BackupId} is {book.QueueState.ToWire()}. Wait for its end, or stop it.");
        }
    }

    private static IQueryable<LogBookRecord> Unfinished(ImageBackupDbContext db)
        => db.LogBooks.AsNoTracking().Where(book => book.QueueState == QueueState.Queued || book.QueueState == QueueState.Running);
}
