using System.ComponentModel.DataAnnotations;
using ImageBackup.Api.Http;
using ImageBackup.Core.Operations.Download;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.ImageBackups;

/// <summary>GET or POST /v3/{project_id}/image-backups/{id}/download; <c>backup_host</c> in the query or the body</summary>
internal static class DownloadImageBackup
{
    public static readonly RouteParameter Parameter = new("backup_host", "string", "The backup node. It may be in the body instead.", "local");

    /// <summary>The download. The envelope image-backup is optional.</summary>
    [Envelope("image-backup", IsOptional = true)]
    [BodyExample("To the local node", """{"backup_host": "local"}""")]
    internal sealed record DownloadImageBackupRequest
    {
        /// <summary>The backup node to download to. Default: the image backup's own node.</summary>
        /// <example>local</example>
        [StringLength(255, MinimumLength = 1)]
        public string? BackupHost { get; init; }
    }

    public static async Task<Accepted<Enveloped<StartedResponse>>> HandleAsync(HttpContext context, string id, DownloadPlanner planner, CancellationToken cancellationToken)
    {
        var host = context.QueryString("backup_host") is { Length: > 0 } given
            ? given
            : (await RequestReader.ReadOptionalAsync<DownloadImageBackupRequest>(context, cancellationToken))?.BackupHost;
        var started = await planner.StartAsync(context.Caller(), BackupIds.Parse(id), host, cancellationToken);
        return Enveloped.Accepted(StartedResponse.Of(context, started));
    }
}
