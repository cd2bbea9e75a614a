using System.Linq.Expressions;
using ImageBackup.Core.Access;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Settings;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.Catalog;

/// <summary>The images: as users see and change them here, their files and what flows do in the other parts.</summary>
public sealed partial class ImageStore(IDbContextFactory<ImageBackupDbContext> contexts, DataPaths paths, TimeProvider time)
{
    private const string Public = "public";
    private const string Community = "community";

    private static readonly Dictionary<string, Expression<Func<ImageRecord, object?>>> SortFields = new()
    {
        ["id"] = image => image.Id,
        ["name"] = image => image.Name,
        ["status"] = image => image.Status,
        ["size"] = image => image.Size,
        ["disk_format"] = image => image.DiskFormat,
        ["container_format"] = image => image.ContainerFormat,
        ["created_at"] = image => image.CreatedAt,
        ["updated_at"] = image => image.UpdatedAt,
    };

    /// <summary>An image that the caller sees: its project's, a public or a community one.</summary>
    /// <exception cref="NotFoundException">There is none.</exception>
    public async Task<ImageRecord> GetVisibleAsync(Caller caller, string id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await Visible(context, caller).AsNoTracking().FirstOrDefaultAsync(image => image.Id == id, cancellationToken) ?? throw NotFound(id);
    }

    /// <summary>One page of the images that the caller sees.</summary>
    public async Task<Page<ImageRecord>> ListAsync(Caller caller, ImageFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var images = Narrow(Visible(context, caller).AsNoTracking(), filter);

        // Community images are listed only where they are asked for or one's own, as in Glance.
        if (filter.Visibility is null && !caller.SeesEveryProject)
        {
            images = images.Where(image => image.Visibility != Community || image.Owner == caller.ProjectId);
        }

        if (filter.Properties.Count > 0)
        {
            var candidates = await images.Select(image => new { image.Id, image.Properties }).ToListAsync(cancellationToken);
            var ids = candidates.Where(image => filter.Properties.All(wanted => image.Properties.GetValueOrDefault(wanted.Key) == wanted.Value))
                .Select(image => image.Id).ToList();
            images = images.Where(image => ids.Contains(image.Id));
        }

        return await images.ToPageAsync(page, SortFields, image => image.Id, cancellationToken);
    }

    /// <summary>Adds an image: without a file yet, or active where it is made of volumes.</summary>
    /// <exception cref="ConflictException">The id is taken.</exception>
    /// <exception cref="ForbiddenException">Only an administrator may publish images, and nobody may make one for another project.</exception>
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
        if (await context.Images.AnyAsync(other => other.Id == image.Id, cancellationToken))
        {
            throw new ConflictException($"Image ID {image.Id} already exists!");
        }

        if (image.BlockDeviceMapping is not null)
        {
            await CheckVolumesAsync(context, caller, image, cancellationToken);
            image.Status = ImageStatus.Active;
            image.Size ??= 0;
        }

        context.Images.Add(image);
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return image;
    }

    /// <summary>Changes an image by <paramref name="change"/>, which may refuse.</summary>
    /// <exception cref="NotFoundException">There is none.</exception>
    /// <exception cref="ForbiddenException">It is not the caller's, or only an administrator may publish it.</exception>
    public async Task<ImageRecord> UpdateAsync(Caller caller, string id, Action<ImageRecord> change, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);

        // Reading and writing under one lock: of two changes at once, none is lost.
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var image = await OwnAsync(context, caller, id, "modify", cancellationToken);
        var (visibility, mapping) = (image.Visibility, image.BlockDeviceMapping);
        change(image);
        if (image.Visibility != visibility)
        {
            CheckMayPublish(caller, image);
        }

        if (image.BlockDeviceMapping != mapping && image.BlockDeviceMapping is not null)
        {
            await CheckVolumesAsync(context, caller, image, cancellationToken);
            image.Status = ImageStatus.Active;
            image.Size ??= 0;
        }

        image.UpdatedAt = time.GetUtcNow().UtcDateTime;
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return image;
    }

    /// <summary>Deletes an image, and those of its volumes that go with it and that no other image names.</summary>
    /// <exception cref="NotFoundException">There is none.</exception>
    /// <exception cref="ForbiddenException">It is protected, or not the caller's.</exception>
    public async Task DeleteAsync(Caller caller, string id, CancellationToken cancellationToken)
    {
        List<string> volumes;
        await using (var context = await contexts.CreateDbContextAsync(cancellationToken))
        {
            await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
            var image = await OwnAsync(context, caller, id, "delete", cancellationToken);
            if (image.IsProtected)
            {
                throw new ForbiddenException($"Image {id} is protected and cannot be deleted.");
            }

            volumes = await RemoveRowAsync(context, image, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        await RemoveVolumesAsync(volumes);
    }

    private static IQueryable<ImageRecord> Visible(ImageBackupDbContext context, Caller caller)
        => caller.SeesEveryProject
            ? context.Images
            : context.Images.Where(image => image.Owner == caller.ProjectId || image.Visibility == Public || image.Visibility == Community);

    private static IQueryable<ImageRecord> Narrow(IQueryable<ImageRecord> images, ImageFilter filter)
    {
        images = images.Where(image => image.IsHidden == filter.IsHidden);
        images = filter.Ids is null ? images : images.Where(image => filter.Ids.Contains(image.Id));
        images = filter.Names is null ? images : images.Where(image => filter.Names.Contains(image.Name));
        images = filter.Statuses is null ? images : images.Where(image => filter.Statuses.Contains(image.Status));
        images = filter.Owner is null ? images : images.Where(image => image.Owner == filter.Owner);
        images = filter.Visibility is null or "all" ? images : images.Where(image => image.Visibility == filter.Visibility);
        images = filter.IsProtected is null ? images : images.Where(image => image.IsProtected == filter.IsProtected);
        images = filter.SizeMin is null ? images : images.Where(image => image.Size >= filter.SizeMin);
        images = filter.SizeMax is null ? images : images.Where(image => image.Size <= filter.SizeMax);
        return filter.Tags.Aggregate(images, (narrowed, tag) => narrowed.Where(image => image.Tags.Contains(tag)));
    }

    private static void CheckMayPublish(Caller caller, ImageRecord image)
    {
        if (image.Visibility == Public && !caller.IsAdmin)
        {
            throw new ForbiddenException("You are not authorized to complete publicize_image action.");
        }
    }

    private static async Task<ImageRecord> OwnAsync(
        ImageBackupDbContext context, Caller caller, string id, string verb, CancellationToken cancellationToken)
    {
        var image = await Visible(context, caller).FirstOrDefaultAsync(image => image.Id == id, cancellationToken) ?? throw NotFound(id);
        return caller.Sees(image.Owner) ? image : throw new ForbiddenException($"You are not permitted to {verb} this image.");
    }

    private static async Task CheckVolumesAsync(ImageBackupDbContext context, Caller caller, ImageRecord image, CancellationToken cancellationToken)
    {
        var mapped = ImageVolumes.Parse(image);
        if (!mapped.Any(volume => volume.IsBoot))
        {
            throw new InvalidRequestException(
                "Invalid input for field/attribute block_device_mapping. It names no boot volume: one entry needs 'boot_index' 0.");
        }

        var ids = mapped.Select(volume => volume.VolumeId).ToList();
        var present = await context.Volumes.AsNoTracking().Where(volume => ids.Contains(volume.Id) && !volume.IsTemporary).ToListAsync(cancellationToken);
        foreach (var id in ids)
        {
            var volume = present.Find(volume => volume.Id == id && caller.Sees(volume.ProjectId))
                ?? throw new InvalidRequestException($"Invalid input for field/attribute block_device_mapping. Value: {id}. Volume {id} could not be found.");
            if (volume.Status != "available")
            {
                throw new InvalidRequestException(
                    $"Invalid input for field/attribute block_device_mapping. Value: {id}. Volume {id} must be available, it is {volume.Status}.");
            }
        }
    }

    private static NotFoundException NotFound(string id) => new($"Image {id} could not be found.");
}
