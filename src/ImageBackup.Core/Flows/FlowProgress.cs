using ImageBackup.Core.Access;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Persistence;

namespace ImageBackup.Core.Flows;

/// <summary>Describes the progress of operations (Tables 11 and 12): the recorded states, and live figures of operations that run in this process. The figures of other operations are at most a second older.</summary>
public sealed class FlowProgress(FlowStore store, RunningFlows runningFlows)
{
    /// <summary>Returns the progress of one of the caller's operations.</summary>
    /// <exception cref="NotFoundException">The task is unknown, or belongs to another image backup or project.</exception>
    public ProgressDocument Get(Caller caller, string taskId, int backupId)
    {
        var live = FindRunning(taskId);
        return store.Find(taskId) is { } book && book.BackupId == backupId && book.ProjectId == caller.ProjectId
            ? Describe(book, live)
            : throw new NotFoundException($"Task {taskId} of image backup {backupId} could not be found.");
    }

    /// <summary>Returns the progress of operations by task_id, all of the same moment. Operations that are unknown are missing.</summary>
    public async Task<IReadOnlyDictionary<string, ProgressDocument>> FindAsync(IReadOnlyList<string> taskIds, CancellationToken cancellationToken)
    {
        var live = taskIds.ToDictionary(id => id, FindRunning);
        return (await store.FindAsync(taskIds, cancellationToken)).ToDictionary(book => book.Id, book => Describe(book, live[book.Id]));
    }

    /// <summary>Returns the percentage of a log book that runs in this process; null for any other one.</summary>
    public int? FindLive(string? logBookId) => logBookId is null ? null : runningFlows.Find(logBookId)?.Progress;

    /// <summary>Returns the percentage by log book.</summary>
    public async Task<IReadOnlyDictionary<string, int>> FindPercentsAsync(IReadOnlyList<string> logBookIds, CancellationToken cancellationToken)
    {
        var recorded = await store.FindPercentsAsync(logBookIds, cancellationToken);
        return recorded.ToDictionary(book => book.Key, book => Math.Max(book.Value, FindLive(book.Key) ?? 0));
    }

    /// <summary>Returns the live figures of an operation. Look them up before the row: if the operation ends in between, the row has the final state.</summary>
    private (RunningBook? Book, int Progress) FindRunning(string taskId) => runningFlows.Find(taskId) is { } running ? (running, running.Progress) : default;

    private static ProgressDocument Describe(LogBookRecord book, (RunningBook? Book, int Progress) live)
    {
        var tasks = book.Flows.SelectMany(flow => flow.Tasks).ToList();
        return new ProgressDocument
        {
            BackupId = book.BackupId,
            ProjectId = book.ProjectId,
            Action = book.Action,
            IsFinished = book.QueueState == QueueState.Finished,
            Progress = book.QueueState == QueueState.Finished ? book.Progress : Math.Min(99, Math.Max(book.Progress, live.Progress)),
            Flows = [.. book.Flows.Select(flow => new KeyValuePair<string, FlowState>(flow.Name, flow.State))],
            Tasks = [.. tasks.Select(task => Describe(task, live.Book?.Find(task.Name)))],
            CreatedAt = book.CreatedAt,
            StartedAt = book.StartedAt,
            FinishedAt = book.FinishedAt,
            Reason = book.CancelReason ?? tasks.FirstOrDefault(task => task.Failure is not null)?.Failure,
        };
    }

    /// <summary>A task that runs in this process has later figures than its row.</summary>
    private static TaskProgress Describe(TaskRecord row, RunningTask? live)
    {
        var recorded = TaskProgress.Of(row);
        return live is not null && row.State == TaskState.Running && live.Describe() is var now
            ? recorded with { BytesDone = now.BytesDone, BytesTotal = now.BytesTotal, BytesPerSecond = now.BytesPerSecond, EtaSeconds = now.EtaSeconds, MovedAt = now.MovedAt }
            : recorded;
    }
}
