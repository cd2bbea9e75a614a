using ImageBackup.Core.Persistence;
using ImageBackup.Core.Persistence.PostgreSql;
using ImageBackup.Core.Scratch;
using ImageBackup.Core.Settings;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.Catalog;

/// <summary>Removes volumes in two steps: the status <c>deleting</c> decides the removal, then the file and the row go. After a crash the next start finishes it.</summary>
public sealed class VolumeRemover(IDbContextFactory<ImageBackupDbContext> contexts, DataPaths paths, DirectoryMarkers markers)
{
    /// <summary>The lock of the transactions that give volumes to images or take volumes away.</summary>
    internal const string Lock = "image-volumes";

    /// <summary>Marks a volume for removal, in the caller's transaction. Returns false when an operation holds it, an image uses it, or its status does not permit it.</summary>
    internal static async Task<bool> TryMarkAsync(ImageBackupDbContext context, string id, CancellationToken cancellationToken)
    {
        await context.LockAsync(Lock, cancellationToken);
        return await context.Volumes
            .Where(volume => volume.Id == id && volume.LogBookId == null
                && (volume.Status == VolumeStatus.Available || volume.Status == VolumeStatus.Error || volume.Status == VolumeStatus.Deleting)
                && !context.ImageVolumes.Any(used => used.VolumeId == id))
            .ExecuteUpdateAsync(set => set.SetProperty(volume => volume.Status, VolumeStatus.Deleting), cancellationToken) == 1;
    }

    /// <summary>Removes a volume's file and row, whatever its status. Does nothing when it does not exist.</summary>
    /// <exception cref="Errors.UnavailableException">The directory of volumes is another one, for example because its mount is gone.</exception>
    public async Task RemoveAsync(string id, CancellationToken cancellationToken)
    {
        // The file goes first: a row without a file can be found again, a file without a row cannot. So a power failure may bring the row back.
        CommitFlush.Defer();
        await markers.CheckAsync(paths.Volumes, cancellationToken);
        await RunDirectory.DiscardAsync(paths.Volumes, paths.Volume(id), cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await context.Volumes.Where(volume => volume.Id == id).ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>After a restart, finishes interrupted removals and deletes the files of volumes that were not complete.</summary>
    public async Task FinishAsync(CancellationToken cancellationToken)
    {
        List<string> ids;
        await using (var context = await contexts.CreateDbContextAsync(cancellationToken))
        {
            foreach (var partial in Directory.EnumerateFiles(paths.Volumes, "*" + VolumeFiles.PartialSuffix))
            {
                // Another process may create a volume now. No request takes a day.
                if (!context.IsShared || File.GetLastWriteTimeUtc(partial) < DateTime.UtcNow.AddDays(-1))
                {
                    File.Delete(partial);
                }
            }

            ids = await context.Volumes.Where(volume => volume.Status == VolumeStatus.Deleting).Select(volume => volume.Id).ToListAsync(cancellationToken);
        }

        foreach (var id in ids)
        {
            await RemoveAsync(id, cancellationToken);
        }
    }
}
