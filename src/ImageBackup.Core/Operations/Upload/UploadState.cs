using ImageBackup.Core.Flows;
using ImageBackup.Core.ObjectStorage;

namespace ImageBackup.Core.Operations.Upload;

/// <summary>The state of an upload.</summary>
internal sealed class UploadState : INodeState
{
    public required int BackupId { get; init; }

    public required string ProjectId { get; init; }

    /// <summary>The node that has the archive.</summary>
    public required string BackupNodeId { get; init; }

    public required string OvaName { get; init; }

    public required string Bucket { get; init; }

    /// <summary>The bucket with an earlier copy, which the upload replaces; null if there is none.</summary>
    public string? FormerBucket { get; init; }

    public string? FormerObject { get; init; }

    /// <summary>The object's key; null until one is chosen that no other object has.</summary>
    public string? ObjectKey { get; set; }

    /// <summary>The size of the archive; an estimate while the archive does not exist yet.</summary>
    public long? ExpectedBytes { get; init; }

    /// <summary>What an interrupted attempt needs to resume.</summary>
    public UploadResume? Resume { get; set; }
}
