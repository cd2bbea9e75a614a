namespace ImageBackup.Core.Persistence;

/// <summary>One operation (TaskFlow's log book): the row behind a <c>task_id</c>, and its place in the queue.</summary>
public sealed class LogBookRecord
{
    /// <summary>The <c>task_id</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The position in the queue: first in, first out.</summary>
    public long Sequence { get; init; }

    public required int BackupId { get; init; }

    public required string ProjectId { get; init; }

    /// <summary>The action: <c>export</c>, <c>import</c>, <c>upload</c>, <c>download</c>, <c>verify</c> or <c>delete</c>.</summary>
    public required string Action { get; init; }

    public required QueueState QueueState { get; set; }

    /// <summary>The operation's state as JSON. It is written together with each task's result.</summary>
    public required string State { get; set; }

    /// <summary>Why the operation must stop, also after a restart. A reset or a forced deletion sets it.</summary>
    public string? CancelReason { get; set; }

    /// <summary>0 to 100. It never falls.</summary>
    public int Progress { get; set; }

    public required DateTime CreatedAt { get; init; }

    public DateTime? StartedAt { get; set; }

    public DateTime? FinishedAt { get; set; }

    public List<FlowRecord> Flows { get; init; } = [];
}

/// <summary>The state of a log book in the queue.</summary>
public enum QueueState
{
    /// <summary>It waits for a worker.</summary>
    Queued,

    /// <summary>A worker runs it. A restart queues it again.</summary>
    Running,

    /// <summary>It has succeeded, failed or been reverted.</summary>
    Finished,
}
