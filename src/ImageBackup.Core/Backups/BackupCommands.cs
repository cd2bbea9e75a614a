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
    public required string Name { get; init; }

    public string? VolumeId { get; init; }

    public required int BootIndex { get; init; }

    /// <summary>Bytes of the raw volume.</summary>
    public required long Capacity { get; init; }

    /// <summary>Bytes of the volume that are not holes; null where this service has not made the archive.</summary>
    public long? DataBytes { get; init; }

    /// <summary>Bytes of the member as stored.</summary>
    public required long StoredSize { get; init; }

    /// <summary>SHA-256 of the member as stored.</summary>
    public string? StoredSha256 { get; init; }

    /// <summary>SHA-256 over the volume's block digests.</summary>
    public string? VolumeDigest { get; init; }
}

/// <summary>A task that shows as a status of its backup while it runs, and as another where it fails.</summary>
public interface IBackupPhase
{
    BackupStatus StatusWhileRunning { get; }

    /// <summary>Null where the backup is as good as before and returns to the status that it came from.</summary>
    BackupStatus? StatusWhereFailed { get; }
}
