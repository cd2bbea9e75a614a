using ImageBackup.Core.Access;
using ImageBackup.Core.BackupNodes;
using ImageBackup.Core.Backups;
using ImageBackup.Core.Persistence;
using ImageBackup.Disks;
using ImageBackup.Ova;
using ImageBackup.Ova.Archive;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.Operations.Discover;

/// <summary>
/// Registers the archives on a node that have no image backup yet: (1) list the archives without those of other projects, then in batches (2) read the new
/// ones, (3) add an image backup for each.
/// </summary>
public sealed class OvaDiscovery(BackupNodeStore nodes, IDbContextFactory<ImageBackupDbContext> contexts, TimeProvider time)
{
    private const int LongestName = 255;
    private const int Batch = 100;

    /// <summary>Adds an <c>available</c> image backup for every readable new archive at the top of the node's directory.</summary>
    internal async Task RunAsync(Discovery discovery, CancellationToken cancellationToken)
    {
        var others = await OfOtherProjectsAsync(discovery, cancellationToken);
        var files = new DirectoryInfo(nodes.DirectoryOf(discovery.Node)).EnumerateFiles()
            .Where(file => file.Name[0] != '.' && ArchiveName.IsArchive(file.Name) && !others.Contains(file.Name))
            .OrderBy(file => file.LastWriteTimeUtc).ThenBy(file => file.Name, StringComparer.Ordinal)
            .ToList();
        discovery.Find([.. files.Select(file => file.Name)]);
        foreach (var batch in files.Chunk(Batch))
        {
            var known = await KnownAsync(discovery.Node, [.. batch.Select(file => file.Name)], cancellationToken);
            discovery.Read(known.Count);
            var described = new List<BackupRecord>();
            foreach (var file in batch.Where(file => !known.Contains(file.Name)))
            {
                if (await TryDescribeAsync(discovery, file, cancellationToken) is { } record)
                {
                    described.Add(record);
                }

                discovery.Read(1);
            }

            discovery.Add(await RegisterAsync(discovery.Node, described, cancellationToken));
        }
    }

    /// <summary>Returns the names of the node's archives that only other projects know. Their names tell what those projects have.</summary>
    private async Task<HashSet<string>> OfOtherProjectsAsync(Discovery discovery, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var known = context.Backups.Where(backup => backup.BackupHost == discovery.Node.BackupNodeId && backup.OvaName != null);
        var own = known.Where(backup => backup.ProjectId == discovery.Caller.ProjectId).Select(backup => backup.OvaName!);
        return (await known.Where(backup => backup.ProjectId != discovery.Caller.ProjectId).Select(backup => backup.OvaName!).Except(own)
            .ToListAsync(cancellationToken)).ToHashSet(StringComparer.Ordinal);
    }

    private async Task<HashSet<string>> KnownAsync(BackupNodeRecord node, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await KnownAsync(context, node, names, cancellationToken);
    }

    private static async Task<HashSet<string>> KnownAsync(ImageBackupDbContext context, BackupNodeRecord node, IReadOnlyList<string> names, CancellationToken cancellationToken)
        => (await context.Backups.Where(backup => backup.BackupHost == node.BackupNodeId && names.Contains(backup.OvaName))
            .Select(backup => backup.OvaName!).ToListAsync(cancellationToken)).ToHashSet(StringComparer.Ordinal);

    /// <summary>Returns the image backup of an archive; null if the archive cannot be read.</summary>
    private async Task<BackupRecord?> TryDescribeAsync(Discovery discovery, FileInfo file, CancellationToken cancellationToken)
    {
        try
        {
            return await DescribeAsync(discovery.Caller, discovery.Node, file, cancellationToken);
        }
        catch (Exception e) when (e is InvalidOvaException or IOException)
        {
            discovery.Break(file.Name, e is InvalidOvaException ? e.Message : "The file can't be read.");
            return null;
        }
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

    /// <summary>Adds image backups in one transaction, and returns those that were added.</summary>
    private async Task<IReadOnlyList<BackupRecord>> RegisterAsync(BackupNodeRecord node, List<BackupRecord> records, CancellationToken cancellationToken)
    {
        if (records.Count == 0)
        {
            return [];
        }

        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);

        // An import may have added one of them meanwhile.
        await context.LockAsync(ArchivePlaces.LockOf(node.BackupNodeId), cancellationToken);
        var known = await KnownAsync(context, node, [.. records.Select(record => record.OvaName!)], cancellationToken);
        var missing = records.Where(record => !known.Contains(record.OvaName!)).ToList();
        context.Backups.AddRange(missing);
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return missing;
    }

    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(text))]
    private static string? Cut(string? text) => text?.Length > LongestName ? text[..LongestName] : text;
}
