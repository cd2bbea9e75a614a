using ImageBackup.Core.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace ImageBackup.Core.Catalog;

/// <summary>Copies the properties and volumes of saved images into tables that find images by them.</summary>
internal sealed class ImageIndex : SaveChangesInterceptor
{
    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        var context = (ImageBackupDbContext)eventData.Context!;
        foreach (var entry in context.ChangeTracker.Entries<ImageRecord>().Where(entry => entry.State is EntityState.Added or EntityState.Modified).ToList())
        {
            Replace(context.ImageProperties, Before(entry, image => image.Properties) ?? [], entry.Entity.Properties, property => new ImagePropertyRow(entry.Entity.Id, property.Key, property.Value));
            Replace(context.ImageVolumes, Volumes(Before(entry, image => image.BlockDeviceMapping)), Volumes(entry.Entity.BlockDeviceMapping), volume => new ImageVolumeRow(entry.Entity.Id, volume));
        }

        return ValueTask.FromResult(result);
    }

    private static T? Before<T>(EntityEntry<ImageRecord> entry, System.Linq.Expressions.Expression<Func<ImageRecord, T>> column)
        => entry.State == EntityState.Added ? default : entry.Property(column).OriginalValue;

    private static IReadOnlyList<string> Volumes(string? mapping)
        => mapping is null ? [] : [.. ImageVolumes.Parse(mapping).Select(volume => volume.VolumeId)];

    private static void Replace<T, TRow>(DbSet<TRow> rows, IEnumerable<T> before, IEnumerable<T> after, Func<T, TRow> row)
        where TRow : class
    {
        rows.RemoveRange(before.Except(after).Select(row));
        rows.AddRange(after.Except(before).Select(row));
    }
}
