using ImageBackup.Api.Http;
using ImageBackup.Core.Operations;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.ImageBackups;

/// <summary>PUT /v3/{project_id}/image-backups/{id}/reset_status (Table 10); the only status it takes is <c>error</c>.</summary>
internal static class ResetStatus
{
    private static readonly string[] Statuses = ["error"];

    public static async Task<Accepted> HandleAsync(HttpContext context, string id, ImageBackupService service, CancellationToken cancellationToken)
    {
        var fields = await BodyFields.ReadAsync(context, "reset_status", cancellationToken);
        fields.RequiredWord("status", Statuses);
        fields.RefuseUnknown();
        await service.ResetAsync(context.Caller(), BackupIds.Parse(id), cancellationToken);
        return TypedResults.Accepted((string?)null);
    }
}
