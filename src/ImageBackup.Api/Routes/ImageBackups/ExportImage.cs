using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using ImageBackup.Api.Http;
using ImageBackup.Core.Backups;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Operations.Export;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.ImageBackups;

/// <summary>POST /v3/{project_id}/image-backups/export_image (IBM's Tables 2 to 5)</summary>
internal static class ExportImage
{
    /// <summary>The export.</summary>
    [Envelope("image-backup")]
    [BodyExample("To a backup node, without upload", """
        {"image-backup": {"name": "export-to-backup-node", "description": "export to backup node without upload to cos",
          "src_image_id": "9c219888-1ab0-429e-9282-7cbc6957c839", "backup_host": "local", "upload_to_cos": false, "compression": "Fast"}}
        """)]
    [BodyExample("With upload to a bucket", """
        {"image-backup": {"name": "export-to-cos", "description": "export to backup node with upload to cos",
          "src_image_id": "9c219888-1ab0-429e-9282-7cbc6957c839", "cos_bucket": "cos-default", "backup_host": "local", "upload_to_cos": true}}
        """)]
    internal sealed record ExportImageRequest
    {
        /// <summary>Display name of the image backup. Leading and trailing spaces are removed. The archive's file name begins with it.</summary>
        /// <example>export-to-backup-node</example>
        [StringLength(255, MinimumLength = 1)]
        public required string Name { get; init; }

        /// <summary>Description of the image backup.</summary>
        /// <example>export to backup node without upload to cos</example>
        [StringLength(255)]
        public string? Description { get; init; }

        /// <summary>The id of the image to export. The image must be active and have volumes.</summary>
        /// <example>9c219888-1ab0-429e-9282-7cbc6957c839</example>
        [StringLength(255, MinimumLength = 1)]
        public required string SrcImageId { get; init; }

        /// <summary>The backup node: its backup_node_id, display name or address. Default: the only node, or the first registered node that is up.</summary>
        /// <example>local</example>
        [StringLength(255, MinimumLength = 1)]
        public string? BackupHost { get; init; }

        /// <summary>Whether the archive is then uploaded to a bucket. Cinder's boolean words are accepted too, as in IBM's sample: "False".</summary>
        /// <example>false</example>
        [DefaultValue(true)]
        public bool UploadToCos { get; init; }

        /// <summary>The bucket for the upload. Default: the node's cos_default, then the setting Cos:DefaultBucket (cos-default).</summary>
        /// <example>cos-default</example>
        [StringLength(255, MinimumLength = 1)]
        public string? CosBucket { get; init; }

        /// <summary>Another spelling of cos_bucket, from IBM's table. If both are sent, they must be equal.</summary>
        /// <example>cos-default</example>
        [JsonPropertyName("cos-bucket")]
        [StringLength(255, MinimumLength = 1)]
        public string? CosBucketOfTable { get; init; }

        /// <summary>True: gzip. Fast: faster gzip on every core. False: no compression, unless the node or the service requires it. A boolean is accepted too.</summary>
        /// <example>Fast</example>
        [AllowedWords(typeof(CompressionWords))]
        [DefaultValue("True")]
        public string Compression { get; init; } = "";
    }

    public static async Task<Created<Enveloped<StartedResponse>>> HandleAsync(
        HttpContext context, Body<ExportImageRequest> body, ExportPlanner planner, CancellationToken cancellationToken)
    {
        var started = await planner.StartAsync(context.Caller(), Parse(body.Value), RequestKeys.Read(context, body.Json), cancellationToken);
        return Enveloped.Created(StartedResponse.Of(context, started));
    }

    private static ExportCommand Parse(ExportImageRequest request) => new()
    {
        Name = request.Name,
        Description = request.Description,
        SrcImageId = request.SrcImageId,
        BackupHost = request.BackupHost,
        UploadToCos = request.UploadToCos,
        Compression = CompressionWords.Parse(request.Compression),
        CosBucket = CosBucket(request),
    };

    private static string? CosBucket(ExportImageRequest request)
        => request is { CosBucket: { } sample, CosBucketOfTable: { } table } && sample != table
            ? throw new InvalidRequestException($"Invalid input for field/attribute cos-bucket. Value: {table}. cos_bucket says {sample}; give one of them, or the same in both.")
            : request.CosBucket ?? request.CosBucketOfTable;
}
