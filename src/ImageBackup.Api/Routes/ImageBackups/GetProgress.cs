using ImageBackup.Api.Http;
using ImageBackup.Core.Backups;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Operations;

namespace ImageBackup.Api.Routes.ImageBackups;

/// <summary>GET /v3/{project_id}/image-backups/get_progress (Tables 11 and 12); the same as server-sent events where the client asks for them.</summary>
internal static class GetProgress
{
    public static async Task<IResult> HandleAsync(HttpContext context, ImageBackupService service, IHostApplicationLifetime lifetime, CancellationToken cancellationToken)
    {
        RequireKnownAction(context.QueryString("action"));
        var taskId = context.QueryString("task_id") is { Length: > 0 } id ? id : throw new InvalidRequestException("task_id is missing: it is part of the task_uri that export and import answer with.");
        var backupId = context.QueryInteger("backup_id") ?? throw new InvalidRequestException("backup_id is missing: it is part of the task_uri that export and import answer with.");
        var document = await service.GetProgressAsync(context.Caller(), taskId, backupId, cancellationToken);
        return context.Request.Headers.Accept.ToString().Contains("text/event-stream", StringComparison.OrdinalIgnoreCase)
            ? new ProgressStream(service, context.Caller(), document, taskId, lifetime.ApplicationStopping)
            : TypedResults.Json(ProgressView.For(document, context.QueryBoolean("details")));
    }

    /// <summary>The seed's own samples mix export and import up, so any known action will do.</summary>
    private static void RequireKnownAction(string? action)
    {
        if (action is null || !BackupActions.All.Contains(action.ToLowerInvariant()))
        {
            throw new InvalidRequestException($"Invalid input for field/attribute action. Value: {action}. It must be one of {string.Join(", ", BackupActions.All)}.");
        }
    }
}
