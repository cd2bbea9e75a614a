using ImageBackup.Core.Errors;
using ImageBackup.Core.Settings;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.Startup;

/// <summary>Compares the migrations of the program with those of the database.</summary>
internal static class MigrationState
{
    /// <summary>Returns true if the database lacks a migration that this version knows.</summary>
    /// <exception cref="StartException">A newer version has written the database.</exception>
    public static async Task<bool> RequiresMigrationAsync(DbContext context, string database, CancellationToken cancellationToken)
    {
        var known = context.Database.GetMigrations().ToList();
        var applied = (await context.Database.GetAppliedMigrationsAsync(cancellationToken)).ToList();
        if (applied.Except(known).LastOrDefault() is { } unknown)
        {
            throw new StartException($"A newer version has written the database {database}: its last migration is {unknown}, version {ServiceVersion.Current} knows the migrations up to {known[^1]}. Start the newer version, or restore a backup of the database.");
        }

        return known.Except(applied).Any();
    }
}
