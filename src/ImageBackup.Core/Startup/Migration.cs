using Microsoft.Extensions.DependencyInjection;

namespace ImageBackup.Core.Startup;

/// <summary>Brings the database of the settings up to date without starting the service.</summary>
public static class Migration
{
    /// <summary>Creates the database's tables, or adds what this version needs.</summary>
    /// <exception cref="Errors.StartException">The database cannot be used, a newer version has written it, or a process uses the data directory of a SQLite database.</exception>
    public static async Task RunAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var database = services.GetRequiredService<IDatabaseSetup>();
        if (!database.IsShared)
        {
            services.GetRequiredService<DataDirectoryLock>().Take(isShared: false);
        }

        try
        {
            await database.MigrateAsync(cancellationToken);
        }
        catch (Exception failure) when (database.Explain(failure) is { } reason)
        {
            throw new Errors.StartException(reason, failure);
        }
    }
}
