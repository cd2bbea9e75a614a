using System.Collections.Concurrent;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Settings;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.Persistence.PostgreSql;

/// <summary>
/// Tells the directories of volumes and archives from others that are mounted in their place, and from the empty directory that a missing mount leaves. A marker
/// file in each says which one it is, and the database knows the marker. Only with several processes: a single process has locked its data directory.
/// </summary>
public sealed class DirectoryMarkers(IDbContextFactory<PostgreSqlDbContext> contexts, DataPaths paths, bool isActive)
{
    /// <summary>The name of the marker file.</summary>
    public const string FileName = ".imagebackup-directory";

    /// <summary>Markers that were found in the database, by directory.</summary>
    private readonly ConcurrentDictionary<string, string> known = new(StringComparer.Ordinal);

    /// <summary>Compares the marker in a directory with the one in the database. A directory that the database does not know gets a marker.</summary>
    /// <exception cref="UnavailableException">The directory has another marker, or none.</exception>
    public async Task CheckAsync(string directory, CancellationToken cancellationToken)
    {
        if (!isActive)
        {
            return;
        }

        var found = await ReadAsync(directory, cancellationToken);
        if (found.Length > 0 && known.TryGetValue(directory, out var expected) && found == expected)
        {
            return;
        }

        expected = known[directory] = await ExpectAsync(directory, found, cancellationToken);
        if (found != expected && await ReadAsync(directory, cancellationToken) != expected)
        {
            throw new UnavailableException($"The directory {NameOf(directory)} is not the one of this database: {FileName} in it {(found.Length > 0 ? $"contains {found}" : "is missing")}, expected is {expected}. Mount the right directory.");
        }
    }

    /// <summary>Forgets a directory that is no longer used, so that another one may take its place.</summary>
    public async Task ForgetAsync(string directory, CancellationToken cancellationToken)
    {
        if (!isActive)
        {
            return;
        }

        var name = NameOf(directory);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var own = await db.Directories.Where(row => row.Name == name).Select(row => row.Marker).SingleOrDefaultAsync(cancellationToken);
        await db.Directories.Where(row => row.Name == name).ExecuteDeleteAsync(cancellationToken);
        known.TryRemove(directory, out _);

        // The directory of another database may be mounted in its place.
        if (own is not null && await ReadAsync(directory, cancellationToken) == own)
        {
            File.Delete(FileOf(directory));
        }
    }

    /// <summary>Forgets all directories, whose files were removed.</summary>
    public async Task ForgetAllAsync(CancellationToken cancellationToken)
    {
        if (isActive)
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            await db.Directories.ExecuteDeleteAsync(cancellationToken);
            known.Clear();
        }
    }

    /// <summary>Returns the marker in the database. For a directory that it does not know, adds one to the database and to the directory.</summary>
    private async Task<string> ExpectAsync(string directory, string found, CancellationToken cancellationToken)
    {
        var name = NameOf(directory);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.LockAsync("directories", cancellationToken);
        if (await db.Directories.AsNoTracking().SingleOrDefaultAsync(row => row.Name == name, cancellationToken) is { } row)
        {
            return row.Marker;
        }

        if (found.Length > 0)
        {
            throw new UnavailableException($"The directory {name} belongs to another database: {FileName} in it contains {found}, expected is no such file. Mount the right directory, or delete the file if no other service uses the directory.");
        }

        var marker = Guid.NewGuid().ToString();
        db.Directories.Add(new DirectoryRecord { Name = name, Marker = marker });
        await db.SaveChangesAsync(cancellationToken);
        await WriteAsync(directory, name, marker, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return marker;
    }

    private string NameOf(string directory) => Path.GetRelativePath(paths.Root, directory);

    private static string FileOf(string directory) => Path.Combine(directory, FileName);

    /// <summary>Returns the marker in a directory; an empty text if there is none.</summary>
    /// <exception cref="UnavailableException">The marker cannot be read, for example because the file server is away.</exception>
    private async Task<string> ReadAsync(string directory, CancellationToken cancellationToken)
    {
        try
        {
            return (await File.ReadAllTextAsync(FileOf(directory), cancellationToken)).Trim();
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return "";
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new UnavailableException($"The directory {NameOf(directory)} cannot be used: {FileName} in it cannot be read.", refused);
        }
    }

    /// <exception cref="UnavailableException">The directory cannot be written.</exception>
    private static async Task WriteAsync(string directory, string name, string marker, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = new FileStream(FileOf(directory), FileMode.Create, FileAccess.Write);
            await using var text = new StreamWriter(file);
            await text.WriteLineAsync(marker.AsMemory(), cancellationToken);
            await text.FlushAsync(cancellationToken);
            file.Flush(flushToDisk: true);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new UnavailableException($"The directory {name} cannot be marked as the one of this database: {FileName} cannot be written.", refused);
        }
    }
}
