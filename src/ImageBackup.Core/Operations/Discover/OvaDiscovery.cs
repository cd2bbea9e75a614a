using ImageBackup.Core.Access;
using ImageBackup.Core.BackupNodes;
using ImageBackup.Core.Backups;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Persistence;
using ImageBackup.Disks;
using ImageBackup.Ova;
using ImageBackup.Ova.Archive;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.Operations.Discover;

/// <summary>Registers the archives on a node that have no image backup yet: (1) list the archives, (2) read each new one, (3) add an image backup for it.</summary>
public sealed class OvaDiscovery(BackupNodeStore nodes, BackupNodeResolver resolver, IDbContextFactory<ImageBackupDbContext> contexts, TimeProvider time)
{
    private const int LongestName = 255;

    /// <summary>Adds an <c>available</c> image backup for every readable new archive at the top of the node's directory.</summary>
    /// <exception cref="NotFoundException">No node has the id.</exception>
    /// <exception cref="UnavailableException">The node is down.</exception>
    public async Task<DiscoveredArchives> DiscoverAsync(Caller caller, string nodeId, CancellationToken cancellationToken)
    {
        var node = await resolver.ResolveAsync(caller.ProjectId, (await nodes.GetAsync(caller.ProjectId, nodeId, cancellationToken)).BackupNodeId, cancellationToken);
        var files = new DirectoryInfo(nodes.DirectoryOf(node)).EnumerateFiles()
            .Where(file => file.Name[0] != '.' && ArchiveName.IsArchive(file.Name))
            .OrderBy(file => file.LastWriteTimeUtc).ThenBy(file => file.Name, StringComparer.Ordinal)
            .ToList();
        var known = await KnownAsync(node, cancellationToken);
        var added = new List<BackupRecord>();
        var broken = new List<BrokenArchive>();
        foreach (var file in files.Where(file => !known.Contains(file.Name)))
        {
            try
            {
                if (await RegisterAsync(await DescribeAsync(caller, node, file, cancellationToken), cancellationToken) is { } record)
                {
                    added.Add(record);
                }
            }
            catch (Exception e) when (e is InvalidOvaException or IOException)
            {
                broken.Add(new BrokenArchive(file.Name, e is InvalidOvaException ? e.Message : "The file can't be read."));
            }
        }

        return new DiscoveredArchives(node, [.. files.Select(file => file.Name)], added, broken);
    }

    private async Task<HashSet<string>> KnownAsync(BackupNodeRecord node, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return (await context.Backups.Where(backup => backup.BackupHost == node.BackupNodeId && backup.OvaName != null)
            .Select(backup => backup.OvaName!).ToListAsync(cancellationToken)).ToHashSet(StringComparer.Ordinal);
    }

    private async Task<BackupRecord> DescribeAsync(Caller caller, BackupNodeRecord node, FileInfo file, CancellationToken cancellationToken)
    {
        // A link can lead out of the directory. Opening a pipe would block; a pipe has no length.
        if (file.LinkTarget is not null || file.Length == 0)
        {
            throw new InvalidOvaException("It is no plain file with content.");
        }

        var archive = await ReadAsync(file, nodes.DirectoryOf(node), cancellationToken);
        return new BackupRecord
        {
            ProjectId = caller.ProjectId,
            UserId = caller.UserId,
            Name = Cut(ArchiveName.Split(file.Name).Stem),
            Description = Cut(archive.Descriptor.Description),
            Status = BackupStatus.Available,
            ImageName = Cut(archive.Descriptor.Name),
            BackupHost = node.BackupNodeId,
            OvaName = file.Name,
            OvaSize = file.Length,
            Size = (int)Math.Min(int.MaxValue, archive.Volumes.Sum(volume => (long)Gibibytes.RoundUp(volume.Volume.Capacity))),
            OsType = archive.Descriptor.OsType,
            Architecture = archive.Descriptor.Architecture,
            EffectiveCompression = (archive.Volumes.Any(volume => volume.Disk.Compression is DiskFormat.Gzip) ? OvaCompression.Gzip : OvaCompression.None).ToWire(),
            CreatedAt = time.GetUtcNow().UtcDateTime,
        };
    }

    private static async Task<OvaArchive> ReadAsync(FileInfo file, string scratchDirectory, CancellationToken cancellationToken)
    {
        var archive = await OvaReader.ReadAsync(
            file.FullName, new OvaReaderOptions { ScratchDirectory = scratchDirectory }, (_, _) => ValueTask.CompletedTask, cancellationToken);
        if (archive.ScratchFile is { } scratch)
        {
            File.Delete(scratch);
        }

        return archive;
    }

    private async Task<BackupRecord?> RegisterAsync(BackupRecord record, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);

        // A parallel request may have added it.
        await context.LockAsync(ArchivePlaces.LockOf(record.BackupHost), cancellationToken);
        if (await context.Backups.AnyAsync(backup => backup.BackupHost == record.BackupHost && backup.OvaName == record.OvaName, cancellationToken))
        {
            return null;
        }

        context.Backups.Add(record);
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return record;
    }

    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(text))]
    private static string? Cut(string? text) => text?.Length > LongestName ? text[..LongestName] : text;
}

/// <summary>The result of a discovery.</summary>
/// <param name="Node">The node.</param>
/// <param name="Found">The names of all archives on the node.</param>
/// <param name="Added">The image backups that were added.</param>
/// <param name="Broken">The archives that cannot be read.</param>
public sealed record DiscoveredArchives(
    BackupNodeRecord Node, IReadOnlyList<string> Found, IReadOnlyList<BackupRecord> Added, IReadOnlyList<BrokenArchive> Broken);

/// <summary>An archive that cannot be read, and the reason.</summary>
public sealed record BrokenArchive(string Name, string Reason);
