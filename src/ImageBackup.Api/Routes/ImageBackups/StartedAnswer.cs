using System.Text.Json.Serialization;
using ImageBackup.Api.Http;
using ImageBackup.Core.Backups;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.ImageBackups;

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
/// <param name="ImageBackup">What was started.</param>
internal sealed record StartedResponse([property: JsonPropertyName("image-backup")] StartedBackup ImageBackup);

/// <summary>The backup's id, and where its progress is told.</summary>
/// <param name="BackupId" example="1">The image backup.</param>
/// <param name="TaskUri" example="http://127.0.0.1:9000/v3/40a58846608e4e908c43b547d4dfb58c/image-backups/get_progress?action=export&amp;task_id=6f09caf1-0468-4101-9c4d-34d0b0690fab&amp;backup_id=1">Where its progress is told.</param>
internal sealed record StartedBackup(int BackupId, string TaskUri);
