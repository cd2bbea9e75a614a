using ImageBackup.Core.Errors;
using ImageBackup.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.Catalog;

// What flows do to volumes. Every method is safe to call again after a crash: it ends in the same state. The volumes carry their log book's id
// until they are somebody's, so that what a failed flow leaves can be found.
public sealed partial class VolumeStore
{
    /// <summary>Makes the temporary clone that an export reads, so that the image's volume may be deleted meanwhile.</summary>
    /// <exception cref="UnavailableException">The disk refuses.</exception>
    public async Task<VolumeRecord> CreateCloneAsync(
        string cloneId, VolumeRecord source, string name, string logBookId, CancellationToken cancellationToken)
    {
        var clone = await AddOnceAsync(
            new VolumeRecord
            {
                Id = cloneId,
                ProjectId = source.ProjectId,
                UserId = source.UserId,
                Name = name,
                Status = VolumeStatus.Creating,
                SizeBytes = source.SizeBytes,
                VolumeTypeId = source.VolumeTypeId,
                Bootable = source.Bootable,
                LogBookId = logBookId,
                IsTemporary = true,
                CreatedAt = time.GetUtcNow().UtcDateTime,
            },
            cancellationToken);
        if (clone.Status == VolumeStatus.Available && File.Exists(paths.Volume(cloneId)))
        {
            return clone;
        }

        VolumeFiles.Clone(paths.Volume(cloneId), paths.Volume(source.Id));
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await context.Volumes.Where(volume => volume.Id == cloneId)
            .ExecuteUpdateAsync(set => set.SetProperty(volume => volume.Status, VolumeStatus.Available), cancellationToken);
        clone.Status = VolumeStatus.Available;
        return clone;
    }

    /// <summary>Adds the row of a volume to be restored, in status <c>creating</c>; its file is the restoring task's.</summary>
    public Task<VolumeRecord> CreateForRestoreAsync(
        string id, string name, long sizeBytes, string volumeTypeId, string projectId, string userId, string logBookId, CancellationToken cancellationToken)
        => AddOnceAsync(
            new VolumeRecord
            {
                Id = id,
                ProjectId = projectId,
                UserId = userId,
                Name = name,
                Status = VolumeStatus.Creating,
                SizeBytes = sizeBytes,
                VolumeTypeId = volumeTypeId,
                LogBookId = logBookId,
                CreatedAt = time.GetUtcNow().UtcDateTime,
            },
            cancellationToken);

    /// <summary>Shows the volume as being restored.</summary>
    public Task MarkRestoringAsync(string id, CancellationToken cancellationToken)
        => SetStatusAsync(id, VolumeStatus.RestoringBackup, cancellationToken);

    /// <summary>Hands a finished volume over to its project.</summary>
    public async Task MakeAvailableAsync(string id, bool bootable, string? imageId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await context.Volumes.Where(volume => volume.Id == id).ExecuteUpdateAsync(
            set => set
                .SetProperty(volume => volume.Status, VolumeStatus.Available)
                .SetProperty(volume => volume.Bootable, bootable)
                .SetProperty(volume => volume.ImageId, imageId)
                .SetProperty(volume => volume.LogBookId, (string?)null)
                .SetProperty(volume => volume.UpdatedAt, time.GetUtcNow().UtcDateTime),
            cancellationToken);
    }

    /// <summary>Removes a volume, row and file, in whatever state; one that is not there is fine.</summary>
    public async Task RemoveAsync(string id, CancellationToken cancellationToken)
    {
        // The file first: a row that is left is found again by its log book, a file alone is not.
        File.Delete(paths.Volume(id));
        File.Delete(paths.Volume(id) + VolumeFiles.PartialSuffix);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await context.Volumes.Where(volume => volume.Id == id).ExecuteDeleteAsync(cancellationToken);
    }

    private async Task<VolumeRecord> AddOnceAsync(VolumeRecord record, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var present = await context.Volumes.AsNoTracking().FirstOrDefaultAsync(volume => volume.Id == record.Id, cancellationToken);
        if (present is not null)
        {
            return present;
        }

        context.Volumes.Add(record);
        await context.SaveChangesAsync(cancellationToken);
        return record;
    }

    private async Task SetStatusAsync(string id, string status, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await context.Volumes.Where(volume => volume.Id == id).ExecuteUpdateAsync(
            set => set.SetProperty(volume => volume.Status, status).SetProperty(volume => volume.UpdatedAt, time.GetUtcNow().UtcDateTime),
            cancellationToken);
    }
}
