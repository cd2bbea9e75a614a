namespace ImageBackup.Client;

/// <summary>A backup node.</summary>
public sealed record BackupNode
{
    /// <summary>The name that other requests call backup_host.</summary>
    public required string BackupNodeId { get; init; }

    public required string DisplayName { get; init; }

    /// <summary>The address or host name.</summary>
    public required string AccessIp { get; init; }

    /// <summary>The bucket of exports that name none; null for the service's default.</summary>
    public string? CosDefault { get; init; }

    public string? RegisteredAt { get; init; }
}

/// <summary>A registered bucket.</summary>
public sealed record Bucket
{
    /// <summary>The number of the registration.</summary>
    public required int Id { get; init; }

    /// <summary>The display name.</summary>
    public required string Name { get; init; }

    /// <summary><c>ibm_cos</c> or <c>s3</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The name that other requests call cos_bucket.</summary>
    public required string BucketName { get; init; }
}

/// <summary>The health of a backup node or a bucket.</summary>
public sealed record StorageHealth
{
    /// <summary><c>up</c> or <c>down</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Why the node or bucket cannot be used; null if it can.</summary>
    public string? Reason { get; init; }

    /// <summary>Bytes of its disk; null if they are not known, as with buckets.</summary>
    public long? TotalBytes { get; init; }

    /// <summary>Bytes of the disk that are free; null if they are not known.</summary>
    public long? FreeBytes { get; init; }

    /// <summary>The project's image backups there.</summary>
    public int BackupCount { get; init; }

    /// <summary>Bytes of their archives.</summary>
    public long ArchiveBytes { get; init; }

    public bool IsUp => Status == "up";
}

/// <summary>An archive on a backup node.</summary>
/// <param name="OvaName">The name of the file, which an import takes.</param>
/// <param name="Size">Bytes.</param>
/// <param name="ImageBackupId">Its image backup; null if it has none.</param>
/// <param name="LastModified">The last change, UTC.</param>
public sealed record NodeArchive(string OvaName, long Size, int? ImageBackupId, string LastModified);

/// <summary>An archive in a bucket.</summary>
/// <param name="Name">The key of the object, which an import takes as its file name.</param>
/// <param name="Size">Bytes.</param>
/// <param name="BucketName">The bucket.</param>
/// <param name="ImageBackupId">Its image backup; null if it has none.</param>
/// <param name="LastModified">The last change, UTC.</param>
public sealed record BucketArchive(string Name, long Size, string BucketName, int? ImageBackupId, string LastModified);
