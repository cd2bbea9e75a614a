namespace ImageBackup.Core.Persistence;

/// <summary>A task of a flow (TaskFlow's atom detail).</summary>
public sealed class TaskRecord
{
    public int Id { get; init; }

    public int FlowId { get; init; }

    /// <summary>The task's name in responses, unique within its log book.</summary>
    public required string Name { get; init; }

    public required int Position { get; init; }

    public required TaskState State { get; set; }

    /// <summary>The result as JSON; null if the task has no result or has not run.</summary>
    public string? Result { get; set; }

    /// <summary>Why the task failed or was stopped.</summary>
    public string? Failure { get; set; }

    public long BytesDone { get; set; }

    /// <summary>Bytes that the task processes: its weight in the progress.</summary>
    public long BytesTotal { get; set; }

    public int Attempt { get; set; }

    public DateTime? StartedAt { get; set; }

    public DateTime? FinishedAt { get; set; }
}

/// <summary>TaskFlow's states of a task.</summary>
public enum TaskState
{
    Pending,
    Running,
    Success,
    Failure,
    Reverting,
    Reverted,
    RevertFailure,
}
