using ImageBackup.Api.Http;
using ImageBackup.Core.BackupNodes;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.BackupNodes;

/// <summary>GET /v3/{project_id}/backup-nodes/{id}/archives: the archives on the node, sorted by name</summary>
internal static class ListNodeArchives
{
    public static readonly RouteParameter[] Parameters =
    [
        .. RouteParameter.Page,
        new("unrecorded", "boolean", "Whether to list only archives without an image backup."),
    ];

    /// <summary>An archive on a backup node.</summary>
    /// <param name="OvaName" example="export-to-backup-node_1.ova">The name of the file. An import takes it as ova_name.</param>
    /// <param name="Size" example="2181632">The size in bytes.</param>
    /// <param name="ImageBackupId" example="1">The image backup of the archive; null if it has none.</param>
    /// <param name="LastModified" example="2026-11-23T16:16:33.000000">Time of the last change, UTC.</param>
    [Envelope("archive", "archives")]
    internal sealed record NodeArchiveResponse(string OvaName, long Size, int? ImageBackupId, string LastModified);

    public static async Task<Ok<ListResponse<NodeArchiveResponse>>> HandleAsync(string id, HttpContext context, NodeContents contents, CancellationToken cancellationToken)
    {
        var page = await contents.ListAsync(context.Caller(), id, context.QueryPage(), context.QueryBoolean("unrecorded"), cancellationToken);
        return ListResponse.Ok(
            context, page, archive => new NodeArchiveResponse(archive.Name, archive.Size, archive.BackupId, ApiJson.CinderTime(archive.ModifiedAt)), archive => archive.Name);
    }
}
