using ImageBackup.Core.Access;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.Catalog;

/// <summary>The images, as callers see and change them.</summary>
public sealed class ImageStore(IDbContextFactory<ImageBackupDbContext> contexts, VolumeRemover remover, TimeProvider time)
{
    private static readonly SortKeys<ImageRecord> SortKeys = new(image => image.Id)
    {
        Name = image => image.Name,
        ["id"] = image => image.Id,
        ["name"] = image => image.Name,
        ["status"] = image => image.Status,
        ["size"] = image => image.Size,
        ["disk_format"] = image => image.DiskFormat,
        ["container_format"] = image => image.ContainerFormat,
        ["created_at"] = image => image.CreatedAt,
        ["updated_at"] = image => image.UpdatedAt,
    };

    /// <summary>Returns an image that the caller sees: one of its project, a public or a community image.</summary>
    /// <exception cref="NotFoundException">The caller does not see such an image.</exception>
    public async Task<ImageRecord> GetVisibleAsync(Caller caller, string id, CancellationToken cancellationToken)
        => await FindVisibleAsync(caller, id, cancellationToken) ?? throw ImageAccess.NotFound(id);

    /// <summary>Returns an image that the caller sees, or null.</summary>
    public async Task<ImageRecord?> FindVisibleAsync(Caller caller, string id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Images.VisibleTo(caller).AsNoTracking().FirstOrDefaultAsync(image => image.Id == id, cancellationToken);
    }

    /// <summary>Returns one page of the images that the caller sees.</summary>
    public async Task<Page<ImageRecord>> ListAsync(Caller caller, ImageFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var images = filter.ApplyTo(context.Images.VisibleTo(caller).AsNoTracking(), context.ImageProperties);

        // As in Glance, community images of other projects are listed only on request.
        if (filter.Visibility is null && !caller.SeesEveryProject)
        {
            images = images.Where(image => image.Visibility != ImageVisibility.Community || image.Owner == caller.ProjectId);
        }

        return await images.ToPageAsync(page, SortKeys, cancellationToken);
    }

    /// <summary>Adds an image. It is active when it is made of volumes, otherwise it has no file yet.</summary>
    /// <exception cref="ConflictException">An image with this id exists.</exception>
    /// <exception cref="ForbiddenException">Only an administrator may make an image public, and nobody may create one for another project.</exception>
    /// <exception cref="InvalidRequestException">The block device mapping names a volume that does not exist for the caller or is not available.</exception>
    public async Task<ImageRecord> CreateAsync(Caller caller, ImageRecord image, CancellationToken cancellationToken)
    {
        CheckMayPublish(caller, image);
        if (!caller.Sees(image.Owner))
        {
            throw new ForbiddenException("You are not permitted to create images owned by another project.");
        }

        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        await context.LockAsync(ImageAccess.LockOf(image.Id), cancellationToken);
        if (await context.Images.AnyAsync(other => other.Id == image.Id, cancellationToken))
        {
            throw new ConflictException($"Image ID {image.Id} already exists!");
        }

        if (image.BlockDeviceMapping is not null)
        {
            await ActivateWithVolumesAsync(context, caller, image, cancellationToken);
        }

        context.Images.Add(image);
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return image;
    }

    /// <summary>Changes an image. <paramref name="change"/> may throw to refuse.</summary>
    /// <exception cref="NotFoundException">The caller does not see such an image.</exception>
    /// <exception cref="ForbiddenException">The image belongs to another project, or only an administrator may make it public.</exception>
    public async Task<ImageRecord> UpdateAsync(Caller caller, string id, Action<ImageRecord> change, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);

        // The transaction covers reading and writing, so that concurrent changes are not lost.
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        await context.LockAsync(ImageAccess.LockOf(id), cancellationToken);
        var image = await context.Images.OwnedByAsync(caller, id, "modify", cancellationToken);
        var (visibility, mapping) = (image.Visibility, image.BlockDeviceMapping);
        change(image);
        if (image.Visibility != visibility)
        {
            CheckMayPublish(caller, image);
        }

        if (image.BlockDeviceMapping != mapping && image.BlockDeviceMapping is not null)
        {
            await ActivateWithVolumesAsync(context, caller, image, cancellationToken);
        }

        image.UpdatedAt = time.GetUtcNow().UtcDateTime;
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return image;
    }

    /// <summary>Deletes an image, and its volumes with <c>delete_on_termination</c> that no other image uses.</summary>
    /// <exception cref="NotFoundException">The caller does not see such an image.</exception>
    /// <exception cref="ForbiddenException">The image is protected or belongs to another project.</exception>
    public async Task DeleteAsync(Caller caller, string id, CancellationToken cancellationToken)
    {
        var removed = new List<string>();
        await using (var context = await contexts.CreateDbContextAsync(cancellationToken))
        {
            await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
            await context.LockAsync(ImageAccess.LockOf(id), cancellationToken);
            var image = await context.Images.OwnedByAsync(caller, id, "delete", cancellationToken);
            if (image.IsProtected)
            {
                throw new ForbiddenException($"Image {id} is protected and cannot be deleted.");
            }

            context.Images.Remove(image);
            await context.SaveChangesAsync(cancellationToken);
            foreach (var volume in ImageVolumes.Parse(image).Where(volume => volume.DeleteOnTermination))
            {
                if (await VolumeRemover.TryMarkAsync(context, volume.VolumeId, cancellationToken))
                {
                    removed.Add(volume.VolumeId);
                }
            }

            await transaction.CommitAsync(cancellationToken);
        }

        // The marks are committed, so the removal is not canceled any more.
        foreach (var volume in removed)
        {
            await remover.RemoveAsync(volume, CancellationToken.None);
        }
    }

    private static void CheckMayPublish(Caller caller, ImageRecord image)
    {
        if (image.Visibility == ImageVisibility.Public && !caller.IsAdmin)
        {
            throw new ForbiddenException("You are not authorized to complete publicize_image action.");
        }
    }

    private static async Task ActivateWithVolumesAsync(ImageBackupDbContext context, Caller caller, ImageRecord image, CancellationToken cancellationToken)
    {
        var mapped = ImageVolumes.Parse(image);
        if (!mapped.Any(volume => volume.IsBoot))
        {
            throw new InvalidRequestException(
                "Invalid input for field/attribute block_device_mapping. It names no boot volume: one entry needs 'boot_index' 0.");
        }

        await context.LockAsync(VolumeRemover.Lock, cancellationToken);
        var ids = mapped.Select(volume => volume.VolumeId).ToList();
        var present = await context.Volumes.AsNoTracking().Where(volume => ids.Contains(volume.Id) && !volume.IsTemporary).ToListAsync(cancellationToken);
        foreach (var id in ids)
        {
            var volume = present.Find(volume => volume.Id == id && caller.Sees(volume.ProjectId))
                ?? throw new InvalidRequestException($"Invalid input for field/attribute block_device_mapping. Value: {id}. Volume {id} could not be found.");
            if (volume.Status != VolumeStatus.Available)
            {
                throw new InvalidRequestException(
                    $"Invalid input for field/attribute block_device_mapping. Value: {id}. Volume {id} must be available, it is {volume.Status}.");
            }
        }

        image.Status = ImageStatus.Active;
        image.Size ??= 0;
        VolumeBackedImage.Complete(image);
    }
}
