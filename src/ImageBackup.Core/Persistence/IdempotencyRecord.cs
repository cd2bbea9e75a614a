namespace ImageBackup.Core.Persistence;

/// <summary>The <c>Idempotency-Key</c> of an export or import. It is valid for a day.</summary>
public sealed class IdempotencyRecord
{
    public required string ProjectId { get; init; }

    public required string Key { get; init; }

    /// <summary>SHA-256 of route and body, lower-case hex. Another request with the same key is refused.</summary>
    public required string RequestHash { get; init; }

    public required int BackupId { get; init; }

    public required string TaskId { get; init; }

    public required DateTime CreatedAt { get; init; }
}
