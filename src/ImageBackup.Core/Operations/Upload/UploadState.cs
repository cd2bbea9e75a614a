using ImageBackup.Core.ObjectStorage;

namespace ImageBackup.Core.Operations.Upload;

/// <summary>An archive on its way to a bucket.</summary>
public sealed class UploadState
{
    public required int BackupId { get; init; }

    public required string ProjectId { get; init; }

    /// <summary>The node that has the file.</summary>
    public required string BackupNodeId { get; init; }

    public required string OvaName { get; init; }

    public required string Bucket { get; init; }

    /// <summary>The bucket that has an older copy, removed once the new one stands; null where there is none.</summary>
    public string? FormerBucket { get; init; }

    public string? FormerObject { get; init; }

    /// <summary>The object's key, once it is settled that nobody else's object has it.</summary>
    public string? ObjectKey { get; set; }

    /// <summary>A guess for the progress, made before the archive exists; null where it does.</summary>
    public long? ExpectedBytes { get; init; }

    /// <summary>What an interrupted run left to go on with.</summary>
    public UploadResume? Resume { get; set; }
}
