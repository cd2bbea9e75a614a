using ImageBackup.Api.Http;
using ImageBackup.Core.Backups;
using ImageBackup.Core.Flows;
using ImageBackup.Core.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.ImageBackups;

/// <summary>GET /v3/{project_id}/image-backups/{id}/operations: the operations of an image backup, newest first</summary>
internal static class ListOperations
{
    /// <summary>An operation on an image backup.</summary>
    /// <param name="TaskId" example="6f09caf1-0468-4101-9c4d-34d0b0690fab">The task_id, for get_progress.</param>
    /// <param name="Action" example="export">export, import, upload, download, verify or delete.</param>
    /// <param name="State" example="succeeded">queued, running, succeeded or failed.</param>
    /// <param name="Progress" example="100">Progress in percent, by bytes.</param>
    /// <param name="FailReason">Why the operation failed or was stopped; null if it was not.</param>
    /// <param name="CreatedAt" example="2026-11-23T19:24:18.433390">When the operation was requested, UTC.</param>
    /// <param name="StartedAt" example="2026-11-23T19:24:18.540219">When it started, UTC; null if it has not.</param>
    /// <param name="FinishedAt" example="2026-11-23T19:24:19.077488">When it ended, UTC; null if it has not.</param>
    [Envelope("operation", "operations")]
    internal sealed record OperationRecordResponse(string TaskId, string Action, string State, int Progress, string? FailReason, string CreatedAt, string? StartedAt, string? FinishedAt);

    public static async Task<Ok<ListResponse<OperationRecordResponse>>> HandleAsync(HttpContext context, string id, BackupStore backups, FlowStore flows, CancellationToken cancellationToken)
    {
        var backup = backups.Get(context.Caller(), BackupIds.Parse(id));
        var page = await flows.ListAsync(backup.Id, context.QueryPage(), cancellationToken);
        return ListResponse.Ok(context, page, Respond, operation => operation.TaskId);
    }

    private static OperationRecordResponse Respond(PastOperation operation) => new(
        operation.TaskId,
        operation.Action,
        operation switch
        {
            { QueueState: QueueState.Queued } => "queued",
            { QueueState: QueueState.Running } => "running",
            { Progress: 100 } => "succeeded",
            _ => "failed",
        },
        operation.Progress,
        operation.Reason,
        ApiJson.CinderTime(operation.CreatedAt),
        ApiJson.CinderTime(operation.StartedAt),
        ApiJson.CinderTime(operation.FinishedAt));
}
