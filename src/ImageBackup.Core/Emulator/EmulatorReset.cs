using ImageBackup.Core.ObjectStorage;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Persistence.PostgreSql;
using ImageBackup.Core.Settings;
using ImageBackup.Core.Startup;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ImageBackup.Core.Emulator;

/// <summary>Resets the service to its first start: stops operations, removes all data, and restarts ids at 1. Objects in an S3 service and snapshots stay.</summary>
public sealed class EmulatorReset
{
    private const string Reason = "The service was reset through /emulator/reset.";

    private readonly OperationStop operations;
    private readonly IOptions<CosOptions> cosOptions;
    private readonly DataPaths paths;
    private readonly FirstStart firstStart;
    private readonly DirectoryMarkers markers;
    private readonly IDbContextFactory<ImageBackupDbContext> contexts;

    internal EmulatorReset(OperationStop operations, IOptions<CosOptions> cosOptions, DataPaths paths, FirstStart firstStart, DirectoryMarkers markers, IDbContextFactory<ImageBackupDbContext> contexts)
        => (this.operations, this.cosOptions, this.paths, this.firstStart, this.markers, this.contexts) = (operations, cosOptions, paths, firstStart, markers, contexts);

    public async Task ResetAsync(CancellationToken cancellationToken)
    {
        await operations.StopAllAsync(Reason, cancellationToken);

        // A canceled request must not leave half of the data.
        await EmptyDatabaseAsync(CancellationToken.None);
        await markers.ForgetAllAsync(CancellationToken.None);
        FileTree.Empty(paths.Volumes);
        FileTree.Empty(paths.BackupNodes);
        await markers.CheckAsync(paths.Volumes, CancellationToken.None);
        File.Delete(paths.SeededUsers);
        File.Delete(paths.Seeded);
        if (cosOptions.Value.IsEmbedded)
        {
            var root = cosOptions.Value.EmbeddedRoot(paths);
            FileTree.Empty(root);
            Directory.CreateDirectory(Path.Combine(root, cosOptions.Value.DefaultBucket));
        }

        await firstStart.SeedAsync(CancellationToken.None);
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
        await db.RestartIdsAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
