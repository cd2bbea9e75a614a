namespace ImageBackup.Core.Operations.Delete;

/// <summary>The state of a deletion.</summary>
public sealed class DeleteState
{
    public required int BackupId { get; init; }

    public required string ProjectId { get; init; }

    public required string BackupNodeId { get; init; }

    /// <summary>The archive on the node; null for a raw disk.</summary>
    public string? OvaName { get; init; }

    /// <summary>The bucket of the object that this service uploaded; null if there is none.</summary>
    public string? Bucket { get; init; }

    public string? ObjectKey { get; init; }

    /// <summary>The archive's SHA-256. An object with another one stays.</summary>
    public string? Sha256 { get; init; }
}
