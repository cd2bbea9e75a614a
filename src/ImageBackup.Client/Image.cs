namespace ImageBackup.Client;

/// <summary>An image, as Glance shows it.</summary>
public sealed record Image
{
    public required string Id { get; init; }

    public string? Name { get; init; }

    /// <summary>Such as <c>active</c>. Only an active image can be exported.</summary>
    public required string Status { get; init; }

    public string? Visibility { get; init; }

    /// <summary>Bytes of the image's file; 0 or null for an image of volumes.</summary>
    public long? Size { get; init; }

    public string? OsDistro { get; init; }

    public string? Architecture { get; init; }

    public string? CreatedAt { get; init; }
}

/// <summary>An image backup.</summary>
public sealed record ImageBackupRecord
{
    public required int Id { get; init; }

    public required string Name { get; init; }

    public string? Description { get; init; }

    /// <summary>Such as <c>available</c> or <c>creating_backup</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Why the last operation failed.</summary>
    public string? FailReason { get; init; }

    /// <summary>Progress of the last operation in percent.</summary>
    public int Progress { get; init; }

    public string? SrcImageId { get; init; }

    public string? ImageName { get; init; }

    /// <summary>The image that the last import created.</summary>
    public string? ImageId { get; init; }

    public string? BackupHost { get; init; }

    public string? OvaName { get; init; }

    /// <summary>Size of the archive in bytes.</summary>
    public long? OvaSize { get; init; }

    public string? OvaSha256 { get; init; }

    /// <summary>SHA-256 of the manifest in the archive; null for an archive from elsewhere.</summary>
    public string? ManifestSha256 { get; init; }

    /// <summary>When a verification has last found the archive intact, UTC; null if none has.</summary>
    public string? VerifiedAt { get; init; }

    /// <summary>Size of the volumes in GiB.</summary>
    public int Size { get; init; }

    public string? OsType { get; init; }

    public string? Architecture { get; init; }

    public string? Compression { get; init; }

    public string? CosBucket { get; init; }

    /// <summary>The last operation.</summary>
    public string? TaskId { get; init; }

    public required string CreatedAt { get; init; }

    public string? UpdatedAt { get; init; }

    /// <summary>True while an operation runs or waits.</summary>
    public bool IsBusy => Status is "creating_backup" or "uploading" or "downloading" or "extracting_ova" or "deleting";
}
