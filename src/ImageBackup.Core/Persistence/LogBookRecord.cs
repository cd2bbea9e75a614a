namespace ImageBackup.Core.Persistence;

/// <summary>One long operation (TaskFlow's log book): the row behind a <c>task_id</c>, and its place in the queue.</summary>
public sealed class LogBookRecord
{
    /// <summary>The <c>task_id</c>, opaque to clients.</summary>
    public required string Id { get; init; }

    /// <summary>Position in the queue: first come, first served.</summary>
    public long Sequence { get; init; }

    public required int BackupId { get; init; }

    public required string ProjectId { get; init; }

    /// <summary>What the operation is: <c>export</c>, <c>import</c>, <c>upload</c>, <c>download</c>, <c>verify</c> or <c>delete</c>.</summary>
    public required string Action { get; init; }

    public required QueueState QueueState { get; set; }

    /// <summary>What the flow was given and has learned so far, as JSON; written together with each task's result.</summary>
    public required string State { get; set; }

    /// <summary>Why the operation must stop; set by reset and force delete, honoured after a restart too.</summary>
    public string? CancelReason { get; set; }

    /// <summary>0 to 100; never falls.</summary>
    public int Progress { get; set; }

    public required DateTime CreatedAt { get; init; }

    public DateTime? StartedAt { get; set; }

    public DateTime? FinishedAt { get; set; }

    public List<FlowRecord> Flows { get; init; } = [];
}

/// <summary>Where a log book stands in the queue.</summary>
public enum QueueState
{
    /// <summary>Waits for a worker.</summary>
    Queued,

    /// <summary>A worker has it; after a restart it is taken up again.</summary>
    Running,

    /// <summary>Done, one way or the other.</summary>
    Finished,
}
