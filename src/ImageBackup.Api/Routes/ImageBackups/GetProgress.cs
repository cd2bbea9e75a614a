using ImageBackup.Api.Http;
using ImageBackup.Core.Backups;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Flows;

namespace ImageBackup.Api.Routes.ImageBackups;

/// <summary>GET /v3/{project_id}/image-backups/get_progress (IBM's Tables 11 and 12), also as server-sent events</summary>
internal static class GetProgress
{
    public const string EventStream = "text/event-stream";

    public static readonly RouteParameter[] Parameters =
    [
        new("action", "string", "The operation: export, import, upload, download or verify.", "export", IsRequired: true),
        new("task_id", "string", "The task_id in the task_uri that started the operation. Default: the last operation of the image backup."),
        new("backup_id", "integer", "The id of the image backup.", "1", IsRequired: true),
        new("details", "boolean", "Whether each task has bytes, rate, time left, times and the reason of a failure."),
    ];

    public static IResult Handle(
        HttpContext context, BackupStore backups, FlowProgress progress, ProgressFeed feed, EventStreamLimit limit, CancellationToken cancellationToken)
    {
        RequireKnownAction(context.QueryString("action"));
        var backupId = context.QueryInteger("backup_id") ?? throw new InvalidRequestException("backup_id is missing: it is part of the task_uri that export and import answer with.");
        var taskId = context.QueryString("task_id") is { Length: > 0 } id ? id
            : backups.Get(context.Caller(), backupId).TaskId ?? throw new NotFoundException($"Image backup {backupId} had no operation.");
        var document = progress.Get(context.Caller(), taskId, backupId);
        if (!context.Request.Headers.Accept.ToString().Contains(EventStream, StringComparison.OrdinalIgnoreCase))
        {
            return Enveloped.Ok(ProgressResponse.Of(document, context.QueryBoolean("details")));
        }

        limit.Count(context);

        // nginx would buffer the events otherwise.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        return TypedResults.ServerSentEvents(feed.ListenAsync(document, taskId, cancellationToken));
    }

    // IBM's own samples confuse export and import, so any known action is accepted.
    private static void RequireKnownAction(string? action)
    {
        if (action is null || !BackupActions.All.Contains(action.ToLowerInvariant()))
        {
            throw new InvalidRequestException($"Invalid input for field/attribute action. Value: {action}. It must be one of {string.Join(", ", BackupActions.All)}.");
        }
    }
}
