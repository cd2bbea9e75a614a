namespace ImageBackup.Client;

/// <summary>An operation that was started.</summary>
/// <param name="BackupId">Its image backup.</param>
/// <param name="TaskUri">The address of its progress.</param>
public sealed record StartedOperation(int BackupId, Uri TaskUri);

/// <summary>The progress of an operation.</summary>
public sealed record OperationProgress
{
    /// <summary>State of each flow, such as RUNNING or SUCCESS.</summary>
    public required IReadOnlyDictionary<string, string> FlowDetails { get; init; }

    /// <summary>Progress in percent, by bytes.</summary>
    public required int Progress { get; init; }

    /// <summary>Such as <c>export</c>.</summary>
    public string? Action { get; init; }

    /// <summary>Why the operation failed, if it did.</summary>
    public string? FailReason { get; init; }

    public string? StartedAt { get; init; }

    /// <summary>When the operation ended; null while it waits or runs.</summary>
    public string? FinishedAt { get; init; }

    /// <summary>The tasks in run order.</summary>
    public IReadOnlyList<TaskProgress> Tasks { get; init; } = [];

    public bool IsFinished => FinishedAt is not null;

    /// <summary>True if every flow has succeeded.</summary>
    public bool Succeeded => IsFinished && FlowDetails.Values.All(state => state == "SUCCESS");
}

/// <summary>The progress of a task.</summary>
public sealed record TaskProgress
{
    public required string Name { get; init; }

    /// <summary>Such as RUNNING or SUCCESS.</summary>
    public required string State { get; init; }

    public long BytesDone { get; init; }

    public long BytesTotal { get; init; }

    public long? BytesPerSecond { get; init; }

    public long? EtaSeconds { get; init; }

    public string? FailReason { get; init; }
}

/// <summary>An operation on an image backup, ended or not.</summary>
/// <param name="TaskId">The task_id.</param>
/// <param name="Action">export, import, upload, download, verify or delete.</param>
/// <param name="State">queued, running, succeeded or failed.</param>
/// <param name="Progress">Progress in percent, by bytes.</param>
/// <param name="FailReason">Why the operation failed or was stopped; null if it was not.</param>
/// <param name="CreatedAt">When the operation was requested, UTC.</param>
/// <param name="StartedAt">When it started, UTC; null if it has not.</param>
/// <param name="FinishedAt">When it ended, UTC; null if it has not.</param>
public sealed record PastOperation(string TaskId, string Action, string State, int Progress, string? FailReason, string CreatedAt, string? StartedAt, string? FinishedAt);

/// <summary>What to export.</summary>
public sealed record ExportRequest
{
    public required string Name { get; init; }

    public string? Description { get; init; }

    public required string SrcImageId { get; init; }

    /// <summary>The node; null for the first one that is up.</summary>
    public string? BackupHost { get; init; }

    /// <summary>Null for the service's default, which is true.</summary>
    public bool? UploadToCos { get; init; }

    /// <summary><c>True</c>, <c>Fast</c> or <c>False</c>; null for the service's default.</summary>
    public string? Compression { get; init; }

    public string? CosBucket { get; init; }
}

/// <summary>What to import: an image backup, or an archive on a node or in a bucket.</summary>
public sealed record ImportRequest
{
    public required string Name { get; init; }

    public string? Description { get; init; }

    /// <summary>The id of a storage template; null for the default one.</summary>
    public string? VolumeType { get; init; }

    public int? ImageBackupId { get; init; }

    public string? BackupHost { get; init; }

    public string? OvaName { get; init; }

    public string? CosBucket { get; init; }
}
