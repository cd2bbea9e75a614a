using ImageBackup.Core.ObjectStorage;

namespace ImageBackup.Core.Operations.Download;

/// <summary>An archive on its way from a bucket to a node.</summary>
public sealed class DownloadState
{
    public required int BackupId { get; init; }

    public required string ProjectId { get; init; }

    public required string Bucket { get; init; }

    /// <summary>The object's key.</summary>
    public required string ObjectKey { get; init; }

    /// <summary>Bytes of the object, as its store said when the operation was accepted.</summary>
    public required long Size { get; init; }

    /// <summary>The recorded SHA-256; null for an archive that this service has not seen yet.</summary>
    public string? Sha256 { get; init; }

    /// <summary>The node that gets the file.</summary>
    public required string BackupNodeId { get; init; }

    public required string OvaName { get; init; }

    /// <summary>The node that the record named before, and names again where the download is undone.</summary>
    public string? FormerNodeId { get; init; }

    /// <summary>True where a file of that name was on the node before: then it is not this download's to remove. Null until it was looked for.</summary>
    public bool? WasThere { get; set; }

    /// <summary>What an interrupted run left to go on with.</summary>
    public DownloadResume? Resume { get; set; }
}
