using ImageBackup.Core.Flows;
using ImageBackup.Core.ObjectStorage;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Settings;

namespace ImageBackup.Core.Operations.Download;

/// <summary>The state of a download.</summary>
internal sealed class DownloadState : INodeState
{
    public required int BackupId { get; init; }

    public required string ProjectId { get; init; }

    /// <summary>The bucket; null for a download from a URL.</summary>
    public string? Bucket { get; init; }

    /// <summary>The object's key; null for a download from a URL.</summary>
    public string? ObjectKey { get; init; }

    /// <summary>The encrypted URL; null for a download from a bucket.</summary>
    public string? SourceUrl { get; init; }

    /// <summary>Bytes of the archive when the operation was accepted.</summary>
    public required long Size { get; init; }

    /// <summary>Bytes that the archive takes on the disk of the node; 0 if the node has the file.</summary>
    public long SpaceBytes { get; init; }

    /// <summary>The recorded or expected SHA-256; null for an archive that is new to this service.</summary>
    public string? Sha256 { get; init; }

    /// <summary>The node that gets the archive.</summary>
    public required string BackupNodeId { get; init; }

    public required string OvaName { get; init; }

    /// <summary>The node of the image backup before the download; a reverted download restores it.</summary>
    public string? FormerNodeId { get; init; }

    /// <summary>Whether the service had written the image backup's file on its former node; null in a state of an earlier release.</summary>
    public bool? FormerOwnsFile { get; init; }

    /// <summary>True if the node had the file before, so that a revert keeps it; null until the task has checked.</summary>
    public bool? WasThere { get; set; }

    /// <summary>What an interrupted attempt needs to resume.</summary>
    public DownloadResume? Resume { get; set; }

    /// <summary>Returns the space that the archive needs on its node.</summary>
    public SpaceNeed Space(DataPaths paths) => new(paths.BackupNode(BackupNodeId), SpaceBytes, "the archive");

    /// <param name="backup">The image backup.</param>
    /// <param name="node">The node that gets the archive.</param>
    /// <param name="archive">The object.</param>
    /// <param name="spaceBytes">Bytes that the archive takes on the disk of the node.</param>
    public static DownloadState Of(BackupRecord backup, BackupNodeRecord node, StoredObject archive, long spaceBytes) => new()
    {
        SpaceBytes = spaceBytes,
        BackupId = backup.Id,
        ProjectId = backup.ProjectId,
        Bucket = backup.CosBucket!,
        ObjectKey = archive.Key,
        Size = archive.Size,
        Sha256 = backup.OvaSha256,
        BackupNodeId = node.BackupNodeId,
        FormerNodeId = backup.BackupHost,
        FormerOwnsFile = backup.OwnsFile,
        OvaName = backup.OvaName!,
    };
}
