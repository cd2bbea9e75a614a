using ImageBackup.Core.Backups;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Settings;
using ImageBackup.Ova.Archive;

namespace ImageBackup.Core.Operations;

/// <summary>Chooses file names on nodes, so that an archive never overwrites another file.</summary>
public sealed class ArchivePlaces(DataPaths paths, BackupStore backups)
{
    private const int LongestStem = 215;

    /// <summary>Returns the name for a new archive on a node: the wanted one, or a longer one if a file or an image backup has it.</summary>
    public async Task<string> FreeNameAsync(ImageBackupDbContext db, BackupRecord backup, string wanted, CancellationToken cancellationToken)
    {
        await db.LockAsync(LockOf(backup.BackupHost), cancellationToken);
        var (stem, extension) = ArchiveName.Split(wanted);
        stem = stem[..Math.Min(stem.Length, LongestStem)];
        var name = stem + extension;
        var isTaken = File.Exists(PathOf(backup.BackupHost, name)) || await BackupStore.IsFileSharedAsync(db, backup.BackupHost, name, backup.Id, cancellationToken);
        return isTaken ? $"{stem}-{Guid.NewGuid().ToString("N")[..8]}_{backup.Id}{extension}" : name;
    }

    /// <summary>Refuses a download of the backup's archive to a node that has another file of its name.</summary>
    /// <exception cref="InvalidRequestException">The name is taken.</exception>
    public async Task RequireOwnPlaceAsync(BackupRecord backup, string backupNodeId, CancellationToken cancellationToken)
    {
        var isItsOwnNode = backupNodeId == backup.BackupHost;
        if (await backups.IsFileSharedAsync(backupNodeId, backup.OvaName!, backup.Id, cancellationToken) || (!isItsOwnNode && File.Exists(PathOf(backupNodeId, backup.OvaName!))))
        {
            throw new InvalidRequestException($"Invalid input for field/attribute backup_host. Value: {backupNodeId}. The node has another file named {backup.OvaName}; move or delete that file, or use another node.");
        }
    }

    /// <exception cref="InvalidRequestException">The node does not have the backup's archive.</exception>
    public void RequireFile(BackupRecord backup, string backupNodeId)
    {
        if (!File.Exists(PathOf(backupNodeId, backup.OvaName!)))
        {
            throw new InvalidRequestException($"Invalid image backup: The archive {backup.OvaName} of image backup {backup.Id} is not on backup node {backupNodeId}.");
        }
    }

    /// <summary>Returns the lock of the transactions that give image backups names of files on a node.</summary>
    internal static string LockOf(string backupNodeId) => $"archives/{backupNodeId}";

    /// <summary>Returns the bytes that a download of this size takes on a node: none if the node has the file.</summary>
    public long MissingBytes(string backupNodeId, string ovaName, long size) => File.Exists(PathOf(backupNodeId, ovaName)) ? 0 : size;

    public string PathOf(string backupNodeId, string ovaName) => Path.Combine(paths.BackupNode(backupNodeId), ovaName);
}
