using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using ImageBackup.Api.Http;
using ImageBackup.Core.Persistence;

namespace ImageBackup.Api.ImageBackups;

/// <summary>What is shown of an image backup: all of it, or id, name and links.</summary>
internal sealed record ImageBackupView
{
    public required int Id { get; init; }

    public required string Name { get; init; }

    public string? Description { get; init; }

    public required string Status { get; init; }

    /// <summary>Why the last operation failed or was stopped; null where it did not.</summary>
    public string? FailReason { get; init; }

    /// <summary>Percent of the last operation.</summary>
    public required int Progress { get; init; }

    public string? SrcImageId { get; init; }

    public string? ImageName { get; init; }

    /// <summary>The image that the last import made.</summary>
    public string? ImageId { get; init; }

    public required string BackupHost { get; init; }

    public string? OvaName { get; init; }

    /// <summary>Bytes.</summary>
    public long? OvaSize { get; init; }

    public string? OvaSha256 { get; init; }

    /// <summary>GiB of all volumes.</summary>
    public required int Size { get; init; }

    public string? OsType { get; init; }

    public string? Architecture { get; init; }

    /// <summary>What was asked for: True, Fast or False.</summary>
    public string? Compression { get; init; }

    /// <summary>What was done.</summary>
    public string? EffectiveCompression { get; init; }

    public string? CosBucket { get; init; }

    /// <summary>The object's key in the bucket.</summary>
    public string? CosObject { get; init; }

    /// <summary>The volumes in the archive, with sizes in bytes and digests.</summary>
    public required JsonNode Volumes { get; init; }

    public string? TaskId { get; init; }

    public required string ProjectId { get; init; }

    public required string UserId { get; init; }

    public required string CreatedAt { get; init; }

    public string? UpdatedAt { get; init; }

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
        Volumes = backup.Volumes is null ? new JsonArray() : JsonNode.Parse(backup.Volumes)!,
        TaskId = backup.TaskId,
        ProjectId = backup.ProjectId,
        UserId = backup.UserId,
        CreatedAt = ApiJson.CinderTime(backup.CreatedAt),
        UpdatedAt = ApiJson.CinderTime(backup.UpdatedAt),
        Links = context.ItemLinks("image-backups", $"{backup.Id}"),
    };
}

/// <summary>The envelope of one.</summary>
internal sealed record ImageBackupResponse([property: JsonPropertyName("image-backup")] ImageBackupView ImageBackup);

/// <summary>The short form of the list.</summary>
internal sealed record ImageBackupSummary(int Id, string Name, IReadOnlyList<Link> Links);
