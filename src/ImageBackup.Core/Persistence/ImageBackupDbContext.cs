using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.Persistence;

/// <summary>The database: backups, the queue with its flows and tasks, images, volumes, nodes and buckets.</summary>
public sealed class ImageBackupDbContext(DbContextOptions<ImageBackupDbContext> options) : DbContext(options)
{
    public DbSet<BackupRecord> Backups => Set<BackupRecord>();

    public DbSet<LogBookRecord> LogBooks => Set<LogBookRecord>();

    public DbSet<FlowRecord> Flows => Set<FlowRecord>();

    public DbSet<TaskRecord> Tasks => Set<TaskRecord>();

    public DbSet<ImageRecord> Images => Set<ImageRecord>();

    public DbSet<ImagePropertyRow> ImageProperties => Set<ImagePropertyRow>();

    public DbSet<ImageVolumeRow> ImageVolumes => Set<ImageVolumeRow>();

    public DbSet<VolumeRecord> Volumes => Set<VolumeRecord>();

    public DbSet<VolumeTypeRecord> VolumeTypes => Set<VolumeTypeRecord>();

    public DbSet<BackupNodeRecord> BackupNodes => Set<BackupNodeRecord>();

    public DbSet<CosRecord> Cos => Set<CosRecord>();

    public DbSet<QuotaRecord> Quotas => Set<QuotaRecord>();

    public DbSet<IdempotencyRecord> IdempotencyKeys => Set<IdempotencyRecord>();

    public DbSet<TokenRecord> Tokens => Set<TokenRecord>();

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<BackupStatus>().HaveConversion<WireConverter<BackupStatus>>().HaveMaxLength(32);
        configurationBuilder.Properties<QueueState>().HaveConversion<WireConverter<QueueState>>().HaveMaxLength(16);
        configurationBuilder.Properties<FlowState>().HaveConversion<WireConverter<FlowState>>().HaveMaxLength(16);
        configurationBuilder.Properties<TaskState>().HaveConversion<WireConverter<TaskState>>().HaveMaxLength(16);
        configurationBuilder.Properties<DateTime>().HaveConversion<UtcConverter>();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
        => modelBuilder.ApplyConfigurationsFromAssembly(typeof(ImageBackupDbContext).Assembly);
}
