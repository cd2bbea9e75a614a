using ImageBackup.Api.Http;
using ImageBackup.Core.Operations;

namespace ImageBackup.Api.Routes.ImageBackups;

/// <summary>An operation that was started (IBM's Tables 3, 5, 7 and 9).</summary>
/// <param name="BackupId" example="1">The id of the image backup.</param>
/// <param name="TaskUri" example="http://127.0.0.1:9000/v3/40a58846608e4e908c43b547d4dfb58c/image-backups/get_progress?action=export&amp;task_id=6f09caf1-0468-4101-9c4d-34d0b0690fab&amp;backup_id=1">The address of the operation's progress.</param>
[Envelope("image-backup")]
internal sealed record StartedResponse(int BackupId, string TaskUri)
{
    public static StartedResponse Of(HttpContext context, StartedOperation started) => new(
        started.BackupId,
        context.ProjectUrl($"/image-backups/get_progress?action={started.Action}&task_id={started.TaskId}&backup_id={started.BackupId}"));
}
