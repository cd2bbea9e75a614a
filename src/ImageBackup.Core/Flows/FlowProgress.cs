using System.Text.Json.Nodes;
using ImageBackup.Core.Persistence;

namespace ImageBackup.Core.Flows;

/// <summary>The progress document of a log book (Tables 11 and 12): recorded states, and the live figures where it runs.</summary>
public sealed class FlowProgress(FlowStore store, RunningFlows runningFlows, TimeProvider time)
{
    /// <summary>The document, or null where there is no log book of that id.</summary>
    public async Task<ProgressDocument?> FindAsync(string logBookId, CancellationToken cancellationToken)
    {
        // The live book is looked up first: should it end in between, its row already says how.
        var running = runningFlows.Find(logBookId);
        var live = running?.Progress ?? 0;
        return await store.FindAsync(logBookId, cancellationToken) is { } book ? Describe(book, running, live) : null;
    }

    /// <summary>Percent by log book.</summary>
    public async Task<IReadOnlyDictionary<string, int>> FindPercentsAsync(IReadOnlyList<string> logBookIds, CancellationToken cancellationToken)
    {
        var recorded = await store.FindPercentsAsync(logBookIds, cancellationToken);
        return recorded.ToDictionary(book => book.Key, book => Math.Max(book.Value, runningFlows.Find(book.Key)?.Progress ?? 0));
    }

    private ProgressDocument Describe(LogBookRecord book, RunningBook? running, int live)
    {
        var tasks = book.Flows.SelectMany(flow => flow.Tasks).ToList();
        return new ProgressDocument
        {
            BackupId = book.BackupId,
            ProjectId = book.ProjectId,
            Action = book.Action,
            IsFinished = book.QueueState == QueueState.Finished,
            Progress = book.QueueState == QueueState.Finished ? book.Progress : Math.Min(99, Math.Max(book.Progress, live)),
            Flows = [.. book.Flows.Select(flow => new KeyValuePair<string, FlowState>(flow.Name, flow.State))],
            Tasks = [.. tasks.Select(task => Describe(task, running?.Find(task.Name)))],
            CreatedAt = book.CreatedAt,
            StartedAt = book.StartedAt,
            FinishedAt = book.FinishedAt,
            Reason = book.CancelReason ?? tasks.FirstOrDefault(task => task.Failure is not null)?.Failure,
        };
    }

    private TaskProgress Describe(TaskRecord task, RunningTask? live)
    {
        var isLive = live is not null && task.State == TaskState.Running;
        var done = isLive ? live!.BytesDone : task.BytesDone;
        var total = isLive ? live!.BytesTotal : task.BytesTotal;
        var end = task.FinishedAt ?? time.GetUtcNow().UtcDateTime;
        var seconds = task.StartedAt is { } started ? (end - started).TotalSeconds : 0;
        var rate = seconds > 0 && done > 0 ? done / seconds : (double?)null;
        return new TaskProgress
        {
            Name = task.Name,
            State = task.State,
            Result = task.Result is null ? null : JsonNode.Parse(task.Result),
            BytesDone = done,
            BytesTotal = total,
            BytesPerSecond = rate is null ? null : (long)rate,
            EtaSeconds = isLive && rate > 0 ? (long)Math.Ceiling(Math.Max(0, total - done) / rate.Value) : null,
            Attempt = task.Attempt,
            StartedAt = task.StartedAt,
            FinishedAt = task.FinishedAt,
            Failure = task.Failure,
        };
    }
}

/// <summary>What is known of one log book's progress.</summary>
public sealed record ProgressDocument
{
    public required int BackupId { get; init; }

    public required string ProjectId { get; init; }

    public required string Action { get; init; }

    public required bool IsFinished { get; init; }

    /// <summary>0 to 100; 100 only when every flow is SUCCESS.</summary>
    public required int Progress { get; init; }

    public required IReadOnlyList<KeyValuePair<string, FlowState>> Flows { get; init; }

    public required IReadOnlyList<TaskProgress> Tasks { get; init; }

    public required DateTime CreatedAt { get; init; }

    public DateTime? StartedAt { get; init; }

    public DateTime? FinishedAt { get; init; }

    /// <summary>Why it failed or was stopped.</summary>
    public string? Reason { get; init; }
}

/// <summary>What is known of one task's progress.</summary>
public sealed record TaskProgress
{
    public required string Name { get; init; }

    public required TaskState State { get; init; }

    public JsonNode? Result { get; init; }

    public required long BytesDone { get; init; }

    public required long BytesTotal { get; init; }

    public long? BytesPerSecond { get; init; }

    public long? EtaSeconds { get; init; }

    public required int Attempt { get; init; }

    public DateTime? StartedAt { get; init; }

    public DateTime? FinishedAt { get; init; }

    public string? Failure { get; init; }

    /// <summary>True where the task has come to an end, whichever.</summary>
    public bool IsCompleted => State is TaskState.Success or TaskState.Failure or TaskState.Reverted or TaskState.RevertFailure;
}
