using ImageBackup.Core.Catalog;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Scratch;
using ImageBackup.Core.Settings;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ImageBackup.Core.Operations;

/// <summary>After a start, removes the volumes that a crash left behind, the log books of image backups that were deleted long ago, and processes that have been gone for long.</summary>
internal sealed partial class LeftoverCleanup(OperationVolumeStore volumes, DataPaths paths, IDbContextFactory<ImageBackupDbContext> contexts, TimeProvider time, ILogger<LeftoverCleanup> logger) : BackgroundService
{
    /// <summary>How long clients can read the progress of a deleted image backup.</summary>
    private static readonly TimeSpan KeepFor = TimeSpan.FromDays(7);

    /// <summary>The pause before another attempt if the database does not answer.</summary>
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(10);

    private const int Batch = 100;

    /// <summary>The scratch directories of earlier releases that no operation goes on with.</summary>
    private static readonly string[] FormerScratch = [".verify_*", ".upload_*", ".download_*"];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await RemoveVolumesAsync(stoppingToken);
                await RemoveScratchAsync(stoppingToken);
                await RemoveLogBooksAsync(stoppingToken);
                await RemoveServicesAsync(stoppingToken);
                return;
            }
            catch (Exception exception) when (DatabaseErrors.IsUnavailable(exception))
            {
                LogDatabaseAway(logger, exception);
                await Task.Delay(RetryDelay, time, stoppingToken);
            }
        }
    }

    /// <summary>Removes volumes of operations that have ended. A crash after the last revert leaves them.</summary>
    private async Task RemoveVolumesAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var leftovers = await db.Volumes
            .Where(volume => string.Compare(volume.LogBookId, "") > 0 && !db.LogBooks.Any(book => book.Id == volume.LogBookId && book.QueueState != QueueState.Finished))
            .Select(volume => volume.Id)
            .ToListAsync(cancellationToken);
        foreach (var id in leftovers)
        {
            try
            {
                await volumes.RemoveAsync(id, cancellationToken);
                LogRemoved(logger, id);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // The next start tries again. The service can run without the space.
                LogNotRemoved(logger, exception, id);
            }
        }
    }

    /// <summary>Removes the scratch files of operations that have ended. A run that lost its operation leaves them.</summary>
    private async Task RemoveScratchAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        foreach (var root in Directory.EnumerateDirectories(paths.BackupNodes).Append(paths.Volumes))
        {
            try
            {
                await RemoveScratchAsync(db, root, cancellationToken);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // A node may be away. The next start tries again.
                LogScratchStays(logger, exception, root);
            }
        }
    }

    private static async Task RemoveScratchAsync(ImageBackupDbContext db, string root, CancellationToken cancellationToken)
    {
        foreach (var former in FormerScratch.SelectMany(pattern => Directory.EnumerateDirectories(root, pattern)).ToList())
        {
            WorkDirectory.Remove(former);
        }

        foreach (var id in RunDirectories.BooksOf(root))
        {
            if (!await db.LogBooks.AnyAsync(book => book.Id == id && book.QueueState != QueueState.Finished, cancellationToken))
            {
                RunDirectories.Remove(root, id);
            }
        }
    }

    /// <summary>Removes old log books in batches, so that requests can write in between.</summary>
    private async Task RemoveLogBooksAsync(CancellationToken cancellationToken)
    {
        var before = time.GetUtcNow().UtcDateTime - KeepFor;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.IdempotencyKeys.Where(key => key.CreatedAt < before).ExecuteDeleteAsync(cancellationToken);
        while (true)
        {
            var old = await db.LogBooks.Where(book => book.FinishedAt < before && !db.Backups.Any(backup => backup.Id == book.BackupId))
                .Select(book => book.Id).Take(Batch).ToListAsync(cancellationToken);
            if (old.Count == 0)
            {
                return;
            }

            // The database deletes their flows and tasks with them.
            await db.LogBooks.Where(book => old.Contains(book.Id)).ExecuteDeleteAsync(cancellationToken);
        }
    }

    /// <summary>Removes processes that have been gone for long and run nothing: containers get a new name with each rollout.</summary>
    private async Task RemoveServicesAsync(CancellationToken cancellationToken)
    {
        var before = time.GetUtcNow().UtcDateTime - KeepFor;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Services
            .Where(service => service.LeaseEndsAt < before && !service.IsDisabled && !db.LogBooks.Any(book => book.QueueState == QueueState.Running && book.WorkerId == service.Id))
            .ExecuteDeleteAsync(cancellationToken);
    }

    [LoggerMessage(LogLevel.Warning, "The database does not answer; what former operations left is removed later")]
    private static partial void LogDatabaseAway(ILogger logger, Exception exception);

    [LoggerMessage(LogLevel.Error, "Volume {VolumeId} of an operation that has ended could not be removed")]
    private static partial void LogNotRemoved(ILogger logger, Exception exception, string volumeId);

    [LoggerMessage(LogLevel.Warning, "Scratch files of operations that have ended stay in {Directory}")]
    private static partial void LogScratchStays(ILogger logger, Exception exception, string directory);

    [LoggerMessage(LogLevel.Warning, "Removed volume {VolumeId} of an operation that has ended")]
    private static partial void LogRemoved(ILogger logger, string volumeId);
}
