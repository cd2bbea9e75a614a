using ImageBackup.Core.Errors;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Settings;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.Startup;

/// <summary>Creates the database, or brings the database of an earlier version up to date.</summary>
internal sealed class DatabaseSetup(DataPaths paths, IDbContextFactory<ImageBackupDbContext> contexts, DatabaseGuard guard)
{
    /// <summary>Applies the migrations that are missing. The caller holds the data directory's lock.</summary>
    /// <exception cref="StartException">A newer version has written the database.</exception>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var known = context.Database.GetMigrations().ToList();
        var applied = (await context.Database.GetAppliedMigrationsAsync(cancellationToken)).ToList();
        if (applied.Except(known).LastOrDefault() is { } unknown)
        {
            throw new StartException($"A newer version has written the database {paths.Database}: its last migration is {unknown}, version {ServiceVersion.Current} knows the migrations up to {known[^1]}. Start the newer version, or restore a backup of the database.");
        }

        if (known.Except(applied).Any())
        {
            // A start that was killed can leave a row in this table, and EF Core would wait for it forever. The directory's lock proves that no other process migrates.
            await context.Database.ExecuteSqlRawAsync("DROP TABLE IF EXISTS \"__EFMigrationsLock\"", cancellationToken);
            await context.Database.MigrateAsync(cancellationToken);
        }

        // With this mode, which SQLite keeps in the file, readers never wait for the writer.
        await context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL;", cancellationToken);
        guard.Remember();
    }
}
