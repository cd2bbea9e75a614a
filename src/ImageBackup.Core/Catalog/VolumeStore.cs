using ImageBackup.Core.Access;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Persistence.PostgreSql;
using ImageBackup.Core.Quotas;
using ImageBackup.Core.Settings;
using ImageBackup.Ova.IO;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.Catalog;

/// <summary>The volumes, as callers see and change them.</summary>
public sealed class VolumeStore(IDbContextFactory<ImageBackupDbContext> contexts, VolumeRemover remover, DataPaths paths, DirectoryMarkers markers, TimeProvider time)
{
    private static readonly SortKeys<VolumeRecord> SortKeys = new(volume => volume.Id)
    {
        Name = volume => volume.Name,
        ["id"] = volume => volume.Id,
        ["name"] = volume => volume.Name,
        ["display_name"] = volume => volume.Name,
        ["size"] = volume => volume.SizeBytes,
        ["status"] = volume => volume.Status,
        ["bootable"] = volume => volume.Bootable,
        ["created_at"] = volume => volume.CreatedAt,
        ["updated_at"] = volume => volume.UpdatedAt,
    };

    /// <summary>Returns the bytes of a volume's file that are data, not holes.</summary>
    /// <exception cref="UnavailableException">The storage does not have the file, or it cannot be read.</exception>
    public long DataBytes(string volumeId)
    {
        try
        {
            using var file = File.OpenHandle(paths.Volume(volumeId), share: FileShare.ReadWrite | FileShare.Delete);
            return NativeFile.DataBytes(file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new UnavailableException($"The file of volume {volumeId} is missing or cannot be read. Check the storage of the volumes.", failure);
        }
    }

    /// <summary>Returns a volume of any project, or null.</summary>
    public async Task<VolumeRecord?> FindAsync(string id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Volumes.AsNoTracking().FirstOrDefaultAsync(volume => volume.Id == id, cancellationToken);
    }

    /// <summary>Returns a volume of the caller.</summary>
    /// <exception cref="NotFoundException">The volume does not exist or belongs to another project.</exception>
    public async Task<VolumeRecord> GetAsync(Caller caller, string id, CancellationToken cancellationToken)
        => await FindAsync(id, cancellationToken) is { } volume && caller.Sees(volume.ProjectId) ? volume : throw NotFound(id);

    /// <summary>Returns one page of the caller's volumes. Temporary clones are not listed.</summary>
    public async Task<Page<VolumeRecord>> ListAsync(Caller caller, VolumeFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var volumes = context.Volumes.AsNoTracking().Where(volume => !volume.IsTemporary);
        volumes = caller.SeesEveryProject ? volumes : volumes.Where(volume => volume.ProjectId == caller.ProjectId);
        volumes = filter.Name is null ? volumes : volumes.Where(volume => volume.Name == filter.Name);
        volumes = filter.Status is null ? volumes : volumes.Where(volume => volume.Status == filter.Status);
        volumes = filter.Bootable is null ? volumes : volumes.Where(volume => volume.Bootable == filter.Bootable);
        return await volumes.ToPageAsync(page, SortKeys, cancellationToken);
    }

    /// <summary>Creates an empty volume, or a copy of <see cref="NewVolume.Source"/>.</summary>
    /// <exception cref="InvalidRequestException">The source is larger than the volume, or not available.</exception>
    /// <exception cref="OverLimitException">The volume passes a quota.</exception>
    /// <exception cref="UnavailableException">The storage failed.</exception>
    public async Task<VolumeRecord> CreateAsync(Caller caller, NewVolume wanted, CancellationToken cancellationToken)
    {
        var id = Guid.NewGuid().ToString();
        var size = SizeOf(wanted);
        var record = new VolumeRecord
        {
            Id = id,
            ProjectId = caller.ProjectId,
            UserId = caller.UserId,
            Name = wanted.Name,
            Description = wanted.Description,
            Status = VolumeStatus.Available,
            SizeBytes = size,
            VolumeTypeId = wanted.VolumeTypeId,
            Bootable = wanted.Bootable || wanted.ImageId is not null || wanted.Source?.Bootable == true,
            ImageId = wanted.ImageId ?? wanted.Source?.ImageId,
            Metadata = wanted.Metadata,
            CreatedAt = time.GetUtcNow().UtcDateTime,
        };

        await markers.CheckAsync(paths.Volumes, cancellationToken);

        // The file comes first, so that a row always has its file.
        VolumeFiles.Create(paths.Volume(id), wanted.Source is { } source ? paths.Volume(source.Id) : null, size);
        try
        {
            await using var context = await contexts.CreateDbContextAsync(cancellationToken);
            await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
            await QuotaCheck.RequireVolumesAsync(context, record.ProjectId, [record.SizeBytes], cancellationToken);
            context.Volumes.Add(record);
            await context.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        catch
        {
            File.Delete(paths.Volume(id));
            throw;
        }

        return record;
    }

    /// <summary>Deletes a volume of the caller.</summary>
    /// <exception cref="NotFoundException">The volume does not exist or belongs to another project.</exception>
    /// <exception cref="InvalidRequestException">Its status does not permit it, an operation holds it, or an image uses it.</exception>
    public async Task DeleteAsync(Caller caller, string id, CancellationToken cancellationToken)
    {
        _ = await GetAsync(caller, id, cancellationToken);
        await using (var context = await contexts.CreateDbContextAsync(cancellationToken))
        {
            await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
            if (!await VolumeRemover.TryMarkAsync(context, id, cancellationToken))
            {
                throw await RefusalAsync(context, id, cancellationToken);
            }

            await transaction.CommitAsync(cancellationToken);
        }

        // The mark is committed, so the removal is not canceled any more.
        await remover.RemoveAsync(id, CancellationToken.None);
    }

    private static long SizeOf(NewVolume wanted)
    {
        if (wanted.Source is not { } source)
        {
            return wanted.SizeBytes is { } bytes ? bytes
                : wanted.SizeGiB is { } size ? size * Gibibytes.Bytes
                : throw new InvalidRequestException("Invalid input received: 'size' is required where neither an image nor a volume is given.");
        }

        if (source.Status != VolumeStatus.Available)
        {
            throw new InvalidRequestException($"Invalid volume: Volume {source.Id} must be available, it is {source.Status}.");
        }

        var least = Gibibytes.RoundUp(source.SizeBytes);
        return wanted.SizeGiB is { } given && given < least
            ? throw new InvalidRequestException($"Invalid input received: Size of the source, {least}GB, is larger than volume size {given}GB.")
            : (wanted.SizeGiB ?? least) * Gibibytes.Bytes;
    }

    private static async Task<Exception> RefusalAsync(ImageBackupDbContext context, string id, CancellationToken cancellationToken)
    {
        var volume = await context.Volumes.AsNoTracking().FirstOrDefaultAsync(volume => volume.Id == id, cancellationToken);
        if (volume is null)
        {
            return NotFound(id);
        }

        var image = await context.ImageVolumes.Where(used => used.VolumeId == id).Select(used => used.ImageId).FirstOrDefaultAsync(cancellationToken);
        return new InvalidRequestException(image is null
            ? $"Invalid volume: Volume status must be available or error, and no task may hold the volume; volume {id} is {volume.Status}."
            : $"Invalid volume: Volume {id} is used by image {image}; delete the image first.");
    }

    private static NotFoundException NotFound(string id) => new($"Volume {id} could not be found.");
}
