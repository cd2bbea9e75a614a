using ImageBackup.Core.Catalog;
using ImageBackup.Core.Flows;
using ImageBackup.Core.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace ImageBackup.Core.Operations;

/// <summary>After a start: unfinished log books wait again in their old places, and what no log book answers for is removed.</summary>
internal sealed partial class FlowRecovery(FlowQueue queue, VolumeStore volumes, IDbContextFactory<ImageBackupDbContext> contexts, TimeProvider time, ILogger<FlowRecovery> logger)
{
    /// <summary>How long the progress document of a deleted backup can be read.</summary>
    private static readonly TimeSpan KeepFor = TimeSpan.FromDays(7);

    public async Task RecoverAsync(CancellationToken cancellationToken)
    {
        await RemoveOrphansAsync(cancellationToken);
        await RemoveOldLogBooksAsync(cancellationToken);
        await queue.RequeueAsync(cancellationToken);
    }

    /// <summary>Temporary volumes and unfinished restores whose log book has ended: a crash between the last revert and the row.</summary>
    private async Task RemoveOrphansAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var orphans = await db.Volumes
            .Where(volume => volume.LogBookId != null && !db.LogBooks.Any(book => book.Id == volume.LogBookId && book.QueueState != QueueState.Finished))
            .Select(volume => volume.Id)
            .ToListAsync(cancellationToken);
        foreach (var id in orphans)
        {
            try
            {
                await volumes.RemoveAsync(id, cancellationToken);
                LogOrphan(logger, id);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // The next start tries again; that a file can't be removed must not keep the service from starting.
                LogOrphanStays(logger, exception, id);
            }
        }
    }

    private async Task RemoveOldLogBooksAsync(CancellationToken cancellationToken)
    {
        var before = time.GetUtcNow().UtcDateTime - KeepFor;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var old = db.LogBooks.Where(book => book.FinishedAt < before && !db.Backups.Any(backup => backup.Id == book.BackupId));
        await db.Tasks.Where(task => db.Flows.Any(flow => flow.Id == task.FlowId && old.Any(book => book.Id == flow.LogBookId))).ExecuteDeleteAsync(cancellationToken);
        await db.Flows.Where(flow => old.Any(book => book.Id == flow.LogBookId)).ExecuteDeleteAsync(cancellationToken);
        await old.ExecuteDeleteAsync(cancellationToken);
        await db.IdempotencyKeys.Where(key => key.CreatedAt < before).ExecuteDeleteAsync(cancellationToken);
    }

    [LoggerMessage(LogLevel.Error, "Volume {VolumeId} was left by an operation that has ended and could not be removed")]
    private static partial void LogOrphanStays(ILogger logger, Exception exception, string volumeId);

    [LoggerMessage(LogLevel.Warning, "Volume {VolumeId} was left by an operation that has ended; removed")]
    private static partial void LogOrphan(ILogger logger, string volumeId);
}
