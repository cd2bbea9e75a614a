using ImageBackup.Core.Persistence;

namespace ImageBackup.Core.Backups;

/// <summary>One volume of a backup's archive.</summary>
public sealed record BackupVolume
{
    /// <summary>The member's name in the archive.</summary>
    /// <example>Image_demo-aix_volume_1</example>
    public required string Name { get; init; }

    /// <summary>The volume that was exported; null if the archive came from elsewhere.</summary>
    /// <example>283332d7-a5e4-4df8-9480-08fbae18875b</example>
    public string? VolumeId { get; init; }

    /// <summary>0 for the disk that the image boots from, then 1, 2, …; -1 for a data volume.</summary>
    /// <example>0</example>
    public required int BootIndex { get; init; }

    /// <summary>Bytes of the raw volume.</summary>
    /// <example>67108864</example>
    public required long Capacity { get; init; }

    /// <summary>Bytes of the volume that are not holes; null if this service did not make the archive.</summary>
    /// <example>6291456</example>
    public long? DataBytes { get; init; }

    /// <summary>Bytes of the member as stored.</summary>
    /// <example>2172206</example>
    public required long StoredSize { get; init; }

    /// <summary>SHA-256 of the member as stored, in hex; null if unknown.</summary>
    /// <example>79d6972915e7065b0b0ecf0e2dbbce8fac6266cbaa38bd461ee90e090e38f05e</example>
    public string? StoredSha256 { get; init; }

    /// <summary>SHA-256 over the volume's block digests, in hex; null if unknown.</summary>
    /// <example>a3ae639f4e1296f72a65343b8314b060c5cf1e41abf8ae5eb5adc387d6cd36e3</example>
    public string? VolumeDigest { get; init; }
}

/// <summary>The volumes column of an image backup.</summary>
public static class BackupVolumes
{
    /// <summary>Returns the volumes of the archive; none while they are unknown.</summary>
    public static IReadOnlyList<BackupVolume> ReadVolumes(this BackupRecord backup)
        => backup.Volumes is null ? [] : StoredJson.Read<List<BackupVolume>>(backup.Volumes);

    public static void WriteVolumes(this BackupRecord backup, IEnumerable<BackupVolume>? volumes)
        => backup.Volumes = volumes is null ? null : StoredJson.Write(volumes);
}
