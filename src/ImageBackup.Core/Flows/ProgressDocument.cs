using System.Text.Json.Nodes;
using ImageBackup.Core.Persistence;

namespace ImageBackup.Core.Flows;

/// <summary>The progress of one operation.</summary>
public sealed record ProgressDocument
{
    public required int BackupId { get; init; }

    public required string ProjectId { get; init; }

    public required string Action { get; init; }

    public required bool IsFinished { get; init; }

    /// <summary>0 to 100. It is 100 only if every flow is SUCCESS.</summary>
    public required int Progress { get; init; }

    public required IReadOnlyList<KeyValuePair<string, FlowState>> Flows { get; init; }

    public required IReadOnlyList<TaskProgress> Tasks { get; init; }

    public required DateTime CreatedAt { get; init; }

    public DateTime? StartedAt { get; init; }

    public DateTime? FinishedAt { get; init; }

    /// <summary>Why the operation failed or was stopped.</summary>
    public string? Reason { get; init; }

    /// <summary>The figures of the tasks together.</summary>
    public OperationBytes Bytes => OperationBytes.Of(Tasks);
}

/// <summary>The progress of one task.</summary>
public sealed record TaskProgress
{
    public required string Name { get; init; }

    public required TaskState State { get; init; }

    public JsonNode? Result { get; init; }

    public required long BytesDone { get; init; }

    public required long BytesTotal { get; init; }

    /// <summary>The rate of the last seconds, 0 without data for some seconds; after the end, the average. Null if it is not known.</summary>
    public long? BytesPerSecond { get; init; }

    /// <summary>Seconds left at the present rate; null without a rate.</summary>
    public long? EtaSeconds { get; init; }

    /// <summary>When the task has last processed data, UTC; null if it is not known.</summary>
    public DateTime? MovedAt { get; init; }

    public required int Attempt { get; init; }

    public DateTime? StartedAt { get; init; }

    public DateTime? FinishedAt { get; init; }

    public string? Failure { get; init; }

    /// <summary>Returns what a row says. The bytes of a running task are those of the last second.</summary>
    public static TaskProgress Of(TaskRecord row) => new()
    {
        Name = row.Name,
        State = row.State,
        Result = row.Result is null ? null : JsonNode.Parse(row.Result),
        BytesDone = row.BytesDone,
        BytesTotal = row.BytesTotal,
        BytesPerSecond = row.State == TaskState.Running ? null : Average(row),
        Attempt = row.Attempt,
        StartedAt = row.StartedAt,
        FinishedAt = row.FinishedAt,
        Failure = row.Failure,
    };

    /// <summary>True if the task has ended, in success or failure.</summary>
    public bool IsCompleted => State is TaskState.Success or TaskState.Failure or TaskState.Reverted or TaskState.RevertFailure;

    private static long? Average(TaskRecord row)
        => row is { StartedAt: { } started, FinishedAt: { } finished, BytesDone: > 0 } && finished > started ? (long)(row.BytesDone / (finished - started).TotalSeconds) : null;
}
