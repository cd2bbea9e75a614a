using System.Text.Json.Serialization;
using ImageBackup.Api.Http;
using ImageBackup.Core.Backups;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.ImageBackups;

/// <summary>What a long operation answers with (Tables 3, 5, 7 and 9): <c>{"image-backup":{"backup_id":23,"task_uri":"…"}}</c>.</summary>
internal static class StartedAnswer
{
    /// <summary>201 for export and import, as the seed has it; 202 for the rest.</summary>
    public static JsonHttpResult<StartedResponse> For(HttpContext context, StartedOperation started, int statusCode)
    {
        var uri = context.ProjectUrl($"/image-backups/get_progress?action={started.Action}&task_id={started.TaskId}&backup_id={started.BackupId}");
        return TypedResults.Json(new StartedResponse(new StartedBackup(started.BackupId, uri)), statusCode: statusCode);
    }
}

/// <summary>The envelope.</summary>
internal sealed record StartedResponse([property: JsonPropertyName("image-backup")] StartedBackup ImageBackup);

/// <summary>The backup's id, and where its progress is told.</summary>
internal sealed record StartedBackup(int BackupId, string TaskUri);
