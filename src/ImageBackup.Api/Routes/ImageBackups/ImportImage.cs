using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ImageBackup.Api.Http;
using ImageBackup.Core.Operations.Import;
using ImageBackup.Ova.Descriptor;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.ImageBackups;

/// <summary>POST /v3/{project_id}/image-backups/import_image (IBM's Tables 6 to 9)</summary>
internal static class ImportImage
{
    private const string Envelope = "import-image";

    /// <summary>The import of an image backup, an archive or a raw disk.</summary>
    [Envelope(Envelope)]
    [BodyExample("An image backup", """
        {"import-image": {"name": "Import-from-Backup-node", "description": "Importing an image from the backup node", "image_backup_id": 1,
          "volume_type": "9c219888-1ab0-429e-9282-7cbc6957c839", "backup_host": "local"}}
        """)]
    [BodyExample("An archive in a bucket", """
        {"import-image": {"name": "Import-from-bucket", "description": "Importing an image from a bucket",
          "volume_type": "9c219888-1ab0-429e-9282-7cbc6957c839", "ova_name": "export-to-cos_2.ova", "cos_bucket": "cos-default", "backup_host": "local"}}
        """)]
    [BodyExample("An archive on a backup node", """
        {"import-image": {"name": "Import-by-name", "ova_name": "export-to-backup-node_1.ova", "backup_host": "local"}}
        """)]
    [BodyExample("A raw disk on a backup node", """
        {"import-image": {"name": "Import-from-raw-disk", "import_from_raw_file": true, "ova_name": "disk.raw", "os_type": "rhel",
          "architecture": "ppc64le", "backup_host": "local"}}
        """)]
    internal sealed record ImportImageRequest
    {
        /// <summary>Name of the new image. Leading and trailing spaces are removed.</summary>
        /// <example>Import-from-Backup-node</example>
        [StringLength(255, MinimumLength = 1)]
        public required string Name { get; init; }

        /// <summary>Description of a new image backup.</summary>
        /// <example>Importing an image from the backup node</example>
        [StringLength(255)]
        public string? Description { get; init; }

        /// <summary>The id of the storage template for the new volumes. Default: the default template.</summary>
        /// <example>9c219888-1ab0-429e-9282-7cbc6957c839</example>
        [StringLength(255, MinimumLength = 1)]
        public string? VolumeType { get; init; }

        /// <summary>The image backup to import. If the node no longer has the archive of an uploaded image backup, the service downloads it from its bucket first.</summary>
        /// <example>1</example>
        [Range(1, int.MaxValue)]
        public int? ImageBackupId { get; init; }

        /// <summary>The backup node that does the work: its backup_node_id, display name or address.</summary>
        /// <example>local</example>
        [StringLength(255, MinimumLength = 1)]
        public string? BackupHost { get; init; }

        /// <summary>Without image_backup_id: the archive (.ova, .ova.gz, .ova.xz or .ova.zst) in the bucket or on the node, or the disk on the node.</summary>
        /// <example>export-to-cos_2.ova</example>
        [StringLength(1024, MinimumLength = 1)] // S3's limit for keys
        public string? OvaName { get; init; }

        /// <summary>With ova_name: the bucket that has the archive. Default: the archive is on the node.</summary>
        /// <example>cos-default</example>
        [StringLength(255, MinimumLength = 1)]
        public string? CosBucket { get; init; }

        /// <summary>The http or https URL of the archive or disk. Its host must be among the hosts of the setting SourceUrl:AllowedHosts. With ova_name, the file gets that name on the node.</summary>
        /// <example>https://mirror.example/images/rhel.ova</example>
        [StringLength(2048, MinimumLength = 1)]
        public string? SourceUrl { get; init; }

        /// <summary>With source_url: the checksum that the file must have, sha256: and 64 hex digits.</summary>
        /// <example>sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08</example>
        [StringLength(71, MinimumLength = 1)]
        public string? Checksum { get; init; }

        /// <summary>Whether the file is one disk on the node or at source_url: raw, qcow2, VMDK, VHD, VHDX or VDI, also in gzip, xz or zstd. The bytes of the file tell which.</summary>
        /// <example>false</example>
        [DefaultValue(false)]
        public bool ImportFromRawFile { get; init; }

        /// <summary>Whether the bytes of the disk, or of every member of the archive, are a raw disk, whatever format they look like. Declared gzip is unpacked.</summary>
        /// <example>false</example>
        [DefaultValue(false)]
        public bool ForceRaw { get; init; }

        /// <summary>Operating system of a disk; unknown if left out. For an archive, the archive's own value counts.</summary>
        /// <example>rhel</example>
        [AllowedWords(typeof(OperatingSystems))]
        public string? OsType { get; init; }

        /// <summary>Architecture of a disk; unknown if left out. For an archive, the archive's own value counts.</summary>
        /// <example>ppc64le</example>
        [AllowedWords(typeof(Architectures))]
        public string? Architecture { get; init; }
    }

    public static async Task<Created<Enveloped<StartedResponse>>> HandleAsync(
        HttpContext context, Body<ImportImageRequest> body, ImportPlanner planner, CancellationToken cancellationToken)
    {
        var started = await planner.StartAsync(context.Caller(), Parse(body.Value), RequestKeys.Read(context, body.Json), cancellationToken);
        return Enveloped.Created(StartedResponse.Of(context, started));
    }

    private static ImportCommand Parse(ImportImageRequest request) => new()
    {
        Name = request.Name,
        Description = request.Description,
        VolumeType = request.VolumeType,
        ImageBackupId = request.ImageBackupId,
        BackupHost = request.BackupHost,
        OvaName = request.OvaName,
        CosBucket = request.CosBucket,
        SourceUrl = request.SourceUrl,
        Checksum = request.Checksum,
        Raw = request.ImportFromRawFile ? new RawDisk(request.OsType, request.Architecture) : null,
        ForceRaw = request.ForceRaw,
    };
}
