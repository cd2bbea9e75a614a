using ImageBackup.Api.Http;
using ImageBackup.Core.Backups;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Flows;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.ImageBackups;

/// <summary>PUT /v3/{project_id}/image-backups/{id}: name, description.</summary>
internal static class UpdateImageBackup
{
    public static async Task<JsonHttpResult<ImageBackupResponse>> HandleAsync(HttpContext context, string id, BackupStore backups, FlowProgress progress, CancellationToken cancellationToken)
    {
        var command = Parse(await BodyFields.ReadAsync(context, "image-backup", cancellationToken));
        var backup = await backups.UpdateAsync(context.Caller(), BackupIds.Parse(id), command, cancellationToken);
        return await ShowImageBackup.AnswerAsync(context, backup, progress, cancellationToken);
    }

    private static UpdateBackupCommand Parse(BodyFields fields)
    {
        var command = new UpdateBackupCommand(
            fields.Has("name") ? fields.RequiredString("name") : null,
            fields.Has("description"),
            fields.OptionalString("description"));
        fields.RefuseUnknown();
        return command is { Name: null, SetsDescription: false }
            ? throw new InvalidRequestException("There is nothing to change: give name, description, or both.")
            : command;
    }
}
