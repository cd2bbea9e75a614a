using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using ImageBackup.Api.Http;

namespace ImageBackup.Api.Emulator;

/// <summary>The data that the service has for a test. Entries that exist stay as they are.</summary>
[BodyExample("An image of two volumes and a backup of it", """{"images": [{"name": "seeded-rhel", "os_distro": "rhel", "volumes": [{"size": "64MiB", "content": "mixed"}, {"size": "1GiB", "content": "text", "data": "2MiB"}]}], "image_backups": [{"name": "nightly", "image": "seeded-rhel", "status": "available"}]}""")]
internal sealed record SeedRequest
{
    /// <summary>Projects of the embedded Keystone.</summary>
    public IReadOnlyList<SeedProjectRequest>? Projects { get; init; }

    /// <summary>Users of the embedded Keystone.</summary>
    public IReadOnlyList<SeedUserRequest>? Users { get; init; }

    /// <summary>Storage templates.</summary>
    public IReadOnlyList<SeedTemplateRequest>? StorageTemplates { get; init; }

    /// <summary>Buckets of the embedded object store.</summary>
    public IReadOnlyList<SeedBucketRequest>? Buckets { get; init; }

    /// <summary>Backup nodes.</summary>
    public IReadOnlyList<SeedNodeRequest>? BackupNodes { get; init; }

    /// <summary>Images with their volumes.</summary>
    public IReadOnlyList<SeedImageRequest>? Images { get; init; }

    /// <summary>Image backups. The service exports each image for real, one after another.</summary>
    public IReadOnlyList<SeedBackupRequest>? ImageBackups { get; init; }
}

/// <summary>A project.</summary>
internal sealed record SeedProjectRequest
{
    /// <summary>The name.</summary>
    /// <example>team-a</example>
    [StringLength(255, MinimumLength = 1)]
    public required string Name { get; init; }

    /// <summary>Hex digits and dashes. Default: an id that the name determines.</summary>
    [StringLength(64, MinimumLength = 1)]
    public string? Id { get; init; }
}

/// <summary>A user.</summary>
internal sealed record SeedUserRequest
{
    /// <summary>The name.</summary>
    /// <example>alice</example>
    [StringLength(255, MinimumLength = 1)]
    public required string Name { get; init; }

    /// <summary>The password.</summary>
    /// <example>secret</example>
    [DataType(DataType.Password)]
    [StringLength(4096, MinimumLength = 1)]
    public required string Password { get; init; }

    /// <summary>The names of the user's projects. Default: ibm-default.</summary>
    public IReadOnlyList<string>? Projects { get; init; }

    /// <summary>admin, member or reader in each project. Default: member.</summary>
    public IReadOnlyList<string>? Roles { get; init; }
}

/// <summary>A storage template.</summary>
internal sealed record SeedTemplateRequest
{
    /// <summary>The name.</summary>
    /// <example>fast</example>
    [StringLength(255, MinimumLength = 1)]
    public required string Name { get; init; }

    /// <summary>A UUID. Default: a new one.</summary>
    [StringLength(36, MinimumLength = 1)]
    public string? Id { get; init; }

    /// <summary>The description.</summary>
    [StringLength(255)]
    public string? Description { get; init; }
}

/// <summary>A bucket of the embedded object store.</summary>
internal sealed record SeedBucketRequest
{
    /// <summary>The name, as S3 permits it.</summary>
    /// <example>archive</example>
    [StringLength(63, MinimumLength = 3)]
    public required string Name { get; init; }
}

/// <summary>A backup node.</summary>
internal sealed record SeedNodeRequest
{
    /// <summary>The name in backup_host and of the node's directory.</summary>
    /// <example>node-2</example>
    [StringLength(64, MinimumLength = 1)]
    public required string BackupNodeId { get; init; }

    /// <summary>The address or host name.</summary>
    /// <example>node-2.example</example>
    [StringLength(255, MinimumLength = 1)]
    public required string AccessIp { get; init; }

    /// <summary>The name for people. Default: backup_node_id.</summary>
    [StringLength(255, MinimumLength = 1)]
    public string? DisplayName { get; init; }

    /// <summary>The bucket of exports that name none.</summary>
    [StringLength(63)]
    public string? CosDefault { get; init; }

    /// <summary>Whether the node always compresses.</summary>
    public bool FastCompression { get; init; }
}

/// <summary>An image.</summary>
internal sealed record SeedImageRequest
{
    /// <summary>The name.</summary>
    /// <example>seeded-rhel</example>
    [StringLength(255, MinimumLength = 1)]
    public required string Name { get; init; }

    /// <summary>A UUID. Default: a new one.</summary>
    [StringLength(36, MinimumLength = 1)]
    public string? Id { get; init; }

    /// <summary>The name or id of the project. Default: ibm-default.</summary>
    [StringLength(255, MinimumLength = 1)]
    public string? Project { get; init; }

    /// <summary>Who sees the image.</summary>
    [DefaultValue("public")]
    [AllowedWords("public", "private", "shared", "community")]
    public string Visibility { get; init; } = "";

    /// <summary>The operating system, such as rhel.</summary>
    [StringLength(255)]
    public string? OsDistro { get; init; }

    /// <summary>ppc64 or ppc64le.</summary>
    [DefaultValue("ppc64le")]
    [AllowedWords("ppc64", "ppc64le")]
    public string Architecture { get; init; } = "";

    /// <summary>The volumes, the boot volume first.</summary>
    public required IReadOnlyList<SeedVolumeRequest> Volumes { get; init; }
}

/// <summary>A volume of an image.</summary>
internal sealed record SeedVolumeRequest
{
    /// <summary>Bytes as a number, or text such as 64MiB.</summary>
    /// <example>64MiB</example>
    public required JsonElement Size { get; init; }

    /// <summary>text compresses well, random does not, mixed alternates, zeros has holes only. The same volume has the same bytes on every machine.</summary>
    [DefaultValue("mixed")]
    [AllowedWords(typeof(VolumeContent))]
    public string Content { get; init; } = "";

    /// <summary>How much of the beginning is content, as bytes or text such as 6MiB. The rest has holes. Default: all, up to 8 MiB.</summary>
    /// <example>2MiB</example>
    public JsonElement? Data { get; init; }

    /// <summary>The name or id of the storage template. Default: the default template.</summary>
    [StringLength(255, MinimumLength = 1)]
    public string? StorageTemplate { get; init; }
}

/// <summary>An image backup.</summary>
internal sealed record SeedBackupRequest
{
    /// <summary>The name.</summary>
    /// <example>nightly</example>
    [StringLength(255, MinimumLength = 1)]
    public required string Name { get; init; }

    /// <summary>The name or id of the exported image.</summary>
    /// <example>seeded-rhel</example>
    [StringLength(255, MinimumLength = 1)]
    public required string Image { get; init; }

    /// <summary>The description.</summary>
    [StringLength(255)]
    public string? Description { get; init; }

    /// <summary>The name or id of the project. Default: ibm-default.</summary>
    [StringLength(255, MinimumLength = 1)]
    public string? Project { get; init; }

    /// <summary>The status to reach. In a status of a running operation, the operation waits at progress until its injected fault is removed.</summary>
    [DefaultValue("available")]
    [AllowedWords(typeof(Core.Persistence.BackupStatus))]
    public string Status { get; init; } = "";

    /// <summary>The node. Default: the first one.</summary>
    [StringLength(255, MinimumLength = 1)]
    public string? BackupHost { get; init; }

    /// <summary>The bucket of an uploaded archive. Default: that of the node or of the settings.</summary>
    [StringLength(255, MinimumLength = 1)]
    public string? CosBucket { get; init; }

    /// <summary>The compression.</summary>
    [DefaultValue("True")]
    [AllowedWords("True", "Fast", "False")]
    public string Compression { get; init; } = "";

    /// <summary>With a running operation: how much of its task is done, from 0 to 1.</summary>
    [DefaultValue(0.5)]
    [Range(0, 1)]
    public double Progress { get; init; }

    /// <summary>With error, upload_failed and download_failed: why the operation failed.</summary>
    [DefaultValue("A seeded failure")]
    [StringLength(255, MinimumLength = 1)]
    public string FailReason { get; init; } = "";

    /// <summary>When the image backup was created, such as 2026-01-31T23:00:00Z. Default: now.</summary>
    [StringLength(40)]
    public string? CreatedAt { get; init; }
}
