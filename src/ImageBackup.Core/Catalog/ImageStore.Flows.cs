using ImageBackup.Core.Errors;
using ImageBackup.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.Catalog;

// What flows do to images: safe to call again after a crash, and nobody's permission is asked.
public sealed partial class ImageStore
{
    /// <summary>The row of an image, whoever's; null where there is none.</summary>
    public async Task<ImageRecord?> FindAsync(string id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Images.AsNoTracking().FirstOrDefaultAsync(image => image.Id == id, cancellationToken);
    }

    /// <summary>Adds an image made of volumes, in status <c>importing</c> until it is activated; where it is there already, as after a crash, that one is answered.</summary>
    /// <param name="id">The image's id.</param>
    /// <param name="name">The image's name.</param>
    /// <param name="owner">The project that gets it.</param>
    /// <param name="blockDeviceMapping">JSON list naming the volumes.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public async Task<ImageRecord> CreateFromVolumesAsync(
        string id, string name, string owner, string blockDeviceMapping, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var present = await context.Images.AsNoTracking().FirstOrDefaultAsync(image => image.Id == id, cancellationToken);
        if (present is not null)
        {
            return present;
        }

        var now = time.GetUtcNow().UtcDateTime;
        var image = new ImageRecord
        {
            Id = id,
            Owner = owner,
            Name = name,
            Status = ImageStatus.Importing,
            Visibility = "private",
            DiskFormat = "raw",
            ContainerFormat = "bare",
            Size = 0,
            BlockDeviceMapping = blockDeviceMapping,
            CreatedAt = now,
            UpdatedAt = now,
        };
        context.Images.Add(image);
        await context.SaveChangesAsync(cancellationToken);
        return image;
    }

    /// <summary>Makes an image active and sets properties; its others stay as they are.</summary>
    /// <exception cref="NotFoundException">There is no such image.</exception>
    public async Task<ImageRecord> ActivateAsync(string id, IReadOnlyDictionary<string, string> properties, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var image = await context.Images.FirstOrDefaultAsync(image => image.Id == id, cancellationToken) ?? throw NotFound(id);
        var merged = new Dictionary<string, string>(image.Properties);
        foreach (var (name, value) in properties)
        {
            merged[name] = value;
        }

        image.Properties = merged;
        image.Status = ImageStatus.Active;
        image.UpdatedAt = time.GetUtcNow().UtcDateTime;
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return image;
    }

    /// <summary>Removes an image's row; its volumes are the caller's business. One that is not there is fine.</summary>
    public async Task RemoveAsync(string id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await context.Images.Where(image => image.Id == id).ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>Removes the row and marks as being deleted the volumes that go with it; their ids are answered.</summary>
    private static async Task<List<string>> RemoveRowAsync(ImageBackupDbContext context, ImageRecord image, CancellationToken cancellationToken)
    {
        var removed = new List<string>();
        foreach (var volume in ImageVolumes.Parse(image).Where(volume => volume.DeleteOnTermination))
        {
            removed.Add(volume.VolumeId);
        }

        context.Images.Remove(image);
        await context.SaveChangesAsync(cancellationToken);
        foreach (var id in removed.ToList())
        {
            var taken = await context.Volumes
                .Where(volume => volume.Id == id && volume.LogBookId == null
                    && !context.Images.Any(other => other.BlockDeviceMapping != null && other.BlockDeviceMapping.Contains(id)))
                .ExecuteUpdateAsync(set => set.SetProperty(volume => volume.Status, "deleting"), cancellationToken);
            if (taken == 0)
            {
                removed.Remove(id);
            }
        }

        return removed;
    }

    /// <summary>Finishes what <see cref="RemoveRowAsync"/> has decided; where a stop comes between, the next start-up does.</summary>
    private async Task RemoveVolumesAsync(List<string> ids)
    {
        await using var context = await contexts.CreateDbContextAsync(CancellationToken.None);
        foreach (var id in ids)
        {
            File.Delete(paths.Volume(id));
            await context.Volumes.Where(volume => volume.Id == id).ExecuteDeleteAsync(CancellationToken.None);
        }
    }
}
