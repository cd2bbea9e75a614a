using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ImageBackup.Core.Persistence;

internal sealed class BackupConfiguration : IEntityTypeConfiguration<BackupRecord>
{
    public void Configure(EntityTypeBuilder<BackupRecord> builder)
    {
        builder.ToTable("image_backups");
        builder.HasIndex(backup => new { backup.ProjectId, backup.CreatedAt });
        builder.Property(backup => backup.Name).HasMaxLength(255);
        builder.Property(backup => backup.Description).HasMaxLength(255);
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
        builder.HasIndex(image => image.CreatedAt);
        builder.Property(image => image.Properties).AsJson();
    }
}

internal sealed class VolumeConfiguration : IEntityTypeConfiguration<VolumeRecord>
{
    public void Configure(EntityTypeBuilder<VolumeRecord> builder)
    {
        builder.ToTable("volumes");
        builder.HasIndex(volume => new { volume.ProjectId, volume.CreatedAt });
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

internal sealed class IdempotencyConfiguration : IEntityTypeConfiguration<IdempotencyRecord>
{
    public void Configure(EntityTypeBuilder<IdempotencyRecord> builder)
    {
        builder.ToTable("idempotency_keys");
        builder.HasKey(key => new { key.ProjectId, key.Key });
    }
}
