using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.Persistence;

/// <summary>
/// The database: backups, the queue with its flows and tasks, images, volumes, nodes and buckets. This class is the SQLite database; a derived class is
/// another one and overrides what differs.
/// </summary>
public class ImageBackupDbContext : DbContext
{
    /// <summary>The tag of a query that locks its rows until the transaction ends, and leaves out rows that another transaction has locked. SQLite has one writer.</summary>
    public const string SkipLocked = "FOR UPDATE SKIP LOCKED";

    public ImageBackupDbContext(DbContextOptions<ImageBackupDbContext> options)
        : base(options)
    {
    }

    private protected ImageBackupDbContext(DbContextOptions options)
        : base(options)
    {
    }

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

    public DbSet<ServiceRecord> Services => Set<ServiceRecord>();

    public DbSet<TokenRecord> Tokens => Set<TokenRecord>();

    /// <summary>True if other processes write to the same database.</summary>
    public virtual bool IsShared => false;

    /// <summary>
    /// Lets one transaction at a time pass with this lock, until it ends. Only for the context's own transaction. SQLite has one writer, so every
    /// transaction is alone.
    /// </summary>
    /// <param name="name">What the transaction checks before it writes, such as <c>quota/40a5</c>.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public virtual Task LockAsync(string name, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Tells the other processes, when the transaction commits, that there is news. One process needs no bell.</summary>
    internal virtual Task RingAsync(string news, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Lets the ids of new rows begin at 1 again, after the tables were emptied.</summary>
    internal virtual Task RestartIdsAsync(CancellationToken cancellationToken) => Database.ExecuteSqlRawAsync("DELETE FROM sqlite_sequence", cancellationToken);

    /// <summary>Returns the fence of the next claim of a log book, greater than those before it.</summary>
    internal virtual Task<long> NextFenceAsync(LogBookRecord book, CancellationToken cancellationToken) => Task.FromResult(book.Fence + 1);

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
