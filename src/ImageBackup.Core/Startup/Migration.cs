using ImageBackup.Core.Errors;
using ImageBackup.Core.Persistence.PostgreSql;
using ImageBackup.Core.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ImageBackup.Core.Startup;

/// <summary>Brings the database of the settings up to date without starting the service.</summary>
public static class Migration
{
    /// <summary>Creates the database's tables, or adds what this version needs.</summary>
    /// <exception cref="StartException">The database cannot be used, a newer version has written it, or a process uses the data directory of a SQLite database.</exception>
    public static async Task RunAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var database = services.GetRequiredService<IDatabaseSetup>();
        if (!database.IsShared)
        {
            services.GetRequiredService<DataDirectoryLock>().Take(isShared: false);
        }

        await ExplainAsync(database, () => database.MigrateAsync(cancellationToken));
    }

    /// <summary>Creates the tables of a PostgreSQL database, and moves a SQLite database and its keys there. The files of the data directory stay where they are.</summary>
    /// <param name="services">The services of a host that was not started.</param>
    /// <param name="from">A data directory, or the file of a database.</param>
    /// <param name="cancellationToken">Stops the move. Nothing is moved then.</param>
    /// <exception cref="StartException">One of the databases cannot be used, a service uses the SQLite database, or the PostgreSQL database is not empty.</exception>
    public static async Task<IReadOnlyList<MovedTable>> MoveAsync(IServiceProvider services, string from, CancellationToken cancellationToken)
    {
        if (services.GetRequiredService<IDatabaseSetup>() is not PostgreSqlSetup database)
        {
            throw new StartException($"--from moves a SQLite database to PostgreSQL, but {DatabaseOptions.Section}:{nameof(DatabaseOptions.Provider)} is Sqlite. Set it to PostgreSql.");
        }

        await using var source = MoveSource.Open(from);
        var connectionString = services.GetRequiredService<IOptions<DatabaseOptions>>().Value.Secret.Read()!;
        var move = new DatabaseMove(source, connectionString, services.GetRequiredService<SharedKeys>());
        IReadOnlyList<MovedTable> moved = [];
        await ExplainAsync(database, () => database.MigrateAsync(async token => moved = await move.RunAsync(token), cancellationToken));
        return moved;
    }

    private static async Task ExplainAsync(IDatabaseSetup database, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception failure) when (database.Explain(failure) is { } reason)
        {
            throw new StartException(reason, failure);
        }
    }
}
