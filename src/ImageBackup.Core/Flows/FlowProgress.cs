using System.Text.Json.Nodes;
using ImageBackup.Core.Access;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Persistence;

namespace ImageBackup.Core.Flows;

/// <summary>Describes the progress of operations (Tables 11 and 12): the recorded states, and live figures of operations that run in this process.</summary>
public sealed class FlowProgress(FlowStore store, RunningFlows runningFlows)
{
    /// <summary>Returns the progress of one of the caller's operations.</summary>
    /// <exception cref="NotFoundException">The task is unknown, or belongs to another image backup or project.</exception>
    public ProgressDocument Get(Caller caller, string taskId, int backupId)
    {
        // Look up the live figures before the row: if the operation ends in between, the row has the final state.
        var running = runningFlows.Find(taskId);
        var live = running?.Progress ?? 0;
        return store.Find(taskId) is { } book && book.BackupId == backupId && book.ProjectId == caller.ProjectId
            ? Describe(book, running, live)
            : throw new NotFoundException($"Task {taskId} of image backup {backupId} could not be found.");
    }

    /// <summary>Returns the percentage of a log book that runs in this process; null for any other one.</summary>
    public int? FindLive(string? logBookId) => logBookId is null ? null : runningFlows.Find(logBookId)?.Progress;

    /// <summary>Returns the percentage by log book.</summary>
    public async Task<IReadOnlyDictionary<string, int>> FindPercentsAsync(IReadOnlyList<string> logBookIds, CancellationToken cancellationToken)
    {
        var recorded = await store.FindPercentsAsync(logBookIds, cancellationToken);
        return recorded.ToDictionary(book => book.Key, book => Math.Max(book.Value, FindLive(book.Key) ?? 0));
    }

    private static ProgressDocument Describe(LogBookRecord book, RunningBook? running, int live)
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

    private static TaskProgress Describe(TaskRecord task, RunningTask? live)
    {
        var figures = live is not null && task.State == TaskState.Running ? live : null;
        var now = figures?.Describe();
        return new TaskProgress
        {
            Name = task.Name,
            State = task.State,
            Result = task.Result is null ? null : JsonNode.Parse(task.Result),
            BytesDone = now?.BytesDone ?? task.BytesDone,
            BytesTotal = now?.BytesTotal ?? task.BytesTotal,
            BytesPerSecond = now is null && task.State != TaskState.Running ? Average(task) : now?.BytesPerSecond,
            EtaSeconds = now?.EtaSeconds,
            MovedAt = now?.MovedAt,
            Attempt = task.Attempt,
            StartedAt = task.StartedAt,
            FinishedAt = task.FinishedAt,
            Failure = task.Failure,
        };
    }

    private static long? Average(TaskRecord task)
        => task is { StartedAt: { } started, FinishedAt: { } finished, BytesDone: > 0 } && finished > started ? (long)(task.BytesDone / (finished - started).TotalSeconds) : null;
}
