using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

namespace ImageBackup.Core.Persistence.PostgreSql;

/// <summary>The database on a PostgreSQL server. It has its own migrations and its own compiled model.</summary>
public sealed class PostgreSqlDbContext : ImageBackupDbContext
{
    /// <summary>Compares texts byte by byte, as SQLite does, whatever the server's locale.</summary>
    private const string ByteOrder = "C";

    // Also for one row, because FenceCheck checks transactions.
    public PostgreSqlDbContext(DbContextOptions<PostgreSqlDbContext> options)
        : base(options) => Database.AutoTransactionBehavior = AutoTransactionBehavior.Always;

    public DbSet<SharedKeyRecord> SharedKeys => Set<SharedKeyRecord>();

    public DbSet<DirectoryRecord> Directories => Set<DirectoryRecord>();

    public override bool IsShared => true;

    public override Task LockAsync(string name, CancellationToken cancellationToken)
        => Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended({name}, 0))", cancellationToken);

    internal override Task RingAsync(string news, CancellationToken cancellationToken)
        => Database.ExecuteSqlAsync($"SELECT pg_notify({PostgreSqlBell.Channel}, {news})", cancellationToken);

    internal override Task RestartIdsAsync(CancellationToken cancellationToken)
    {
        var tables = Model.GetEntityTypes().Where(type => type.FindPrimaryKey()!.Properties is [{ ValueGenerated: ValueGenerated.OnAdd }]).Select(type => type.GetTableName());
        var statement = $"TRUNCATE {string.Join(", ", tables)} RESTART IDENTITY CASCADE";
        return Database.ExecuteSqlRawAsync(statement, cancellationToken);
    }

    internal override Task<long> NextFenceAsync(LogBookRecord book, CancellationToken cancellationToken)
        => Database.SqlQuery<long>($"SELECT nextval('fences') AS \"Value\"").SingleAsync(cancellationToken);

    /// <summary>Prepares rows of a SQLite database for several processes: new rows get greater ids and fences, and the former process is down.</summary>
    /// <param name="lastId">Returns the last id that a table had given to a row.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    internal async Task FinishMoveAsync(Func<string, CancellationToken, Task<long>> lastId, CancellationToken cancellationToken)
    {
        foreach (var type in Model.GetEntityTypes())
        {
            if (type.FindPrimaryKey()!.Properties is [{ ValueGenerated: ValueGenerated.OnAdd } id] && await lastId(type.GetTableName()!, cancellationToken) is > 0 and var last)
            {
                var (table, column) = ($"\"{type.GetTableName()}\"", id.GetColumnName());
                await Database.ExecuteSqlAsync($"SELECT setval(pg_get_serial_sequence({table}, {column}), {last})", cancellationToken);
            }
        }

        if (await LogBooks.MaxAsync(book => (long?)book.Fence, cancellationToken) is > 0 and var fence)
        {
            await Database.ExecuteSqlAsync($"SELECT setval('fences', {fence})", cancellationToken);
        }

        await Services.ExecuteUpdateAsync(set => set.SetProperty(service => service.LeaseEndsAt, service => service.ReportedAt), cancellationToken);

        // Else the first queries would know nothing about the sizes of the tables.
        await Database.ExecuteSqlAsync($"ANALYZE", cancellationToken);
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.HasSequence<long>("fences");
        modelBuilder.Entity<SharedKeyRecord>(key => key.ToTable("shared_keys").HasKey(row => row.Name));
        modelBuilder.Entity<DirectoryRecord>(directory => directory.ToTable("directories").HasKey(row => row.Name));
        foreach (var type in modelBuilder.Model.GetEntityTypes())
        {
            foreach (var property in type.GetProperties().Where(property => (property.GetProviderClrType() ?? property.ClrType) == typeof(string)))
            {
                property.SetCollation(ByteOrder);
            }

            // PostgreSQL has indexes of stored columns only.
            foreach (var computed in type.GetProperties().Where(property => property.GetComputedColumnSql() is not null))
            {
                computed.SetIsStored(true);
            }

            // As in SQLite, null comes before all values. Every order of a statement says so too.
            foreach (var index in type.GetIndexes())
            {
                index.SetNullSortOrder(index.Properties.Select(_ => NullSortOrder.NullsFirst).ToArray());
            }
        }
    }
}
