using ImageBackup.Core.Flows;
using ImageBackup.Core.ObjectStorage;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Settings;
using ImageBackup.Core.Startup;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ImageBackup.Core.Emulator;

/// <summary>Resets the service to its first start: stops operations, removes all data, and restarts ids at 1. Objects in an S3 service stay.</summary>
public sealed class EmulatorReset
{
    private const string Reason = "The service was reset through /emulator/reset.";
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    private readonly FaultInjector faults;
    private readonly FlowStore flows;
    private readonly RunningFlows running;
    private readonly IOptions<CosOptions> cosOptions;
    private readonly DataPaths paths;
    private readonly FirstStart firstStart;
    private readonly IDbContextFactory<ImageBackupDbContext> contexts;
    private readonly TimeProvider time;

    internal EmulatorReset(FaultInjector faults, FlowStore flows, RunningFlows running, IOptions<CosOptions> cosOptions, DataPaths paths, FirstStart firstStart, IDbContextFactory<ImageBackupDbContext> contexts, TimeProvider time)
    {
        (this.faults, this.flows, this.running, this.cosOptions) = (faults, flows, running, cosOptions);
        (this.paths, this.firstStart, this.contexts, this.time) = (paths, firstStart, contexts, time);
    }

    public async Task ResetAsync(CancellationToken cancellationToken)
    {
        faults.Clear();
        await StopAllAsync(cancellationToken);

        // A canceled request must not leave half of the data.
        await EmptyDatabaseAsync(CancellationToken.None);
        EmptyDirectory(paths.Volumes);
        EmptyDirectory(paths.BackupNodes);
        File.Delete(paths.SeededUsers);
        File.Delete(paths.Seeded);
        if (cosOptions.Value.IsEmbedded)
        {
            var root = cosOptions.Value.EmbeddedRoot(paths);
            EmptyDirectory(root);
            Directory.CreateDirectory(Path.Combine(root, cosOptions.Value.DefaultBucket));
        }

        await firstStart.SeedAsync(CancellationToken.None);
    }

    private async Task StopAllAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        while (true)
        {
            var unfinished = await db.LogBooks.Where(book => book.QueueState == QueueState.Queued || book.QueueState == QueueState.Running)
                .Select(book => book.BackupId).ToListAsync(cancellationToken);
            if (unfinished.Count == 0)
            {
                return;
            }

            foreach (var backupId in unfinished.Distinct())
            {
                running.Stop(await flows.StopAsync(db, backupId, Reason, cancellationToken), Reason);
            }

            await Task.Delay(PollInterval, time, cancellationToken);
        }
    }

    private async Task EmptyDatabaseAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.Tasks.ExecuteDeleteAsync(cancellationToken);
        await db.Flows.ExecuteDeleteAsync(cancellationToken);
        await db.LogBooks.ExecuteDeleteAsync(cancellationToken);
        await db.Backups.ExecuteDeleteAsync(cancellationToken);
        await db.Images.ExecuteDeleteAsync(cancellationToken);
        await db.Volumes.ExecuteDeleteAsync(cancellationToken);
        await db.VolumeTypes.ExecuteDeleteAsync(cancellationToken);
        await db.BackupNodes.ExecuteDeleteAsync(cancellationToken);
        await db.Cos.ExecuteDeleteAsync(cancellationToken);
        await db.Quotas.ExecuteDeleteAsync(cancellationToken);
        await db.IdempotencyKeys.ExecuteDeleteAsync(cancellationToken);
        await db.Database.ExecuteSqlRawAsync("DELETE FROM sqlite_sequence", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static void EmptyDirectory(string directory)
    {
        foreach (var entry in new DirectoryInfo(directory).EnumerateFileSystemInfos())
        {
            if (entry is DirectoryInfo { LinkTarget: null } inner)
            {
                inner.Delete(recursive: true);
            }
            else
            {
                entry.Delete();
            }
        }
    }
}
