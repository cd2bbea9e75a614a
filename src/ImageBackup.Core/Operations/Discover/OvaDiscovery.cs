using ImageBackup.Core.Access;
using ImageBackup.Core.BackupNodes;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Persistence;
using ImageBackup.Ova;
using ImageBackup.Ova.Archive;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.Operations.Discover;

/// <summary>Finds archives that lie on a node and that no image backup knows, and registers them.</summary>
public sealed class OvaDiscovery(BackupNodeStore nodes, IDbContextFactory<ImageBackupDbContext> contexts, TimeProvider time)
{
    private const int LongestName = 255;

    /// <summary>Looks through the top of a node's directory and registers an <c>available</c> backup for every readable archive that is new.</summary>
    /// <exception cref="NotFoundException">There is no such node.</exception>
    /// <exception cref="UnavailableException">The node is down.</exception>
    public async Task<DiscoveredArchives> DiscoverAsync(Caller caller, string nodeId, CancellationToken cancellationToken)
    {
        var node = await nodes.ResolveAsync((await nodes.GetAsync(nodeId, cancellationToken)).BackupNodeId, cancellationToken);
        var files = new DirectoryInfo(nodes.DirectoryOf(node)).EnumerateFiles()
            .Where(file => IsArchiveName(file.Name))
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

    private static bool IsArchiveName(string name)
        => name[0] != '.'
            && (name.EndsWith(".ova", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".ova.gz", StringComparison.OrdinalIgnoreCase));

    private async Task<HashSet<string>> KnownAsync(BackupNodeRecord node, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return (await context.Backups.Where(backup => backup.BackupHost == node.BackupNodeId && backup.OvaName != null)
            .Select(backup => backup.OvaName!).ToListAsync(cancellationToken)).ToHashSet(StringComparer.Ordinal);
    }

    private async Task<BackupRecord> DescribeAsync(Caller caller, BackupNodeRecord node, FileInfo file, CancellationToken cancellationToken)
    {
        // A link could lead anywhere, and opening a pipe would wait for ever; both have no size of their own.
        if (file.LinkTarget is not null || file.Length == 0)
        {
            throw new InvalidOvaException("It is no plain file with content.");
        }

        var archive = await ReadAsync(file, nodes.DirectoryOf(node), cancellationToken);
        var baseName = file.Name[..file.Name.LastIndexOf(".ova", StringComparison.OrdinalIgnoreCase)];
        return new BackupRecord
        {
            ProjectId = caller.ProjectId,
            UserId = caller.UserId,
            Name = Cut(baseName.Length == 0 ? file.Name : baseName),
            Description = Cut(archive.Descriptor.Description),
            Status = BackupStatus.Available,
            ImageName = Cut(archive.Descriptor.Name),
            BackupHost = node.BackupNodeId,
            OvaName = file.Name,
            OvaSize = file.Length,
            Size = (int)Math.Min(int.MaxValue, archive.Volumes.Sum(volume => (long)Gibibytes.RoundUp(volume.Volume.Capacity))),
            OsType = archive.Descriptor.OsType,
            Architecture = archive.Descriptor.Architecture,
            EffectiveCompression = archive.Volumes.Any(volume => volume.IsGzip) ? "True" : "False",
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

        // Somebody else may have been quicker.
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

/// <summary>What a look through a node's directory has shown.</summary>
/// <param name="Node">The node.</param>
/// <param name="Found">The names of all archives there.</param>
/// <param name="Added">The image backups that were registered.</param>
/// <param name="Broken">The archives that can't be read.</param>
public sealed record DiscoveredArchives(
    BackupNodeRecord Node, IReadOnlyList<string> Found, IReadOnlyList<BackupRecord> Added, IReadOnlyList<BrokenArchive> Broken);

/// <summary>An archive that can't be read, and why.</summary>
public sealed record BrokenArchive(string Name, string Reason);
