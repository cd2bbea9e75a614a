using System.Text.Json;
using ImageBackup.Api.Http;
using ImageBackup.Core.Backups;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Operations;
using ImageBackup.Ova;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.ImageBackups;

/// <summary>POST /v3/{project_id}/image-backups/export_image (Tables 2 to 5).</summary>
internal static class ExportImage
{
    private const string Envelope = "image-backup";

    public static async Task<JsonHttpResult<StartedResponse>> HandleAsync(HttpContext context, ImageBackupService service, CancellationToken cancellationToken)
    {
        var body = await JsonBody.ReadAsync(context, cancellationToken);
        var started = await service.StartExportAsync(context.Caller(), Parse(body), RequestKeys.Read(context, body), cancellationToken);
        return StartedAnswer.For(context, started, StatusCodes.Status201Created);
    }

    private static ExportCommand Parse(JsonElement body)
    {
        var fields = BodyFields.Open(body, Envelope);
        var command = new ExportCommand
        {
            Name = fields.RequiredString("name"),
            Description = fields.OptionalString("description"),
            SrcImageId = fields.RequiredString("src_image_id"),
            BackupHost = fields.OptionalString("backup_host", minimum: 1),
            UploadToCos = fields.Boolean("upload_to_cos", absent: true),
            Compression = Compression(fields),
            CosBucket = CosBucket(fields),
        };
        fields.RefuseUnknown();
        return command;
    }

    /// <summary><c>True</c> (the default), <c>Fast</c> or <c>False</c>; JSON booleans and Cinder's words too.</summary>
    private static OvaCompression Compression(BodyFields fields)
    {
        if (fields.Find("compression") is not { } value)
        {
            return OvaCompression.Gzip;
        }

        if (value.ValueKind == JsonValueKind.String && string.Equals(value.GetString()!.Trim(), "Fast", StringComparison.OrdinalIgnoreCase))
        {
            return OvaCompression.Fast;
        }

        return BodyFields.ReadBoolean(value) switch
        {
            true => OvaCompression.Gzip,
            false => OvaCompression.None,
            null => throw InvalidField.Create("compression", value, $"{InvalidField.Quote(value)} is not one of ['True', 'Fast', 'False'] (in any case, or a boolean)"),
        };
    }

    /// <summary>The seed's table writes <c>cos-bucket</c>, its sample <c>cos_bucket</c>.</summary>
    private static string? CosBucket(BodyFields fields)
    {
        var sample = fields.OptionalString("cos_bucket", minimum: 1);
        var table = fields.OptionalString("cos-bucket", minimum: 1);
        return sample is not null && table is not null && sample != table
            ? throw new InvalidRequestException($"Invalid input for field/attribute cos-bucket. Value: {table}. cos_bucket says {sample}; give one of them, or the same in both.")
            : sample ?? table;
    }
}
