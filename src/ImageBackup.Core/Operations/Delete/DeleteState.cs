namespace ImageBackup.Core.Operations.Delete;

/// <summary>What a deletion has to remove.</summary>
public sealed class DeleteState
{
    public required int BackupId { get; init; }

    public required string ProjectId { get; init; }

    public required string BackupNodeId { get; init; }

    public string? OvaName { get; init; }

    /// <summary>The bucket that holds an object of this service's making; null where none does.</summary>
    public string? Bucket { get; init; }

    public string? ObjectKey { get; init; }

    /// <summary>The archive's SHA-256: an object that has another one is not ours to delete.</summary>
    public string? Sha256 { get; init; }
}
