using ImageBackup.Core.Errors;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Quotas;
using ImageBackup.Core.Scratch;
using ImageBackup.Core.Settings;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.Catalog;

/// <summary>
/// The volumes that exports and imports create. They carry the id of their log book until a project gets them, so that volumes of failed operations can be
/// found. Every method can be repeated after a crash and has the same result.
/// </summary>
public sealed class OperationVolumeStore(IDbContextFactory<ImageBackupDbContext> contexts, VolumeRemover remover, DataPaths paths, TimeProvider time)
{
    /// <summary>PowerVC's description of the volumes of imported images.</summary>
    private const string ImportedDescription = "Imported image volume";

    /// <summary>Returns the file of a volume.</summary>
    public string PathOf(string volumeId) => paths.Volume(volumeId);

    /// <summary>Returns the file in which the calling run restores a volume. <see cref="PublishAsync"/> gives it its name.</summary>
    public async Task<string> NewFileAsync(string volumeId, CancellationToken cancellationToken)
    {
        var directory = await RunDirectory.OpenAsync(paths.Volumes, cancellationToken);

        // An earlier attempt may have published the volume. The disk may lack the space for two.
        directory.Discard(PathOf(volumeId));
        return directory.NewFile(Path.GetFileName(PathOf(volumeId)));
    }

    /// <summary>Gives a complete file of <see cref="NewFileAsync"/> the name of its volume.</summary>
    public async Task PublishAsync(string volumeId, CancellationToken cancellationToken)
        => (await RunDirectory.OpenAsync(paths.Volumes, cancellationToken)).Publish(Path.GetFileName(PathOf(volumeId)), PathOf(volumeId));

    /// <summary>Creates the temporary clone that an export reads, so that the image's volume can be deleted meanwhile.</summary>
    /// <exception cref="NotFoundException">The source does not exist.</exception>
    /// <exception cref="UnavailableException">The storage failed.</exception>
    public async Task CreateCloneAsync(string cloneId, string sourceId, string name, string logBookId, CancellationToken cancellationToken)
    {
        // After a power failure, the task clones it again.
        CommitFlush.Defer();
        var source = await FindAsync(sourceId, cancellationToken) ?? throw new NotFoundException($"Volume {sourceId} was deleted before it could be cloned.");
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
        if (clone.Status != VolumeStatus.Available || !File.Exists(PathOf(cloneId)))
        {
            var directory = await RunDirectory.OpenAsync(paths.Volumes, cancellationToken);
            VolumeFiles.Clone(PathOf(cloneId), PathOf(sourceId), directory.PathOf(Path.GetFileName(PathOf(cloneId))));
            await SetStatusAsync(cloneId, VolumeStatus.Available, cancellationToken);
        }
    }

    /// <summary>Adds the row of a volume to restore, in status <c>creating</c>. The restoring task creates its file.</summary>
    public Task CreateForRestoreAsync(
        string id, string name, long sizeBytes, string volumeTypeId, string projectId, string userId, string logBookId, Dictionary<string, string> metadata, CancellationToken cancellationToken)
        => AddOnceAsync(
            new VolumeRecord
            {
                Id = id,
                ProjectId = projectId,
                UserId = userId,
                Name = name,
                Description = ImportedDescription,
                Status = VolumeStatus.Creating,
                SizeBytes = sizeBytes,
                VolumeTypeId = volumeTypeId,
                LogBookId = logBookId,
                Metadata = metadata,
                CreatedAt = time.GetUtcNow().UtcDateTime,
            },
            cancellationToken);

    /// <summary>Sets the status <c>restoring-backup</c>.</summary>
    public Task MarkRestoringAsync(string id, CancellationToken cancellationToken)
        => SetStatusAsync(id, VolumeStatus.RestoringBackup, cancellationToken);

    /// <summary>Sets the size of a volume whose size was not known when it was created.</summary>
    public async Task SetSizeAsync(string id, long sizeBytes, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await context.Volumes.Where(volume => volume.Id == id).ExecuteUpdateAsync(set => set.SetProperty(volume => volume.SizeBytes, sizeBytes), cancellationToken);
    }

    /// <summary>Hands a complete volume over to its project. As in PowerVC, a volume of an image is not bootable itself.</summary>
    public async Task MakeAvailableAsync(string id, string? imageId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await context.Volumes.Where(volume => volume.Id == id).ExecuteUpdateAsync(
            set => set
                .SetProperty(volume => volume.Status, VolumeStatus.Available)
                .SetProperty(volume => volume.ImageId, imageId)
                .SetProperty(volume => volume.LogBookId, (string?)null)
                .SetProperty(volume => volume.UpdatedAt, time.GetUtcNow().UtcDateTime),
            cancellationToken);
    }

    /// <inheritdoc cref="VolumeRemover.RemoveAsync"/>
    public Task RemoveAsync(string id, CancellationToken cancellationToken) => remover.RemoveAsync(id, cancellationToken);

    private async Task<VolumeRecord?> FindAsync(string id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Volumes.AsNoTracking().FirstOrDefaultAsync(volume => volume.Id == id, cancellationToken);
    }

    private async Task<VolumeRecord> AddOnceAsync(VolumeRecord record, CancellationToken cancellationToken)
    {
        if (await FindAsync(record.Id, cancellationToken) is { } present)
        {
            return present;
        }

        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        if (!record.IsTemporary)
        {
            await QuotaCheck.RequireVolumesAsync(context, record.ProjectId, [record.SizeBytes], cancellationToken);
        }

        context.Volumes.Add(record);
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
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
