using ImageBackup.Core.Errors;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Persistence.PostgreSql;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.Startup;

/// <summary>Copies every row of a SQLite database, and its keys, into an empty PostgreSQL database, in one transaction.</summary>
/// <param name="source">The SQLite database.</param>
/// <param name="connectionString">The PostgreSQL database, with the tables of this version.</param>
/// <param name="keys">Writes the keys.</param>
internal sealed class DatabaseMove(MoveSource source, string connectionString, SharedKeys keys)
{
    private const int BatchRows = 1000;

    /// <summary>All tables. A row comes after the rows that it refers to.</summary>
    internal static readonly IReadOnlyList<Func<ImageBackupDbContext, IQueryable<object>>> Tables =
    [
        db => db.VolumeTypes,
        db => db.BackupNodes,
        db => db.Cos,
        db => db.Quotas,
        db => db.Volumes,
        db => db.Images,
        db => db.ImageProperties,
        db => db.ImageVolumes,
        db => db.Backups,
        db => db.LogBooks,
        db => db.Flows,
        db => db.Tasks,
        db => db.IdempotencyKeys,
        db => db.Tokens,
        db => db.Services,
    ];

    /// <summary>Copies everything. No process of the service may start meanwhile.</summary>
    /// <exception cref="StartException">The source cannot be read, or the target is not empty.</exception>
    public async Task<IReadOnlyList<MovedTable>> RunAsync(CancellationToken cancellationToken)
    {
        // Without the interceptors of the service, which would fill the index of images a second time.
        await using var target = new PostgreSqlDbContext(PostgreSqlConnection.Configure(new DbContextOptionsBuilder<PostgreSqlDbContext>(), connectionString).Options);
        try
        {
            await source.CheckAsync(cancellationToken);
            return await FillAsync(target, cancellationToken);
        }
        catch (SqliteException unreadable)
        {
            throw new StartException($"{source.File}: {unreadable.Message}", unreadable);
        }
    }

    private async Task<IReadOnlyList<MovedTable>> FillAsync(PostgreSqlDbContext target, CancellationToken cancellationToken)
    {
        target.ChangeTracker.AutoDetectChangesEnabled = false;
        target.Database.AutoSavepointsEnabled = false;
        await using var transaction = await target.Database.BeginTransactionAsync(cancellationToken);
        foreach (var table in Tables)
        {
            if (await table(target).AnyAsync(cancellationToken))
            {
                throw new StartException($"The PostgreSQL database is not empty: {NameOf(target, table)} has rows. Drop the database, create it again, and start no service before the move.");
            }
        }

        var moved = new List<MovedTable>();
        foreach (var table in Tables)
        {
            moved.Add(await MoveAsync(target, table, cancellationToken));
        }

        await target.FinishMoveAsync(source.LastIdAsync, cancellationToken);
        moved.Add(new MovedTable("keys", await keys.TakeAsync(target, source.Paths, cancellationToken)));
        await transaction.CommitAsync(cancellationToken);
        return moved;
    }

    private async Task<MovedTable> MoveAsync(PostgreSqlDbContext target, Func<ImageBackupDbContext, IQueryable<object>> table, CancellationToken cancellationToken)
    {
        var name = NameOf(target, table);
        try
        {
            await foreach (var batch in table(source.Database).AsAsyncEnumerable().Chunk(BatchRows).WithCancellation(cancellationToken))
            {
                target.AddRange(batch);
                await target.SaveChangesAsync(cancellationToken);
                target.ChangeTracker.Clear();
            }
        }
        catch (DbUpdateException refused)
        {
            throw new StartException($"PostgreSQL refuses a row of {name}: {refused.GetBaseException().Message} Nothing was moved.", refused);
        }

        var (before, after) = (await table(source.Database).LongCountAsync(cancellationToken), await table(target).LongCountAsync(cancellationToken));
        return before == after ? new MovedTable(name, after) : throw new StartException($"{name} has {before} rows in {source.File}, but {after} after the move. Nothing was moved.");
    }

    private static string NameOf(PostgreSqlDbContext target, Func<ImageBackupDbContext, IQueryable<object>> table)
        => target.Model.FindEntityType(table(target).ElementType)!.GetTableName()!;
}
