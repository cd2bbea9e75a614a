using ImageBackup.Core.Flows;

namespace ImageBackup.Core.Operations.Delete;

/// <summary>The state of a deletion.</summary>
public sealed class DeleteState : INodeState
{
    public required int BackupId { get; init; }

    public required string ProjectId { get; init; }

    public required string BackupNodeId { get; init; }

    /// <summary>The archive that this service wrote on the node; null if there is none.</summary>
    public string? OvaName { get; init; }

    /// <summary>Bytes of the archive. A file with another size stays.</summary>
    public long? OvaSize { get; init; }

    /// <summary>The bucket of the object that this service uploaded; null if there is none.</summary>
    public string? Bucket { get; init; }

    public string? ObjectKey { get; init; }

    /// <summary>The archive's SHA-256. An object with another one stays.</summary>
    public string? Sha256 { get; init; }
}
