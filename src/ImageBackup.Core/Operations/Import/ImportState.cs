using ImageBackup.Core.Backups;
using ImageBackup.Core.Operations.Download;
using ImageBackup.Ova;

namespace ImageBackup.Core.Operations.Import;

/// <summary>What an import was given and has learned; ids are drawn before they are used, so a restart finds the same.</summary>
public sealed class ImportState
{
    public required int BackupId { get; init; }

    public required string LogBookId { get; init; }

    public required string ProjectId { get; init; }

    public required string UserId { get; init; }

    /// <summary>The image's name.</summary>
    public required string Name { get; init; }

    public string? Description { get; init; }

    public required string VolumeTypeId { get; init; }

    /// <summary>The node that holds, or gets, the archive or raw file.</summary>
    public required string BackupNodeId { get; init; }

    /// <summary>File name of the archive or raw file on the node.</summary>
    public required string OvaName { get; init; }

    /// <summary>Set where the archive comes from a bucket first.</summary>
    public DownloadState? Download { get; init; }

    /// <summary>Set where the file is one raw disk.</summary>
    public RawDisk? Raw { get; init; }

    public required string ImageId { get; init; }

    /// <summary>The image that the backup's last import had made; null where there was none.</summary>
    public string? FormerImageId { get; init; }

    public required DateTime StartedAt { get; init; }

    /// <summary>Bytes of the file, for the progress.</summary>
    public required long FileBytes { get; init; }

    public string? OsType { get; set; }

    public string? Architecture { get; set; }

    /// <summary>The volumes to restore, in boot order; empty until the archive was read.</summary>
    public List<ImportVolume> Volumes { get; init; } = [];
}

/// <summary>One volume to restore.</summary>
public sealed class ImportVolume
{
    /// <summary><c>restored_&lt;uuid1&gt;_&lt;backup id&gt;</c>.</summary>
    public required string RestoredName { get; init; }

    /// <summary>The Cinder backup that is restored.</summary>
    public required string CinderBackupId { get; init; }

    /// <summary>The volume to be.</summary>
    public required string VolumeId { get; init; }

    /// <summary>The member's name, for messages.</summary>
    public required string Member { get; init; }

    /// <summary>0 and up for the boot set, -1 for a data volume.</summary>
    public required int BootIndex { get; init; }

    /// <summary>Bytes of the volume.</summary>
    public required long Capacity { get; init; }

    /// <summary>Where the member lies: in the archive, in the scratch copy of a gzipped one, or the raw file itself.</summary>
    public required FileRegion Stored { get; init; }

    public required bool IsGzip { get; init; }

    /// <summary>What the manifest says of the member; null without manifest.</summary>
    public string? StoredSha256 { get; init; }

    /// <summary>What was recorded at export; null for an archive from elsewhere.</summary>
    public string? VolumeDigest { get; init; }

    public FileRegion? BlockList { get; init; }
}
