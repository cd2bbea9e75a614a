namespace ImageBackup.Client;

/// <summary>News of a project: <see cref="OperationsEvent"/> or <see cref="BackupsChangedEvent"/>.</summary>
public abstract record ProjectEvent
{
    /// <summary>Returns the event; null for one of a kind that a newer service sends.</summary>
    internal static ProjectEvent? Read(string kind, string json) => kind switch
    {
        "operations" => ServiceCalls.Read<OperationsEvent>(json),
        "changed" => ServiceCalls.Read<BackupsChangedEvent>(json),
        _ => null,
    };
}

/// <summary>The operations of the project that run or wait.</summary>
/// <param name="RunningCount">How many run.</param>
/// <param name="QueuedCount">How many wait for a worker.</param>
/// <param name="Operations">The first 20 of them.</param>
public sealed record OperationsEvent(int RunningCount, int QueuedCount, IReadOnlyList<RunningOperation> Operations) : ProjectEvent;

/// <summary>An operation that runs or waits.</summary>
public sealed record RunningOperation
{
    public required int BackupId { get; init; }

    /// <summary>The name of the image backup.</summary>
    public required string Name { get; init; }

    /// <summary>The status of the image backup.</summary>
    public required string Status { get; init; }

    /// <summary>export, import, upload, download, verify or delete.</summary>
    public required string Action { get; init; }

    public required string TaskId { get; init; }

    /// <summary>Whether the operation waits for a worker.</summary>
    public bool Queued { get; init; }

    /// <summary>Progress in percent, by bytes.</summary>
    public int Progress { get; init; }

    public long BytesDone { get; init; }

    public long BytesTotal { get; init; }

    /// <summary>The rate of the last 10 seconds; null if it is not known.</summary>
    public long? BytesPerSecond { get; init; }

    public long? EtaSeconds { get; init; }

    public required string CreatedAt { get; init; }

    public string? StartedAt { get; init; }
}

/// <summary>Image backups that are new, have another status, or were deleted.</summary>
/// <param name="Changed">The image backups.</param>
public sealed record BackupsChangedEvent(IReadOnlyList<ChangedBackup> Changed) : ProjectEvent;

/// <summary>An image backup that has changed.</summary>
/// <param name="BackupId">The id.</param>
/// <param name="Name">The name; null if it is not known any more.</param>
/// <param name="Status">The new status; null if the image backup was deleted.</param>
/// <param name="FailReason">Why the last operation failed; null if it did not.</param>
public sealed record ChangedBackup(int BackupId, string? Name, string? Status, string? FailReason);
