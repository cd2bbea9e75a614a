using System.Text.Json;
using System.Text.Json.Serialization;
using ImageBackup.Api.Http;
using ImageBackup.Core.Backups;
using ImageBackup.Core.Flows;
using ImageBackup.Core.Persistence;

namespace ImageBackup.Api.Routes.ImageBackups;

/// <summary>What is shown of an image backup: all of it, or id, name and links.</summary>
internal sealed record ImageBackupView
{
    /// <summary>The id that requests name.</summary>
    /// <example>1</example>
    public required int Id { get; init; }

    /// <summary>Display name.</summary>
    /// <example>export-to-backup-node</example>
    public required string Name { get; init; }

    /// <summary>What was said of it; null where nothing was.</summary>
    /// <example>export to backup node without upload to cos</example>
    public string? Description { get; init; }

    /// <summary>In work: creating_backup, uploading, downloading, extracting_ova, deleting. Settled: available, uploaded, upload_failed, download_failed, error.</summary>
    /// <example>available</example>
    public required string Status { get; init; }

    /// <summary>Why the last operation failed or was stopped; null where it did not.</summary>
    public string? FailReason { get; init; }

    /// <summary>Percent of the last operation, by bytes.</summary>
    /// <example>100</example>
    public required int Progress { get; init; }

    /// <summary>The image that was exported; null where the archive came from elsewhere.</summary>
    /// <example>9c219888-1ab0-429e-9282-7cbc6957c839</example>
    public string? SrcImageId { get; init; }

    /// <summary>The name of the image in the archive.</summary>
    /// <example>demo-aix</example>
    public string? ImageName { get; init; }

    /// <summary>The image that the last import made; null where there was none.</summary>
    public string? ImageId { get; init; }

    /// <summary>The backup_node_id of its node.</summary>
    /// <example>local</example>
    public required string BackupHost { get; init; }

    /// <summary>The file on the node.</summary>
    /// <example>export-to-backup-node_1.ova</example>
    public string? OvaName { get; init; }

    /// <summary>Bytes of the archive; null until it is written.</summary>
    /// <example>2181632</example>
    public long? OvaSize { get; init; }

    /// <summary>SHA-256 of the archive in hex; null until it is known.</summary>
    /// <example>14890f3ac4913ad65f4336c8454f0828d6970a53ee08663f5ee3c9dd8ceb131b</example>
    public string? OvaSha256 { get; init; }

    /// <summary>GiB of all volumes, each rounded up.</summary>
    /// <example>1</example>
    public required int Size { get; init; }

    /// <summary>Operating system: aix, ibmi, rhel, coreos, ubuntu, or what the image says.</summary>
    /// <example>aix</example>
    public string? OsType { get; init; }

    /// <summary>ppc64 or ppc64le.</summary>
    /// <example>ppc64</example>
    public string? Architecture { get; init; }

    /// <summary>What was asked for: True, Fast or False.</summary>
    /// <example>Fast</example>
    public string? Compression { get; init; }

    /// <summary>What was done: True, Fast or False.</summary>
    /// <example>Fast</example>
    public string? EffectiveCompression { get; init; }

    /// <summary>The bucket it was sent to or came from; null where none.</summary>
    /// <example>cos-default</example>
    public string? CosBucket { get; init; }

    /// <summary>The object's key in the bucket; null where there is none.</summary>
    /// <example>export-to-backup-node_1.ova</example>
    public string? CosObject { get; init; }

    /// <summary>The volumes in the archive; empty until it is written.</summary>
    public required IReadOnlyList<BackupVolume> Volumes { get; init; }

    /// <summary>The last operation, for get_progress; null where there was none.</summary>
    /// <example>6f09caf1-0468-4101-9c4d-34d0b0690fab</example>
    public string? TaskId { get; init; }

    /// <summary>The project it belongs to.</summary>
    /// <example>40a58846608e4e908c43b547d4dfb58c</example>
    public required string ProjectId { get; init; }

    /// <summary>Who made it.</summary>
    /// <example>anonymous</example>
    public required string UserId { get; init; }

    /// <summary>When it was made, UTC.</summary>
    /// <example>2026-11-23T16:16:33.885350</example>
    public required string CreatedAt { get; init; }

    /// <summary>When it last changed, UTC; null where never.</summary>
    /// <example>2026-11-23T16:16:35.081675</example>
    public string? UpdatedAt { get; init; }

    /// <summary>Its own address, and the one without version.</summary>
    public required IReadOnlyList<Link> Links { get; init; }

    public static ImageBackupView For(HttpContext context, BackupRecord backup, int progress) => new()
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
        Size = backup.Size,
        OsType = backup.OsType,
        Architecture = backup.Architecture,
        Compression = backup.RequestedCompression,
        EffectiveCompression = backup.EffectiveCompression,
        CosBucket = backup.CosBucket,
        CosObject = backup.CosObject,
        Volumes = backup.Volumes is null ? [] : JsonSerializer.Deserialize<List<BackupVolume>>(backup.Volumes, FlowJson.Options)!,
        TaskId = backup.TaskId,
        ProjectId = backup.ProjectId,
        UserId = backup.UserId,
        CreatedAt = ApiJson.CinderTime(backup.CreatedAt),
        UpdatedAt = ApiJson.CinderTime(backup.UpdatedAt),
        Links = context.ItemLinks("image-backups", $"{backup.Id}"),
    };
}

/// <summary>The envelope of one.</summary>
/// <param name="ImageBackup">The image backup.</param>
internal sealed record ImageBackupResponse([property: JsonPropertyName("image-backup")] ImageBackupView ImageBackup);

/// <summary>The short form of the list.</summary>
/// <param name="Id" example="1">The id that requests name.</param>
/// <param name="Name" example="export-to-backup-node">Display name.</param>
/// <param name="Links">Its own address, and the one without version.</param>
internal sealed record ImageBackupSummary(int Id, string Name, IReadOnlyList<Link> Links);
