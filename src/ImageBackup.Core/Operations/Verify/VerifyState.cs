using ImageBackup.Core.Backups;
using ImageBackup.Core.Operations.Download;

namespace ImageBackup.Core.Operations.Verify;

/// <summary>What a verification was given: where the archive lies and what was recorded of it.</summary>
public sealed class VerifyState
{
    public required int BackupId { get; init; }

    public required string BackupNodeId { get; init; }

    public required string OvaName { get; init; }

    public required long Size { get; init; }

    /// <summary>The recorded SHA-256 of the archive; null where none is.</summary>
    public string? Sha256 { get; init; }

    public List<BackupVolume> Volumes { get; init; } = [];

    /// <summary>Set where the archive lies in a bucket only: its bytes are fetched into a scratch directory first.</summary>
    public DownloadState? Download { get; init; }
}
