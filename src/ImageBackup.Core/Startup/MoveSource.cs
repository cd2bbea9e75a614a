using ImageBackup.Core.Errors;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Settings;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ImageBackup.Core.Startup;

/// <summary>The SQLite database that is moved, with the keys beside it. No service can use it until the end of the move.</summary>
internal sealed class MoveSource : IDisposable, IAsyncDisposable
{
    private readonly DataDirectoryLock directoryLock;

    private MoveSource(string file)
    {
        File = file;
        Paths = new DataPaths(Options.Create(new ImageBackupOptions { DataDirectory = Path.GetDirectoryName(file)! }));
        directoryLock = new DataDirectoryLock(Paths);
        directoryLock.TakeAsItIs(isShared: false);
        var connection = new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadWrite, Pooling = false };
        Database = new ImageBackupDbContext(new DbContextOptionsBuilder<ImageBackupDbContext>()
            .UseSqlite(connection.ConnectionString).UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking).Options);
    }

    public string File { get; }

    /// <summary>The data directory of the database.</summary>
    public DataPaths Paths { get; }

    public ImageBackupDbContext Database { get; }

    /// <summary>Opens the database of a data directory, or a file.</summary>
    /// <exception cref="StartException">There is no database, or a service uses it.</exception>
    public static MoveSource Open(string place)
    {
        var path = Path.GetFullPath(place);
        var file = Directory.Exists(path) ? Path.Combine(path, DataPaths.DatabaseName) : path;
        return System.IO.File.Exists(file)
            ? new MoveSource(file)
            : throw new StartException($"--from '{place}' has no database: {file} does not exist. Name a data directory or its {DataPaths.DatabaseName}.");
    }

    /// <summary>Keeps other writers away, and refuses a database that is not of this version.</summary>
    /// <exception cref="StartException">Another version has written the database, or the keys that decrypt its credentials are missing.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        await Database.Database.BeginTransactionAsync(cancellationToken);
        if (await MigrationState.RequiresMigrationAsync(Database, File, cancellationToken))
        {
            throw new StartException($"{File} is not a database of version {ServiceVersion.Current}. Start this version on it once, with {DatabaseOptions.Section}:{nameof(DatabaseOptions.Provider)} Sqlite, and move it then.");
        }

        var hasSecrets = await Database.Cos.AnyAsync(cancellationToken) || await Database.BackupNodes.AnyAsync(node => node.ProtectedPassword != null, cancellationToken);
        if (hasSecrets && !(Directory.Exists(Paths.Keys) && Directory.EnumerateFiles(Paths.Keys, "key-*.xml").Any()))
        {
            throw new StartException($"{Paths.Keys} has no keys, and without them the credentials in {File} cannot be read. Put the directory keys/ of the service beside the database.");
        }
    }

    /// <summary>Returns the last id that a table has given to a row; 0 if it has none.</summary>
    public async Task<long> LastIdAsync(string table, CancellationToken cancellationToken)
        => (await Database.Database.SqlQuery<long>($"SELECT seq AS Value FROM sqlite_sequence WHERE name = {table}").ToListAsync(cancellationToken)).SingleOrDefault();

    public void Dispose()
    {
        Database.Dispose();
        directoryLock.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        directoryLock.Dispose();
    }
}
