using System.Text.RegularExpressions;
using ImageBackup.Core.Errors;
using ImageBackup.Core.ObjectStorage;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Settings;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ImageBackup.Core.Emulator;

/// <summary>A named copy of all data.</summary>
/// <param name="Name">The name.</param>
/// <param name="CreatedAt">When it was taken.</param>
public sealed record EmulatorSnapshot(string Name, DateTime CreatedAt);

/// <summary>
/// Takes and restores copies of the database, volumes, archives, embedded buckets, keys and seeded users. They are below <see cref="DataPaths.Snapshots"/> and
/// survive a reset. Volumes are hard links, because nothing writes to a volume's file once it is available. Archives and objects are copied, because tests
/// damage them.
/// </summary>
public sealed partial class EmulatorSnapshots
{
    private const string Reason = "A snapshot was restored through /emulator/snapshots.";
    private const string DatabaseFile = "imagebackup.db";

    private readonly OperationStop operations;
    private readonly DataPaths paths;
    private readonly IOptions<CosOptions> cosOptions;
    private readonly IDbContextFactory<ImageBackupDbContext> contexts;
    private readonly TimeProvider time;

    internal EmulatorSnapshots(OperationStop operations, DataPaths paths, IOptions<CosOptions> cosOptions, IDbContextFactory<ImageBackupDbContext> contexts, TimeProvider time)
        => (this.operations, this.paths, this.cosOptions, this.contexts, this.time) = (operations, paths, cosOptions, contexts, time);

    /// <summary>Returns the snapshots by name.</summary>
    public IReadOnlyList<EmulatorSnapshot> List() => Directory.Exists(paths.Snapshots)
        ? [.. new DirectoryInfo(paths.Snapshots).EnumerateDirectories().Where(directory => Name().IsMatch(directory.Name)).OrderBy(directory => directory.Name, StringComparer.Ordinal).Select(Describe)]
        : [];

    /// <summary>Takes a snapshot.</summary>
    /// <exception cref="InvalidRequestException">The name is wrong, or the database is not SQLite.</exception>
    /// <exception cref="ConflictException">The name is taken, or an operation is not finished.</exception>
    public async Task<EmulatorSnapshot> CreateAsync(string name, CancellationToken cancellationToken)
    {
        if (!Name().IsMatch(name))
        {
            throw new InvalidRequestException($"Invalid input for field/attribute name. Value: {name}. Use 1 to 64 letters, digits, dots, dashes and underscores, the first a letter or digit.");
        }

        await RequireSqliteAsync(cancellationToken);
        var place = PlaceOf(name);
        if (Directory.Exists(place))
        {
            throw new ConflictException($"Snapshot '{name}' exists. Delete it first, or use another name.");
        }

        await operations.RefuseUnfinishedAsync(cancellationToken);
        var partial = Path.Combine(paths.Snapshots, $".partial-{name}");
        if (Directory.Exists(partial))
        {
            Directory.Delete(partial, recursive: true);
        }

        Directory.CreateDirectory(partial);
        CopyDatabase(paths.Database, Path.Combine(partial, DatabaseFile));
        foreach (var (directory, copyName, copy) in Directories())
        {
            copy(directory, Path.Combine(partial, copyName));
        }

        foreach (var file in Files().Where(File.Exists))
        {
            File.Copy(file, Path.Combine(partial, Path.GetFileName(file)));
        }

        Directory.Move(partial, place);
        return Describe(new DirectoryInfo(place));
    }

    /// <summary>Stops all operations and returns to a snapshot. Tokens that were issued since stay valid.</summary>
    /// <exception cref="NotFoundException">There is no such snapshot.</exception>
    /// <exception cref="ConflictException">Another version of the service took the snapshot.</exception>
    public async Task RestoreAsync(string name, CancellationToken cancellationToken)
    {
        var place = Find(name);
        await RequireSqliteAsync(cancellationToken);
        await RequireSameSchemaAsync(Path.Combine(place, DatabaseFile), name, cancellationToken);
        await operations.StopAllAsync(Reason, cancellationToken);

        // A canceled request must not leave half of the data.
        await using var db = await contexts.CreateDbContextAsync(CancellationToken.None);
        var now = time.GetUtcNow().UtcDateTime;
        var tokens = await db.Tokens.AsNoTracking().Where(token => token.ExpiresAt > now).ToListAsync(CancellationToken.None);
        CopyDatabase(Path.Combine(place, DatabaseFile), paths.Database);
        var kept = await db.Tokens.Where(token => token.ExpiresAt > now).Select(token => token.Hash).ToListAsync(CancellationToken.None);
        db.Tokens.AddRange(tokens.Where(token => !kept.Contains(token.Hash)));
        await db.SaveChangesAsync(CancellationToken.None);
        foreach (var (directory, copyName, copy) in Directories())
        {
            // Keys are only added: the running service encrypts with the newest one.
            if (directory != paths.Keys)
            {
                FileTree.Empty(directory);
                copy(Path.Combine(place, copyName), directory);
            }
        }

        RestoreFiles(place);
    }

    /// <summary>Deletes a snapshot.</summary>
    /// <exception cref="NotFoundException">There is no such snapshot.</exception>
    public void Delete(string name) => Directory.Delete(Find(name), recursive: true);

    private void RestoreFiles(string place)
    {
        foreach (var key in Directory.EnumerateFiles(Path.Combine(place, Path.GetFileName(paths.Keys))))
        {
            File.Copy(key, Path.Combine(paths.Keys, Path.GetFileName(key)), overwrite: true);
        }

        foreach (var file in Files())
        {
            var copy = Path.Combine(place, Path.GetFileName(file));
            File.Delete(file);
            if (File.Exists(copy))
            {
                File.Copy(copy, file);
            }
        }
    }

    private IEnumerable<(string Directory, string CopyName, Action<string, string> Copy)> Directories()
    {
        yield return (paths.Volumes, "volumes", FileTree.Link);
        yield return (paths.BackupNodes, "backup-nodes", FileTree.Copy);
        yield return (paths.Keys, "keys", FileTree.Copy);
        if (cosOptions.Value.IsEmbedded)
        {
            yield return (cosOptions.Value.EmbeddedRoot(paths), "cos", FileTree.Copy);
        }
    }

    private string[] Files() => [paths.SeededUsers, paths.Seeded];

    private string PlaceOf(string name) => Path.Combine(paths.Snapshots, name);

    private string Find(string name) => Name().IsMatch(name) && Directory.Exists(PlaceOf(name)) ? PlaceOf(name) : throw new NotFoundException($"Snapshot {name} could not be found.");

    private static EmulatorSnapshot Describe(DirectoryInfo place) => new(place.Name, File.GetLastWriteTimeUtc(Path.Combine(place.FullName, DatabaseFile)));

    /// <summary>Copies the database by SQLite's online backup, so that the service's open connections see the copied rows (https://sqlite.org/backup.html).</summary>
    private static void CopyDatabase(string from, string to)
    {
        using var source = new SqliteConnection($"Data Source={from};Pooling=False");
        using var target = new SqliteConnection($"Data Source={to};Pooling=False");
        source.Open();
        target.Open();
        using var wait = target.CreateCommand();
        wait.CommandText = "PRAGMA busy_timeout = 15000";
        wait.ExecuteNonQuery();
        source.BackupDatabase(target);
    }

    private async Task RequireSqliteAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (!db.Database.IsSqlite())
        {
            throw new InvalidRequestException($"Snapshots need a SQLite database; this service uses {db.Database.ProviderName}. Set Database:Provider to Sqlite, or use /emulator/reset and a seed.");
        }
    }

    private async Task RequireSameSchemaAsync(string snapshot, string name, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var present = (await db.Database.GetAppliedMigrationsAsync(cancellationToken)).Last();
        await using var connection = new SqliteConnection($"Data Source={snapshot};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = """SELECT max("MigrationId") FROM "__EFMigrationsHistory" """;
        if (await command.ExecuteScalarAsync(cancellationToken) is var taken && !present.Equals(taken))
        {
            throw new ConflictException($"Another version of the service took snapshot '{name}': its last migration is {taken}, the database has {present}. Take the snapshot again.");
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,63}\z")]
    private static partial Regex Name();
}
