using ImageBackup.Core.Errors;
using ImageBackup.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.Catalog;

/// <summary>The images that imports create. Every method can be repeated after a crash, and none checks permissions.</summary>
public sealed class ImportedImageStore(IDbContextFactory<ImageBackupDbContext> contexts, TimeProvider time)
{
    /// <summary>Adds an image made of volumes, in status <c>importing</c>. Returns the present image if it exists already.</summary>
    /// <param name="id">The image's id.</param>
    /// <param name="name">The image's name.</param>
    /// <param name="owner">The project that gets it.</param>
    /// <param name="blockDeviceMapping">The JSON list that names the volumes.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public async Task<ImageRecord> CreateAsync(string id, string name, string owner, string blockDeviceMapping, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await context.Images.AsNoTracking().FirstOrDefaultAsync(image => image.Id == id, cancellationToken) is { } present)
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
            Visibility = ImageVisibility.Private,
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

    /// <summary>Makes an image active and sets properties. Other properties stay.</summary>
    /// <exception cref="NotFoundException">The image does not exist.</exception>
    public async Task<ImageRecord> ActivateAsync(string id, IReadOnlyDictionary<string, string> properties, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        await context.LockAsync(ImageAccess.LockOf(id), cancellationToken);
        var image = await context.Images.FirstOrDefaultAsync(image => image.Id == id, cancellationToken) ?? throw ImageAccess.NotFound(id);
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

    /// <summary>Removes an image's row but not its volumes. Does nothing when it does not exist.</summary>
    public async Task RemoveAsync(string id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await context.Images.Where(image => image.Id == id).ExecuteDeleteAsync(cancellationToken);
    }
}
