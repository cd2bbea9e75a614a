using ImageBackup.Core.Access;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Persistence.PostgreSql;
using ImageBackup.Core.Settings;
using ImageBackup.Ova.Archive;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.BackupNodes;

/// <summary>Looks at the directory of a backup node: health, space, archives.</summary>
public sealed class NodeContents(BackupNodeStore nodes, DirectoryMarkers markers, IDbContextFactory<ImageBackupDbContext> contexts)
{
    /// <summary>A network directory may not answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private const int Batch = 500;

    private readonly Dictionary<string, Task<NodeHealth>> probes = [];

    /// <summary>Returns whether a node is up, its space, and what the caller's image backups take of it.</summary>
    /// <exception cref="Errors.NotFoundException">The node is not registered.</exception>
    public async Task<NodeHealth> GetHealthAsync(Caller caller, string id, CancellationToken cancellationToken)
    {
        var node = await nodes.GetAsync(caller.ProjectId, id, cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var own = context.Backups.Where(backup => backup.ProjectId == caller.ProjectId && backup.BackupHost == node.BackupNodeId);
        var (count, bytes) = (await own.CountAsync(cancellationToken), await own.SumAsync(backup => backup.OvaSize ?? 0, cancellationToken));
        try
        {
            var space = await ProbeAsync(nodes.DirectoryOf(node)).WaitAsync(Patience, cancellationToken);
            if (space.Reason is null)
            {
                await markers.CheckAsync(nodes.DirectoryOf(node), cancellationToken);
            }

            return space with { BackupCount = count, ArchiveBytes = bytes };
        }
        catch (UnavailableException wrong)
        {
            return new NodeHealth(wrong.Message, null, null, count, bytes);
        }
        catch (TimeoutException)
        {
            return new NodeHealth($"The directory of the node did not answer within {Patience.TotalSeconds} s.", null, null, count, bytes);
        }
    }

    /// <summary>Returns the archives at the top of a node's directory, by name, without those of other projects only.</summary>
    /// <exception cref="Errors.NotFoundException">The node is not registered.</exception>
    public async Task<Page<NodeArchive>> ListAsync(Caller caller, string id, PageRequest page, bool onlyUnrecorded, CancellationToken cancellationToken)
    {
        var node = await nodes.GetAsync(caller.ProjectId, id, cancellationToken);
        var directory = new DirectoryInfo(nodes.DirectoryOf(node));
        var files = (directory.Exists ? directory.EnumerateFiles() : [])
            .Where(file => file.Name[0] != '.' && ArchiveName.IsArchive(file.Name) && file.LinkTarget is null && (page.Marker is null || string.CompareOrdinal(file.Name, page.Marker) > 0))
            .OrderBy(file => file.Name, StringComparer.Ordinal);
        var found = new List<NodeArchive>();
        foreach (var batch in files.Chunk(Batch))
        {
            var owners = await OwnersAsync(node, [.. batch.Select(file => file.Name)], cancellationToken);
            // A deletion may remove a file meanwhile. FileInfo keeps what Exists has read.
            found.AddRange(batch.Where(file => file.Exists && (!owners.Contains(file.Name) || owners[file.Name].Any(owner => owner.ProjectId == caller.ProjectId)))
                .Select(file => new NodeArchive(file.Name, file.Length, file.LastWriteTimeUtc, owners[file.Name].FirstOrDefault(owner => owner.ProjectId == caller.ProjectId)?.Id))
                .Where(archive => !onlyUnrecorded || archive.BackupId is null));
            if (found.Count > page.Limit + page.Offset)
            {
                break;
            }
        }

        var items = found.Skip(page.Offset).Take(page.Limit).ToList();
        return new Page<NodeArchive>(items, found.Count > page.Limit + page.Offset && items.Count > 0 ? items[^1] : null, null);
    }

    /// <summary>Looks at a directory. As long as it does not answer, all requests wait for the same look, so that it holds one thread only.</summary>
    private Task<NodeHealth> ProbeAsync(string directory)
    {
        lock (probes)
        {
            return probes.TryGetValue(directory, out var probe) && !probe.IsCompleted ? probe : probes[directory] = Task.Run(() => SpaceOf(directory));
        }
    }

    private static NodeHealth SpaceOf(string directory)
    {
        try
        {
            return ReadSpace(directory);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new NodeHealth("The disk of the node cannot be read.", null, null, 0, 0);
        }
    }

    private static NodeHealth ReadSpace(string directory)
    {
        if (!WriteProbe.Succeeds(directory))
        {
            return new NodeHealth(Directory.Exists(directory) ? "The directory of the node cannot be written." : "The directory of the node is missing.", null, null, 0, 0);
        }

        var drive = new DriveInfo(directory);
        return new NodeHealth(WriteProbe.Succeeds(directory, withData: true) ? null : "The disk of the node is full.", drive.TotalSize, drive.AvailableFreeSpace, 0, 0);
    }

    private async Task<ILookup<string, Owner>> OwnersAsync(BackupNodeRecord node, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var owners = await context.Backups.Where(backup => backup.BackupHost == node.BackupNodeId && names.Contains(backup.OvaName))
            .OrderBy(backup => backup.Id).Select(backup => new Owner(backup.OvaName!, backup.Id, backup.ProjectId)).ToListAsync(cancellationToken);
        return owners.ToLookup(owner => owner.OvaName, StringComparer.Ordinal);
    }

    private sealed record Owner(string OvaName, int Id, string ProjectId);
}

/// <summary>The health of a backup node.</summary>
/// <param name="Reason">Why the node is down; null if it is up.</param>
/// <param name="TotalBytes">Bytes of the node's disk; null if they are not known.</param>
/// <param name="FreeBytes">Bytes of it that are free; null if they are not known.</param>
/// <param name="BackupCount">The caller's image backups on the node.</param>
/// <param name="ArchiveBytes">Bytes of their archives.</param>
public sealed record NodeHealth(string? Reason, long? TotalBytes, long? FreeBytes, int BackupCount, long ArchiveBytes);

/// <summary>An archive on a backup node.</summary>
/// <param name="Name">The name of the file.</param>
/// <param name="Size">Bytes.</param>
/// <param name="ModifiedAt">The last change, UTC.</param>
/// <param name="BackupId">The caller's image backup; null for an archive without one.</param>
public sealed record NodeArchive(string Name, long Size, DateTime ModifiedAt, int? BackupId);
