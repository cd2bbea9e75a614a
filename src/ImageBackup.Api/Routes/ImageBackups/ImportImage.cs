using System.Text.Json;
using ImageBackup.Api.Http;
using ImageBackup.Core.Backups;
using ImageBackup.Core.Operations;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.ImageBackups;

/// <summary>POST /v3/{project_id}/image-backups/import_image (Tables 6 to 9).</summary>
internal static class ImportImage
{
    private const string Envelope = "import-image";
    private const int LongestObjectKey = 1024; // S3's limit

    private static readonly string[] OsTypes = ["aix", "ibmi", "rhel", "coreos", "ubuntu"];
    private static readonly string[] Architectures = ["ppc64", "ppc64le"];

    public static async Task<JsonHttpResult<StartedResponse>> HandleAsync(HttpContext context, ImageBackupService service, CancellationToken cancellationToken)
    {
        var body = await JsonBody.ReadAsync(context, cancellationToken);
        var started = await service.StartImportAsync(context.Caller(), Parse(body), RequestKeys.Read(context, body), cancellationToken);
        return StartedAnswer.For(context, started, StatusCodes.Status201Created);
    }

    private static ImportCommand Parse(JsonElement body)
    {
        var fields = BodyFields.Open(body, Envelope);
        var command = new ImportCommand
        {
            Name = fields.RequiredString("name"),
            Description = fields.OptionalString("description"),
            VolumeType = fields.OptionalString("volume_type", minimum: 1),
            ImageBackupId = (int?)fields.OptionalInteger("image_backup_id", 1, int.MaxValue),
            BackupHost = fields.OptionalString("backup_host", minimum: 1),
            OvaName = fields.OptionalString("ova_name", minimum: 1, maximum: LongestObjectKey),
            CosBucket = fields.OptionalString("cos_bucket", minimum: 1),
            Raw = Raw(fields),
        };
        fields.RefuseUnknown();
        return command;
    }

    /// <summary>A raw disk says nothing of itself, so both must be given; otherwise they are ignored, as the archive says it.</summary>
    private static RawDisk? Raw(BodyFields fields)
    {
        if (fields.Boolean("import_from_raw_file", absent: false))
        {
            return new RawDisk(fields.RequiredWord("os_type", OsTypes), fields.RequiredWord("architecture", Architectures));
        }

        fields.OptionalWord("os_type", OsTypes);
        fields.OptionalWord("architecture", Architectures);
        return null;
    }
}
