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

    /// <summary>Bytes that the tasks have processed.</summary>
    public long BytesDone => Tasks.Sum(task => task.BytesDone);

    /// <summary>Bytes of the tasks so far. It grows when a flow begins, because only then its tasks are known.</summary>
    public long BytesTotal => Tasks.Sum(task => task.BytesTotal);

    /// <summary>The rate of the running tasks together; null if none has one.</summary>
    public long? BytesPerSecond => Running.Any(task => task.BytesPerSecond is not null) ? Running.Sum(task => task.BytesPerSecond ?? 0) : null;

    /// <summary>Seconds until the tasks so far end, at the present rate, and not less than for one of them; null if there is no rate.</summary>
    public long? EtaSeconds => BytesPerSecond is > 0 and var rate && Running.All(task => task.BytesTotal == 0 || task.EtaSeconds is not null)
        ? Math.Max(Running.Max(task => task.EtaSeconds ?? 0), (Math.Max(0, BytesTotal - BytesDone) + rate - 1) / rate)
        : null;

    /// <summary>When a running task has last processed data, UTC; null if none has.</summary>
    public DateTime? MovedAt => Running.Max(task => task.MovedAt);

    private IEnumerable<TaskProgress> Running => IsFinished ? [] : Tasks.Where(task => task.State == TaskState.Running);
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

    /// <summary>True if the task has ended, in success or failure.</summary>
    public bool IsCompleted => State is TaskState.Success or TaskState.Failure or TaskState.Reverted or TaskState.RevertFailure;
}
