using ImageBackup.Core.Backups;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Settings;

namespace ImageBackup.Core.Operations;

/// <summary>Sees to it that no archive ever takes the place of another one on a node.</summary>
public sealed class ArchivePlaces(DataPaths paths, BackupStore backups)
{
    private const int LongestStem = 215;

    /// <summary>The name that a new archive gets on the node: its own, unless a file or a record there has it already.</summary>
    public async Task<string> FreeNameAsync(string backupNodeId, string wanted, int backupId, CancellationToken cancellationToken)
    {
        var dot = wanted.LastIndexOf(".ova", StringComparison.OrdinalIgnoreCase);
        var (stem, extension) = (wanted[..Math.Min(dot, LongestStem)], wanted[dot..]);
        var name = stem + extension;
        return await IsTakenAsync(backupNodeId, name, backupId, cancellationToken)
            ? $"{stem}-{Guid.NewGuid().ToString("N")[..8]}_{backupId}{extension}"
            : name;
    }

    /// <summary>Refuses to fetch a backup's archive to where another one lies.</summary>
    /// <exception cref="InvalidRequestException">The node has a file of that name which is not this backup's.</exception>
    public async Task RequireOwnPlaceAsync(BackupRecord backup, string backupNodeId, CancellationToken cancellationToken)
    {
        var isItsOwnNode = backupNodeId == backup.BackupHost;
        if (await backups.IsFileSharedAsync(backupNodeId, backup.OvaName!, backup.Id, cancellationToken) || (!isItsOwnNode && File.Exists(PathOf(backupNodeId, backup.OvaName!))))
        {
            throw new InvalidRequestException($"Invalid input for field/attribute backup_host. Value: {backupNodeId}. Another archive lies there as {backup.OvaName}; move or delete it, or name another node.");
        }
    }

    private async Task<bool> IsTakenAsync(string backupNodeId, string name, int backupId, CancellationToken cancellationToken)
        => File.Exists(PathOf(backupNodeId, name)) || await backups.IsFileSharedAsync(backupNodeId, name, backupId, cancellationToken);

    private string PathOf(string backupNodeId, string name) => Path.Combine(paths.BackupNode(backupNodeId), name);
}
