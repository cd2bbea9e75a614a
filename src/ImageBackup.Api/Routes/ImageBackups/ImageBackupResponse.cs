using ImageBackup.Api.Http;
using ImageBackup.Core.Backups;
using ImageBackup.Core.Persistence;

namespace ImageBackup.Api.Routes.ImageBackups;

/// <summary>An image backup.</summary>
[Envelope("image-backup", "image-backups")]
internal sealed record ImageBackupResponse
{
    /// <summary>The id.</summary>
    /// <example>1</example>
    public required int Id { get; init; }

    /// <summary>The display name.</summary>
    /// <example>export-to-backup-node</example>
    public required string Name { get; init; }

    /// <summary>The description; null if there is none.</summary>
    /// <example>export to backup node without upload to cos</example>
    public string? Description { get; init; }

    /// <summary>While an operation runs: creating_backup, uploading, downloading, extracting_ova or deleting. Otherwise: available, uploaded, upload_failed, download_failed or error.</summary>
    /// <example>available</example>
    public required string Status { get; init; }

    /// <summary>Why the last operation failed or was stopped; null if it succeeded.</summary>
    public string? FailReason { get; init; }

    /// <summary>Progress of the last operation in percent, by bytes.</summary>
    /// <example>100</example>
    public required int Progress { get; init; }

    /// <summary>The id of the exported image; null if the archive came from elsewhere.</summary>
    /// <example>9c219888-1ab0-429e-9282-7cbc6957c839</example>
    public string? SrcImageId { get; init; }

    /// <summary>The name of the image in the archive.</summary>
    /// <example>demo-aix</example>
    public string? ImageName { get; init; }

    /// <summary>The id of the image that the last import created; null if there was no import.</summary>
    public string? ImageId { get; init; }

    /// <summary>The backup_node_id of the backup node.</summary>
    /// <example>local</example>
    public required string BackupHost { get; init; }

    /// <summary>The name of the archive on the backup node.</summary>
    /// <example>export-to-backup-node_1.ova</example>
    public string? OvaName { get; init; }

    /// <summary>Size of the archive in bytes; null until it is written.</summary>
    /// <example>2181632</example>
    public long? OvaSize { get; init; }

    /// <summary>SHA-256 of the archive in hex; null until an upload, a download or a verification has computed it.</summary>
    /// <example>14890f3ac4913ad65f4336c8454f0828d6970a53ee08663f5ee3c9dd8ceb131b</example>
    public string? OvaSha256 { get; init; }

    /// <summary>SHA-256 of the manifest in the archive, in hex. The manifest has the SHA-256 of every other member. Null for an archive from elsewhere.</summary>
    /// <example>5b1f0d4f9f0b7a3c9f7dd5a1b0c8d6e2f4a6b8c0d2e4f60718293a4b5c6d7e8f</example>
    public string? ManifestSha256 { get; init; }

    /// <summary>When a verification has last found the archive intact, UTC; null if none has.</summary>
    /// <example>2026-11-24T03:00:12.104233</example>
    public string? VerifiedAt { get; init; }

    /// <summary>Size of all volumes in GiB, each rounded up.</summary>
    /// <example>1</example>
    public required int Size { get; init; }

    /// <summary>The operating system, such as aix or rhel, as the image names it; null if it is not known.</summary>
    /// <example>aix</example>
    public string? OsType { get; init; }

    /// <summary>The architecture: ppc64 or ppc64le; null if it is not known.</summary>
    /// <example>ppc64</example>
    public string? Architecture { get; init; }

    /// <summary>The requested compression: True, Fast or False.</summary>
    /// <example>Fast</example>
    public string? Compression { get; init; }

    /// <summary>The compression of the archive: True, Fast or False.</summary>
    /// <example>Fast</example>
    public string? EffectiveCompression { get; init; }

    /// <summary>The bucket that the archive was uploaded to or downloaded from; null if there is none.</summary>
    /// <example>cos-default</example>
    public string? CosBucket { get; init; }

    /// <summary>The key of the object in the bucket; null if there is none.</summary>
    /// <example>export-to-backup-node_1.ova</example>
    public string? CosObject { get; init; }

    /// <summary>The volumes in the archive; empty until it is written.</summary>
    public required IReadOnlyList<BackupVolume> Volumes { get; init; }

    /// <summary>The task_id of the last operation, for get_progress; null if there was none.</summary>
    /// <example>6f09caf1-0468-4101-9c4d-34d0b0690fab</example>
    public string? TaskId { get; init; }

    /// <summary>The id of the project that owns the image backup.</summary>
    /// <example>40a58846608e4e908c43b547d4dfb58c</example>
    public required string ProjectId { get; init; }

    /// <summary>The id of the user who created the image backup.</summary>
    /// <example>anonymous</example>
    public required string UserId { get; init; }

    /// <summary>Creation time, UTC.</summary>
    /// <example>2026-11-23T16:16:33.885350</example>
    public required string CreatedAt { get; init; }

    /// <summary>Time of the last change, UTC; null if there was none.</summary>
    /// <example>2026-11-23T16:16:35.081675</example>
    public string? UpdatedAt { get; init; }

    /// <summary>The address of the image backup, with and without the version.</summary>
    public required IReadOnlyList<Link> Links { get; init; }

    public static ImageBackupResponse Of(HttpContext context, BackupRecord backup, int progress) => new()
    {
        Id = backup.Id,
        Name = backup.Name,
        Description = backup.Description,
        Status = backup.Status.ToWire(),
        FailReason = backup.FailReason,
        Progress = progress,
        SrcImageId = backup.SrcImageId,
        ImageName = backup.ImageName,
        ImageId = backup.ImageId,
        BackupHost = backup.BackupHost,
        OvaName = backup.OvaName,
        OvaSize = backup.OvaSize,
        OvaSha256 = backup.OvaSha256,
        ManifestSha256 = backup.ManifestSha256,
        VerifiedAt = ApiJson.CinderTime(backup.VerifiedAt),
        Size = backup.Size,
        OsType = backup.OsType,
        Architecture = backup.Architecture,
        Compression = backup.RequestedCompression,
        EffectiveCompression = backup.EffectiveCompression,
        CosBucket = backup.CosBucket,
        CosObject = backup.CosObject,
        Volumes = backup.ReadVolumes(),
        TaskId = backup.TaskId,
        ProjectId = backup.ProjectId,
        UserId = backup.UserId,
        CreatedAt = ApiJson.CinderTime(backup.CreatedAt),
        UpdatedAt = ApiJson.CinderTime(backup.UpdatedAt),
        Links = context.ItemLinks("image-backups", $"{backup.Id}"),
    };
}
