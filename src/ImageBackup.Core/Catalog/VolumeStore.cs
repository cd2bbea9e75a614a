using System.Linq.Expressions;
using ImageBackup.Core.Access;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Settings;
using ImageBackup.Ova.IO;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.Catalog;

/// <summary>The volumes: as users see and change them here, as flows do in the other part.</summary>
public sealed partial class VolumeStore(IDbContextFactory<ImageBackupDbContext> contexts, DataPaths paths, TimeProvider time)
{
    private static readonly Dictionary<string, Expression<Func<VolumeRecord, object?>>> SortFields = new()
    {
        ["id"] = volume => volume.Id,
        ["name"] = volume => volume.Name,
        ["display_name"] = volume => volume.Name,
        ["size"] = volume => volume.SizeBytes,
        ["status"] = volume => volume.Status,
        ["bootable"] = volume => volume.Bootable,
        ["created_at"] = volume => volume.CreatedAt,
        ["updated_at"] = volume => volume.UpdatedAt,
    };

    /// <summary>The file with the bytes of a volume.</summary>
    public string PathOf(string volumeId) => paths.Volume(volumeId);

    /// <summary>Bytes of a volume's file that are data; holes count nothing.</summary>
    public long DataBytes(string volumeId)
    {
        using var file = File.OpenHandle(PathOf(volumeId), share: FileShare.ReadWrite | FileShare.Delete);
        return NativeFile.DataBytes(file);
    }

    /// <summary>The row of a volume, whoever's; null where there is none.</summary>
    public async Task<VolumeRecord?> FindAsync(string id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Volumes.AsNoTracking().FirstOrDefaultAsync(volume => volume.Id == id, cancellationToken);
    }

    /// <summary>A volume that the caller sees.</summary>
    /// <exception cref="NotFoundException">There is none, or it is another project's.</exception>
    public async Task<VolumeRecord> GetAsync(Caller caller, string id, CancellationToken cancellationToken)
        => await FindAsync(id, cancellationToken) is { } volume && caller.Sees(volume.ProjectId) ? volume : throw NotFound(id);

    /// <summary>One page of the caller's volumes; temporary clones are nobody's business.</summary>
    public async Task<Page<VolumeRecord>> ListAsync(Caller caller, VolumeFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var volumes = context.Volumes.AsNoTracking().Where(volume => !volume.IsTemporary);
        if (!caller.SeesEveryProject)
        {
            volumes = volumes.Where(volume => volume.ProjectId == caller.ProjectId);
        }

        if (filter.Name is not null)
        {
            volumes = volumes.Where(volume => volume.Name == filter.Name);
        }

        if (filter.Status is not null)
        {
            volumes = volumes.Where(volume => volume.Status == filter.Status);
        }

        if (filter.Bootable is not null)
        {
            volumes = volumes.Where(volume => volume.Bootable == filter.Bootable);
        }

        return await volumes.ToPageAsync(page, SortFields, volume => volume.Id, cancellationToken);
    }

    /// <summary>Makes an empty volume, or one with the bytes of <see cref="NewVolume.Source"/>.</summary>
    /// <exception cref="InvalidRequestException">The source is larger, or not available.</exception>
    /// <exception cref="UnavailableException">The disk refuses.</exception>
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
            Bootable = wanted.Source?.Bootable ?? false,
            ImageId = wanted.ImageId ?? wanted.Source?.ImageId,
            Metadata = wanted.Metadata,
            CreatedAt = time.GetUtcNow().UtcDateTime,
        };

        // The file first: a row never stands without its bytes.
        VolumeFiles.Create(PathOf(id), wanted.Source is { } source ? PathOf(source.Id) : null, size);
        try
        {
            await using var context = await contexts.CreateDbContextAsync(cancellationToken);
            context.Volumes.Add(record);
            await context.SaveChangesAsync(cancellationToken);
        }
        catch
        {
            File.Delete(PathOf(id));
            throw;
        }

        return record;
    }

    /// <summary>Deletes a volume of the caller.</summary>
    /// <exception cref="NotFoundException">There is none, or it is another project's.</exception>
    /// <exception cref="InvalidRequestException">It is not in a state to be deleted, a flow holds it, or an image names it.</exception>
    public async Task DeleteAsync(Caller caller, string id, CancellationToken cancellationToken)
    {
        _ = await GetAsync(caller, id, cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var taken = await context.Volumes
            .Where(volume => volume.Id == id && volume.LogBookId == null
                && (volume.Status == VolumeStatus.Available || volume.Status == VolumeStatus.Error || volume.Status == VolumeStatus.Deleting)
                && !context.Images.Any(image => image.BlockDeviceMapping != null && image.BlockDeviceMapping.Contains(id)))
            .ExecuteUpdateAsync(set => set.SetProperty(volume => volume.Status, VolumeStatus.Deleting), cancellationToken);
        if (taken == 0)
        {
            throw await RefusalAsync(context, id, cancellationToken);
        }

        // From here on the deletion is decided; a start-up finishes it where we can't.
        File.Delete(PathOf(id));
        await context.Volumes.Where(volume => volume.Id == id).ExecuteDeleteAsync(CancellationToken.None);
    }

    /// <summary>Finishes deletions that a stop has cut short, and removes files that were just being made.</summary>
    public async Task FinishDeletionsAsync(CancellationToken cancellationToken)
    {
        foreach (var left in Directory.EnumerateFiles(paths.Volumes, "*" + VolumeFiles.PartialSuffix))
        {
            File.Delete(left);
        }

        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var ids = await context.Volumes.Where(volume => volume.Status == VolumeStatus.Deleting).Select(volume => volume.Id).ToListAsync(cancellationToken);
        foreach (var id in ids)
        {
            File.Delete(PathOf(id));
            await context.Volumes.Where(volume => volume.Id == id).ExecuteDeleteAsync(cancellationToken);
        }
    }

    private static long SizeOf(NewVolume wanted)
    {
        if (wanted.Source is not { } source)
        {
            return wanted.SizeGiB is { } size
                ? size * Gibibytes.Bytes
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

        var image = await context.Images.Where(image => image.BlockDeviceMapping != null && image.BlockDeviceMapping.Contains(id))
            .Select(image => image.Id).FirstOrDefaultAsync(cancellationToken);
        return new InvalidRequestException(image is null
            ? $"Invalid volume: Volume status must be available or error, and no task may hold the volume; volume {id} is {volume.Status}."
            : $"Invalid volume: Volume {id} is used by image {image}; delete the image first.");
    }

    private static NotFoundException NotFound(string id) => new($"Volume {id} could not be found.");
}
