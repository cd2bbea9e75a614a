using ImageBackup.Core.Persistence;
using ImageBackup.Core.Settings;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.Startup;

/// <summary>Creates the SQLite database, or brings the database of an earlier version up to date. The caller holds the data directory's lock.</summary>
internal sealed class SqliteSetup(DataPaths paths, IDbContextFactory<ImageBackupDbContext> contexts, DatabaseGuard guard) : IDatabaseSetup
{
    /// <summary>SQLITE_NOTADB (https://sqlite.org/rescode.html).</summary>
    private const int NotADatabase = 26;

    public bool IsShared => false;

    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await MigrationState.RequiresMigrationAsync(context, paths.Database, cancellationToken))
        {
            // A start that was killed can leave a row in this table, and EF Core would wait for it forever. The directory's lock proves that no other process migrates.
            await context.Database.ExecuteSqlRawAsync("DROP TABLE IF EXISTS \"__EFMigrationsLock\"", cancellationToken);
            await context.Database.MigrateAsync(cancellationToken);
        }
    }

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await MigrateAsync(cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);

        // With this mode, which SQLite keeps in the file, readers never wait for the writer.
        await context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL;", cancellationToken);
        guard.Remember();
    }

    public Task RunAloneAsync(Func<CancellationToken, Task> work, CancellationToken cancellationToken) => work(cancellationToken);

    public string? Explain(Exception failure) => failure switch
    {
        SqliteException { SqliteErrorCode: NotADatabase } => $"{paths.Database} is not a SQLite database. Move the file away, or restore a backup of it.",
        SqliteException => $"{paths.Database}: {failure.Message}",
        DbUpdateException { InnerException: SqliteException cause } => Explain(cause),
        _ => null,
    };
}
