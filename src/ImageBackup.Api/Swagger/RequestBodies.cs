using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace ImageBackup.Api.Swagger;

// Request bodies as the document shows them. Routes read bodies by hand, more leniently than any schema says (booleans in Cinder's words,
// numbers as text); nothing of this is used for reading.

/// <summary>Body of export_image.</summary>
internal sealed class ExportDocument
{
    /// <summary>The export.</summary>
    [Required]
    [JsonPropertyName("image-backup")]
    public ExportFields? ImageBackup { get; init; }
}

internal sealed class ExportFields
{
    /// <summary>Display name of the image backup: 1 to 255 characters, trimmed. Also the beginning of the archive's file name.</summary>
    /// <example>export-to-backup-node</example>
    [Required]
    [StringLength(255, MinimumLength = 1)]
    public string? Name { get; init; }

    /// <summary>Up to 255 characters.</summary>
    /// <example>export to backup node without upload to cos</example>
    [StringLength(255)]
    public string? Description { get; init; }

    /// <summary>The image to export: it must be active and have volumes.</summary>
    /// <example>9c219888-1ab0-429e-9282-7cbc6957c839</example>
    [Required]
    public string? SrcImageId { get; init; }

    /// <summary>The backup node: its backup_node_id, display name or address. Left out: the only node, or the first one that is up.</summary>
    /// <example>local</example>
    public string? BackupHost { get; init; }

    /// <summary>Whether the archive is sent to a bucket afterwards. Cinder's words are taken too, as in IBM's sample: "False".</summary>
    /// <example>false</example>
    [DefaultValue(true)]
    public bool? UploadToCos { get; init; }

    /// <summary>The bucket to send to. Left out: the node's cos_default, else the setting Cos:DefaultBucket (cos-default). May be written cos-bucket.</summary>
    /// <example>cos-default</example>
    public string? CosBucket { get; init; }

    /// <summary>True: gzip. Fast: gzip on every core at speed. False: none, where neither the node nor the service insists on compression.</summary>
    /// <example>Fast</example>
    [DefaultValue("True")]
    [AllowedValues("True", "Fast", "False")]
    public string? Compression { get; init; }
}

/// <summary>Body of import_image: a backup, an archive, or a raw disk.</summary>
internal sealed class ImportDocument
{
    /// <summary>The import.</summary>
    [Required]
    [JsonPropertyName("import-image")]
    public ImportFields? ImportImage { get; init; }
}

internal sealed class ImportFields
{
    /// <summary>Name of the new image: 1 to 255 characters, trimmed.</summary>
    /// <example>Import-from-Backup-node</example>
    [Required]
    [StringLength(255, MinimumLength = 1)]
    public string? Name { get; init; }

    /// <summary>Up to 255 characters.</summary>
    /// <example>Importing an image from the backup node</example>
    [StringLength(255)]
    public string? Description { get; init; }

    /// <summary>Storage template of the new volumes: its id. Left out: the default template.</summary>
    /// <example>9c219888-1ab0-429e-9282-7cbc6957c839</example>
    public string? VolumeType { get; init; }

    /// <summary>The image backup to import. An uploaded one is fetched from its bucket where the node does not have it any more.</summary>
    /// <example>1</example>
    public int? ImageBackupId { get; init; }

    /// <summary>The backup node that works, as in an export.</summary>
    /// <example>local</example>
    public string? BackupHost { get; init; }

    /// <summary>Without image_backup_id: the archive (.ova, .ova.gz) in the bucket or on the node, or the raw disk on the node.</summary>
    /// <example>export-to-cos_2.ova</example>
    public string? OvaName { get; init; }

    /// <summary>With ova_name: the bucket to fetch it from. Left out: the archive lies on the node.</summary>
    /// <example>cos-default</example>
    public string? CosBucket { get; init; }

    /// <summary>Whether ova_name names one raw disk on the node; os_type and architecture are then required.</summary>
    /// <example>false</example>
    [DefaultValue(false)]
    public bool? ImportFromRawFile { get; init; }

    /// <summary>Operating system of a raw disk.</summary>
    /// <example>rhel</example>
    [AllowedValues("aix", "ibmi", "rhel", "coreos", "ubuntu")]
    public string? OsType { get; init; }

    /// <summary>Architecture of a raw disk.</summary>
    /// <example>ppc64le</example>
    [AllowedValues("ppc64", "ppc64le")]
    public string? Architecture { get; init; }
}

/// <summary>Body of reset_status.</summary>
internal sealed class ResetDocument
{
    /// <summary>The new status.</summary>
    [Required]
    public ResetFields? ResetStatus { get; init; }
}

internal sealed class ResetFields
{
    /// <summary>The only status that it takes.</summary>
    /// <example>error</example>
    [Required]
    [AllowedValues("error")]
    public string? Status { get; init; }
}

/// <summary>Body of a change of an image backup.</summary>
internal sealed class BackupChangeDocument
{
    /// <summary>What changes.</summary>
    [Required]
    [JsonPropertyName("image-backup")]
    public BackupChangeFields? ImageBackup { get; init; }
}

internal sealed class BackupChangeFields
{
    /// <summary>A new name, 1 to 255 characters; the archive keeps its own.</summary>
    /// <example>renamed</example>
    [StringLength(255, MinimumLength = 1)]
    public string? Name { get; init; }

    /// <summary>A new description, or null to take it away.</summary>
    /// <example>after the upgrade</example>
    [StringLength(255)]
    public string? Description { get; init; }
}

internal sealed class BucketDocument
{
    /// <summary>The bucket to send to; the last one, or the default one, where left out.</summary>
    /// <example>cos-default</example>
    public string? CosBucket { get; init; }
}

internal sealed class HostDocument
{
    /// <summary>The node to fetch to; the backup's own where left out.</summary>
    /// <example>local</example>
    public string? BackupHost { get; init; }
}
