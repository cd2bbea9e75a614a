using ImageBackup.Core.Backups;
using ImageBackup.Core.Flows;
using ImageBackup.Core.Operations.Download;

namespace ImageBackup.Core.Operations.Verify;

/// <summary>The state of a verification: where the archive is and what was recorded of it.</summary>
internal sealed class VerifyState : INodeState
{
    public required int BackupId { get; init; }

    public required string BackupNodeId { get; init; }

    public required string OvaName { get; init; }

    public required long Size { get; init; }

    /// <summary>The recorded SHA-256 of the archive; null if none was recorded.</summary>
    public string? Sha256 { get; init; }

    /// <summary>The recorded SHA-256 of the manifest; null if none was recorded.</summary>
    public string? ManifestSha256 { get; init; }

    public List<BackupVolume> Volumes { get; init; } = [];

    /// <summary>Set if only a bucket has the archive. The task then downloads it into a scratch directory.</summary>
    public DownloadState? Download { get; init; }

    /// <summary>True if the members of the archive are raw disks, whatever format they look like.</summary>
    public bool ForceRaw { get; init; }

    /// <summary>True if the archive was read and differs from what was recorded.</summary>
    public bool IsDamaged { get; set; }
}
