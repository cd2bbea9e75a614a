using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ImageBackup.Core.Persistence;

internal sealed class BackupConfiguration : IEntityTypeConfiguration<BackupRecord>
{
    public void Configure(EntityTypeBuilder<BackupRecord> builder)
    {
        builder.ToTable("image_backups");

        // The lists: each filter in the default order, and each sort key.
        builder.HasIndex(backup => new { backup.ProjectId, backup.CreatedAt, backup.Id });
        builder.HasIndex(backup => new { backup.ProjectId, backup.Name, backup.CreatedAt, backup.Id });
        builder.HasIndex(backup => new { backup.ProjectId, backup.Status, backup.CreatedAt, backup.Id });
        builder.HasIndex(backup => new { backup.ProjectId, backup.BackupHost, backup.CreatedAt, backup.Id });
        builder.HasIndex(backup => new { backup.ProjectId, backup.SrcImageId, backup.CreatedAt, backup.Id });
        builder.HasIndex(backup => new { backup.ProjectId, backup.CosBucket, backup.CreatedAt, backup.Id });
        builder.HasIndex(backup => new { backup.ProjectId, backup.ImageNameKey, backup.CreatedAt, backup.Id });
        builder.HasIndex(backup => new { backup.ProjectId, backup.OsTypeKey, backup.CreatedAt, backup.Id });
        builder.HasIndex(backup => new { backup.ProjectId, backup.Id });
        builder.HasIndex(backup => new { backup.ProjectId, backup.Name, backup.Id });
        builder.HasIndex(backup => new { backup.ProjectId, backup.Status, backup.Id });
        builder.HasIndex(backup => new { backup.ProjectId, backup.BackupHost, backup.Id });
        builder.HasIndex(backup => new { backup.ProjectId, backup.Size, backup.Id });
        builder.HasIndex(backup => new { backup.ProjectId, backup.UpdatedAt, backup.Id });

        // The look-ups of archives and objects.
        builder.HasIndex(backup => new { backup.BackupHost, backup.OvaName });
        builder.HasIndex(backup => new { backup.CosBucket, backup.CosObject });
        builder.Property(backup => backup.Name).HasMaxLength(255);
        builder.Property(backup => backup.Description).HasMaxLength(255);
        builder.Property(backup => backup.ImageNameKey).HasComputedColumnSql($"lower(\"{nameof(BackupRecord.ImageName)}\")", stored: false);
        builder.Property(backup => backup.OsTypeKey).HasComputedColumnSql($"lower(\"{nameof(BackupRecord.OsType)}\")", stored: false);
    }
}

internal sealed class LogBookConfiguration : IEntityTypeConfiguration<LogBookRecord>
{
    public void Configure(EntityTypeBuilder<LogBookRecord> builder)
    {
        builder.ToTable("log_books");
        builder.HasKey(book => book.Sequence);
        builder.Property(book => book.Sequence).ValueGeneratedOnAdd();
        builder.HasAlternateKey(book => book.Id);
        builder.HasIndex(book => new { book.QueueState, book.Sequence });
        builder.HasIndex(book => book.BackupId);
        builder.HasIndex(book => book.FinishedAt);
        builder.HasMany(book => book.Flows).WithOne().HasForeignKey(flow => flow.LogBookId).HasPrincipalKey(book => book.Id);
    }
}

internal sealed class FlowConfiguration : IEntityTypeConfiguration<FlowRecord>
{
    public void Configure(EntityTypeBuilder<FlowRecord> builder)
    {
        builder.ToTable("flows");
        builder.HasIndex(flow => new { flow.LogBookId, flow.Position }).IsUnique();
        builder.HasMany(flow => flow.Tasks).WithOne().HasForeignKey(task => task.FlowId);
    }
}

internal sealed class TaskConfiguration : IEntityTypeConfiguration<TaskRecord>
{
    public void Configure(EntityTypeBuilder<TaskRecord> builder)
    {
        builder.ToTable("tasks");
        builder.HasIndex(task => new { task.FlowId, task.Position }).IsUnique();
    }
}

internal sealed class ImageConfiguration : IEntityTypeConfiguration<ImageRecord>
{
    public void Configure(EntityTypeBuilder<ImageRecord> builder)
    {
        builder.ToTable("images");
        builder.HasIndex(image => new { image.CreatedAt, image.Id });
        builder.HasIndex(image => new { image.Owner, image.CreatedAt, image.Id });
        builder.HasIndex(image => new { image.Name, image.CreatedAt, image.Id });
        builder.HasIndex(image => new { image.Status, image.CreatedAt, image.Id });
        builder.HasIndex(image => new { image.Name, image.Id });
        builder.HasIndex(image => new { image.Status, image.Id });
        builder.HasIndex(image => new { image.Size, image.Id });
        builder.HasIndex(image => new { image.DiskFormat, image.Id });
        builder.HasIndex(image => new { image.ContainerFormat, image.Id });
        builder.HasIndex(image => new { image.UpdatedAt, image.Id });
        builder.Property(image => image.Properties).AsJson();
    }
}

internal sealed class ImagePropertyConfiguration : IEntityTypeConfiguration<ImagePropertyRow>
{
    public void Configure(EntityTypeBuilder<ImagePropertyRow> builder)
    {
        builder.ToTable("image_properties");
        builder.HasKey(property => new { property.Name, property.Value, property.ImageId });
        builder.HasOne<ImageRecord>().WithMany().HasForeignKey(property => property.ImageId);
    }
}

internal sealed class ImageVolumeConfiguration : IEntityTypeConfiguration<ImageVolumeRow>
{
    public void Configure(EntityTypeBuilder<ImageVolumeRow> builder)
    {
        builder.ToTable("image_volumes");
        builder.HasKey(volume => new { volume.VolumeId, volume.ImageId });
        builder.HasOne<ImageRecord>().WithMany().HasForeignKey(volume => volume.ImageId);
    }
}

internal sealed class VolumeConfiguration : IEntityTypeConfiguration<VolumeRecord>
{
    public void Configure(EntityTypeBuilder<VolumeRecord> builder)
    {
        builder.ToTable("volumes");
        builder.HasIndex(volume => new { volume.ProjectId, volume.CreatedAt, volume.Id });
        builder.HasIndex(volume => new { volume.CreatedAt, volume.Id });
        builder.HasIndex(volume => new { volume.Name, volume.CreatedAt, volume.Id });
        builder.HasIndex(volume => new { volume.Status, volume.CreatedAt, volume.Id });
        builder.HasIndex(volume => new { volume.Bootable, volume.CreatedAt, volume.Id });
        builder.HasIndex(volume => new { volume.Name, volume.Id });
        builder.HasIndex(volume => new { volume.Status, volume.Id });
        builder.HasIndex(volume => new { volume.Bootable, volume.Id });
        builder.HasIndex(volume => new { volume.SizeBytes, volume.Id });
        builder.HasIndex(volume => new { volume.UpdatedAt, volume.Id });
        builder.HasIndex(volume => volume.LogBookId);
        builder.Property(volume => volume.Metadata).AsJson();
    }
}

internal sealed class VolumeTypeConfiguration : IEntityTypeConfiguration<VolumeTypeRecord>
{
    public void Configure(EntityTypeBuilder<VolumeTypeRecord> builder)
    {
        builder.ToTable("volume_types");
        builder.HasIndex(type => type.Name).IsUnique();
        builder.Property(type => type.ExtraSpecs).AsJson();
    }
}

internal sealed class BackupNodeConfiguration : IEntityTypeConfiguration<BackupNodeRecord>
{
    public void Configure(EntityTypeBuilder<BackupNodeRecord> builder)
    {
        builder.ToTable("backup_nodes");
        builder.HasIndex(node => node.BackupNodeId).IsUnique();
    }
}

internal sealed class CosConfiguration : IEntityTypeConfiguration<CosRecord>
{
    public void Configure(EntityTypeBuilder<CosRecord> builder)
    {
        builder.ToTable("cos");
        // A request identifies a bucket by its name only.
        builder.HasIndex(cos => new { cos.ProjectId, cos.BucketName }).IsUnique();
    }
}

internal sealed class QuotaConfiguration : IEntityTypeConfiguration<QuotaRecord>
{
    public void Configure(EntityTypeBuilder<QuotaRecord> builder)
    {
        builder.ToTable("quotas");
        builder.HasKey(quota => new { quota.ProjectId, quota.Resource });
    }
}

internal sealed class ServiceConfiguration : IEntityTypeConfiguration<ServiceRecord>
{
    public void Configure(EntityTypeBuilder<ServiceRecord> builder)
    {
        builder.ToTable("services");
        builder.HasIndex(service => new { service.Binary, service.Host }).IsUnique();
    }
}

internal sealed class IdempotencyConfiguration : IEntityTypeConfiguration<IdempotencyRecord>
{
    public void Configure(EntityTypeBuilder<IdempotencyRecord> builder)
    {
        builder.ToTable("idempotency_keys");
        builder.HasKey(key => new { key.ProjectId, key.Key });
        builder.HasIndex(key => key.CreatedAt);
    }
}
