using ImageBackup.Api.Http;
using ImageBackup.Core.Operations;
using ImageBackup.Core.Persistence;

namespace ImageBackup.Api.Routes.ImageBackups;

/// <summary>GET /v3/{project_id}/image-backups/events: server-sent events <c>operations</c> and <c>changed</c></summary>
internal static class ListenToOperations
{
    public static IResult Handle(HttpContext context, OperationEvents events, EventStreamLimit limit, CancellationToken cancellationToken)
    {
        limit.Count(context);

        // nginx would buffer the events otherwise.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        return TypedResults.ServerSentEvents(events.ListenAsync(context.Caller().ProjectId, cancellationToken));
    }
}

/// <summary>The event operations: the operations of the project that run or wait.</summary>
/// <param name="RunningCount" example="1">How many run.</param>
/// <param name="QueuedCount" example="0">How many wait for a worker.</param>
/// <param name="Operations">The first of them: those that run, and then those that wait, in the order in which they came.</param>
internal sealed record OperationsResponse(int RunningCount, int QueuedCount, IReadOnlyList<OperationResponse> Operations)
{
    /// <summary>Operations in an event.</summary>
    private const int Most = 20;

    public static OperationsResponse Of(OperationView view, string projectId)
    {
        var own = view.Unfinished.Where(operation => operation.ProjectId == projectId).ToList();
        return new OperationsResponse(own.Count(operation => !operation.IsQueued), view.Queued.GetValueOrDefault(projectId), [.. own.Take(Most).Select(OperationResponse.Of)]);
    }
}

/// <summary>An operation that runs or waits.</summary>
/// <param name="BackupId" example="1">The id of the image backup.</param>
/// <param name="Name" example="export-to-backup-node">The name of the image backup.</param>
/// <param name="Status" example="creating_backup">The status of the image backup.</param>
/// <param name="Action" example="export">export, import, upload, download, verify or delete.</param>
/// <param name="TaskId" example="6f09caf1-0468-4101-9c4d-34d0b0690fab">The task_id, for get_progress.</param>
/// <param name="Queued" example="false">Whether the operation waits for a worker.</param>
/// <param name="Progress" example="42">Progress in percent, by bytes.</param>
/// <param name="BytesDone" example="28311552">Bytes that the tasks have processed.</param>
/// <param name="BytesTotal" example="67108864">Bytes of the tasks so far.</param>
/// <param name="BytesPerSecond" example="4194304">The rate of the last 10 seconds; null if it is not known.</param>
/// <param name="EtaSeconds" example="10">Estimated seconds left at this rate; null without a rate.</param>
/// <param name="LastDataAt" example="2026-11-23T19:24:18.930033">When a task has last processed data, UTC; null if it is not known.</param>
/// <param name="CreatedAt" example="2026-11-23T19:24:18.433390">When the operation was requested, UTC.</param>
/// <param name="StartedAt" example="2026-11-23T19:24:18.540219">When it started, UTC; null while it waits.</param>
internal sealed record OperationResponse(
    int BackupId,
    string Name,
    string Status,
    string Action,
    string TaskId,
    bool Queued,
    int Progress,
    long BytesDone,
    long BytesTotal,
    long? BytesPerSecond,
    long? EtaSeconds,
    string? LastDataAt,
    string CreatedAt,
    string? StartedAt)
{
    public static OperationResponse Of(OperationSummary operation) => new(
        operation.BackupId,
        operation.Name,
        operation.Status.ToWire(),
        operation.Action,
        operation.TaskId,
        operation.IsQueued,
        operation.Progress,
        operation.Bytes.Done,
        operation.Bytes.Total,
        operation.Bytes.PerSecond,
        operation.Bytes.EtaSeconds,
        ApiJson.CinderTime(operation.Bytes.MovedAt),
        ApiJson.CinderTime(operation.CreatedAt),
        ApiJson.CinderTime(operation.StartedAt));
}

/// <summary>The event changed: image backups that are new, have another status, or were deleted.</summary>
/// <param name="Changed">The image backups.</param>
internal sealed record ChangedResponse(IReadOnlyList<ChangedBackupResponse> Changed)
{
    public static ChangedResponse Of(OperationView view, string projectId) => new(
        [.. view.Changes.Where(change => change.ProjectId == projectId).Select(change => new ChangedBackupResponse(change.BackupId, change.Name, change.Status?.ToWire(), change.FailReason))]);
}

/// <summary>An image backup that has changed.</summary>
/// <param name="BackupId">The id.</param>
/// <param name="Name">The name; null if it is not known any more.</param>
/// <param name="Status">The new status; null if the image backup was deleted.</param>
/// <param name="FailReason">Why the last operation failed; null if it did not.</param>
internal sealed record ChangedBackupResponse(int BackupId, string? Name, string? Status, string? FailReason);
