using ImageBackup.Api.Http;
using ImageBackup.Core.Backups;
using ImageBackup.Core.Flows;
using ImageBackup.Core.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.ImageBackups;

/// <summary>GET /v3/{project_id}/image-backups and /v3/{project_id}/image-backups/detail</summary>
internal static class ListImageBackups
{
    public static readonly RouteParameter[] Parameters =
    [
        .. RouteParameter.List,
        .. ImageBackupFilters.Parameters,
    ];

    private static readonly SortKeys<BackupRecord> SortKeys = new(backup => backup.Id)
    {
        Name = backup => backup.Name,
        ["id"] = backup => backup.Id,
        ["name"] = backup => backup.Name,
        ["status"] = backup => backup.Status,
        ["size"] = backup => backup.Size,
        ["backup_host"] = backup => backup.BackupHost,
        ["created_at"] = backup => backup.CreatedAt,
        ["updated_at"] = backup => backup.UpdatedAt,
    };

    /// <summary>An image backup in a plain list.</summary>
    /// <param name="Id" example="1">The id.</param>
    /// <param name="Name" example="export-to-backup-node">The display name.</param>
    /// <param name="Links">The address of the image backup, with and without the version.</param>
    [Envelope("image-backup", "image-backups")]
    internal sealed record ImageBackupSummaryResponse(int Id, string Name, IReadOnlyList<Link> Links);

    public static async Task<Ok<ListResponse<ImageBackupSummaryResponse>>> HandleAsync(HttpContext context, BackupStore backups, CancellationToken cancellationToken)
    {
        var page = await ReadAsync(context, backups, cancellationToken);
        return ListResponse.Ok(
            context, page, backup => new ImageBackupSummaryResponse(backup.Id, backup.Name, context.ItemLinks("image-backups", $"{backup.Id}")), backup => $"{backup.Id}");
    }

    public static async Task<Ok<ListResponse<ImageBackupResponse>>> HandleDetailAsync(HttpContext context, BackupStore backups, FlowProgress progress, CancellationToken cancellationToken)
    {
        var page = await ReadAsync(context, backups, cancellationToken);
        var percents = await progress.FindPercentsAsync([.. page.Items.Select(backup => backup.TaskId).OfType<string>()], cancellationToken);
        return ListResponse.Ok(
            context, page, backup => ImageBackupResponse.Of(context, backup, percents.GetValueOrDefault(backup.TaskId ?? "")), backup => $"{backup.Id}");
    }

    private static Task<Page<BackupRecord>> ReadAsync(HttpContext context, BackupStore backups, CancellationToken cancellationToken)
    {
        var request = context.QueryPage();
        return backups.QueryAsync(
            context.Caller(),
            (rows, token) => ImageBackupFilters.Apply(context, rows).ToPageAsync(request, SortKeys, token),
            cancellationToken);
    }
}
