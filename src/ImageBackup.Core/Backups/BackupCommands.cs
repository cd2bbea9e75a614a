using ImageBackup.Core.Persistence;
using ImageBackup.Ova;

namespace ImageBackup.Core.Backups;

/// <summary>A checked request to export an image (Tables 2 and 4).</summary>
public sealed record ExportCommand
{
    public required string Name { get; init; }

    public string? Description { get; init; }

    public required string SrcImageId { get; init; }

    public string? BackupHost { get; init; }

    public required bool UploadToCos { get; init; }

    public required OvaCompression Compression { get; init; }

    public string? CosBucket { get; init; }
}

/// <summary>A checked request to import an image (Tables 6 and 8).</summary>
public sealed record ImportCommand
{
    public required string Name { get; init; }

    public string? Description { get; init; }

    /// <summary>Id of the storage template; null for the default.</summary>
    public string? VolumeType { get; init; }

    public int? ImageBackupId { get; init; }

    public string? BackupHost { get; init; }

    public string? OvaName { get; init; }

    public string? CosBucket { get; init; }

    /// <summary>Set where the file is one raw disk.</summary>
    public RawDisk? Raw { get; init; }
}

/// <summary>What a raw disk does not say of itself.</summary>
public sealed record RawDisk(string OsType, string Architecture);

/// <summary>A checked change of a backup's name or description.</summary>
public sealed record UpdateBackupCommand(string? Name, bool SetsDescription, string? Description);

/// <summary>What a long operation answers with.</summary>
public sealed record StartedOperation(int BackupId, string TaskId, string Action);

/// <summary>A request key that makes a repeated export or import answer the first one's result.</summary>
/// <param name="Key">The header's value.</param>
/// <param name="RequestHash">SHA-256 of route and body.</param>
public sealed record IdempotencyKey(string Key, string RequestHash);

/// <summary>One volume of a backup's archive, as the database keeps it.</summary>
public sealed record BackupVolume
{
    /// <summary>The member's name in the archive.</summary>
    /// <example>Image_demo-aix_volume_1</example>
    public required string Name { get; init; }

    /// <summary>The volume that was exported; null where the archive came from elsewhere.</summary>
    /// <example>283332d7-a5e4-4df8-9480-08fbae18875b</example>
    public string? VolumeId { get; init; }

    /// <summary>0 for the disk that the image boots from, then 1, 2, …</summary>
    /// <example>0</example>
    public required int BootIndex { get; init; }

    /// <summary>Bytes of the raw volume.</summary>
    /// <example>67108864</example>
    public required long Capacity { get; init; }

    /// <summary>Bytes of the volume that are not holes; null where this service has not made the archive.</summary>
    /// <example>6291456</example>
    public long? DataBytes { get; init; }

    /// <summary>Bytes of the member as stored.</summary>
    /// <example>2172206</example>
    public required long StoredSize { get; init; }

    /// <summary>SHA-256 of the member as stored, in hex; null where it is not known.</summary>
    /// <example>79d6972915e7065b0b0ecf0e2dbbce8fac6266cbaa38bd461ee90e090e38f05e</example>
    public string? StoredSha256 { get; init; }

    /// <summary>SHA-256 over the volume's block digests, in hex; null where it is not known.</summary>
    /// <example>a3ae639f4e1296f72a65343b8314b060c5cf1e41abf8ae5eb5adc387d6cd36e3</example>
    public string? VolumeDigest { get; init; }
}

/// <summary>A task that shows as a status of its backup while it runs, and as another where it fails.</summary>
public interface IBackupPhase
{
    BackupStatus StatusWhileRunning { get; }

    /// <summary>Null where the backup is as good as before and returns to the status that it came from.</summary>
    BackupStatus? StatusWhereFailed { get; }
}
