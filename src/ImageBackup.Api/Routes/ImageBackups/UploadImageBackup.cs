using System.ComponentModel.DataAnnotations;
using ImageBackup.Api.Http;
using ImageBackup.Core.Operations.Upload;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.ImageBackups;

/// <summary>GET or POST /v3/{project_id}/image-backups/{id}/upload; <c>cos_bucket</c> in the query or the body</summary>
internal static class UploadImageBackup
{
    public static readonly RouteParameter Parameter = new("cos_bucket", "string", "The bucket. It may be in the body instead.", "cos-default");

    /// <summary>The upload. The envelope image-backup is optional.</summary>
    [Envelope("image-backup", IsOptional = true)]
    [BodyExample("To the default bucket", """{"cos_bucket": "cos-default"}""")]
    internal sealed record UploadImageBackupRequest
    {
        /// <summary>The bucket for the upload. Default: the last upload's bucket, or the default bucket.</summary>
        /// <example>cos-default</example>
        [StringLength(255, MinimumLength = 1)]
        public string? CosBucket { get; init; }
    }

    public static async Task<Accepted<Enveloped<StartedResponse>>> HandleAsync(HttpContext context, string id, UploadPlanner planner, CancellationToken cancellationToken)
    {
        var bucket = context.QueryString("cos_bucket") is { Length: > 0 } given
            ? given
            : (await RequestReader.ReadOptionalAsync<UploadImageBackupRequest>(context, cancellationToken))?.CosBucket;
        var started = await planner.StartAsync(context.Caller(), BackupIds.Parse(id), bucket, cancellationToken);
        return Enveloped.Accepted(StartedResponse.Of(context, started));
    }
}
