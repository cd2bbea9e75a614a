namespace ImageBackup.Core.Persistence;

/// <summary>A long operation (TaskFlow's log book): the row behind a <c>task_id</c>, and its place in the queue.</summary>
public sealed class LogBookRecord
{
    /// <summary>The <c>task_id</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Position in the queue: first come, first served.</summary>
    public long Sequence { get; init; }

    public required int BackupId { get; init; }

    public required string ProjectId { get; init; }

    /// <summary>The operation: <c>export</c>, <c>import</c>, <c>upload</c>, <c>download</c>, <c>verify</c> or <c>delete</c>.</summary>
    public required string Action { get; init; }

    /// <summary>The <c>backup_node_id</c> of the node that the operation reads or writes; null for none, and for log books of earlier versions.</summary>
    public string? Node { get; init; }

    /// <summary>The service that took the log book last.</summary>
    public int? WorkerId { get; set; }

    /// <summary>Grows each time that a worker takes the log book. A worker with an earlier fence changes nothing any more.</summary>
    public long Fence { get; set; }

    public required QueueState QueueState { get; set; }

    /// <summary>The operation's state as JSON, stored together with each task's result.</summary>
    public required string State { get; set; }

    /// <summary>Why the operation must stop. A reset or a forced deletion sets it; a restart keeps it.</summary>
    public string? CancelReason { get; set; }

    /// <summary>0 to 100. It never decreases.</summary>
    public int Progress { get; set; }

    public required DateTime CreatedAt { get; init; }

    public DateTime? StartedAt { get; set; }

    public DateTime? FinishedAt { get; set; }

    public List<FlowRecord> Flows { get; init; } = [];
}

/// <summary>The state of a log book in the queue.</summary>
public enum QueueState
{
    /// <summary>Waits for a worker.</summary>
    Queued,

    /// <summary>A worker runs it. After a restart, a worker resumes it.</summary>
    Running,

    /// <summary>It has ended, with success or failure.</summary>
    Finished,
}
