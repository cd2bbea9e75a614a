namespace ImageBackup.Core.Persistence;

/// <summary>The <c>Idempotency-Key</c> of an export or import, kept for a day.</summary>
public sealed class IdempotencyRecord
{
    public required string ProjectId { get; init; }

    public required string Key { get; init; }

    /// <summary>SHA-256 of route and body as lower-case hex. The same key with another body is refused.</summary>
    public required string RequestHash { get; init; }

    public required int BackupId { get; init; }

    public required string TaskId { get; init; }

    public required DateTime CreatedAt { get; init; }
}
