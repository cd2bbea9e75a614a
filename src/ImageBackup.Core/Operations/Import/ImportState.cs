using System.Text.Json.Serialization;
using ImageBackup.Core.Flows;
using ImageBackup.Core.Operations.Download;
using ImageBackup.Disks;
using ImageBackup.Ova;
using ImageBackup.Ova.Blocks;

namespace ImageBackup.Core.Operations.Import;

/// <summary>The state of an import. Ids are chosen before tasks use them, so that a restart uses the same ones.</summary>
internal sealed class ImportState : INodeState
{
    public required int BackupId { get; init; }

    public required string LogBookId { get; init; }

    public required string ProjectId { get; init; }

    public required string UserId { get; init; }

    /// <summary>The image's name.</summary>
    public required string Name { get; init; }

    public string? Description { get; init; }

    public required string VolumeTypeId { get; init; }

    /// <summary>The node that has, or gets, the archive or raw disk.</summary>
    public required string BackupNodeId { get; init; }

    /// <summary>The file name of the archive or raw disk on the node.</summary>
    public required string OvaName { get; init; }

    /// <summary>Set if the archive is downloaded from a bucket first.</summary>
    public DownloadState? Download { get; init; }

    /// <summary>Set if the file is one disk.</summary>
    public RawDisk? Raw { get; init; }

    /// <summary>True if the members of an archive are raw disks, whatever format they look like.</summary>
    public bool ForceRaw { get; init; }

    public required string ImageId { get; init; }

    /// <summary>The image of the backup's earlier import; null if there was none.</summary>
    public string? FormerImageId { get; init; }

    public required DateTime StartedAt { get; init; }

    /// <summary>Bytes of the file, for the progress.</summary>
    public required long FileBytes { get; init; }

    /// <summary>Bytes of data in the volumes to restore; 0 if only the archive tells.</summary>
    public long VolumeBytes { get; init; }

    public string? OsType { get; set; }

    public string? Architecture { get; set; }

    /// <summary>The volumes to restore, in boot order; empty until the archive was read.</summary>
    public List<ImportVolume> Volumes { get; init; } = [];
}

/// <summary>One volume to restore.</summary>
internal sealed class ImportVolume
{
    /// <summary><c>restored_&lt;uuid1&gt;_&lt;backup id&gt;</c>.</summary>
    public required string RestoredName { get; init; }

    /// <summary>The Cinder backup that is restored.</summary>
    public required string CinderBackupId { get; init; }

    /// <summary>The id of the new volume.</summary>
    public required string VolumeId { get; init; }

    /// <summary>The member's name, for messages.</summary>
    public required string Member { get; init; }

    /// <summary>0, 1, 2, … for the boot set, -1 for a data volume.</summary>
    public required int BootIndex { get; init; }

    /// <summary>Bytes of the volume.</summary>
    public required long Capacity { get; set; }

    /// <summary>True if the file is a disk image whose guest's bytes are restored; false if its bytes are the volume's, gzipped or not.</summary>
    public bool IsDiskImage { get; init; }

    /// <summary>The place of the member: in the archive, in the inflated copy of the archive, or the raw disk itself.</summary>
    public required FileRegion Stored { get; init; }

    /// <summary>True if the bytes are gzip around the volume's.</summary>
    public required bool IsGzip { get; init; }

    /// <summary>How the file's bytes become the volume's.</summary>
    [JsonIgnore]
    public MemberEncoding Encoding => IsDiskImage ? MemberEncoding.DiskImage : IsGzip ? MemberEncoding.Gzip : MemberEncoding.Raw;

    /// <summary>Format of the disk image that the archive's descriptor declares; null for any.</summary>
    public DiskFormat? Format { get; init; }

    /// <summary>The member's recorded digest or that of the manifest; null without either.</summary>
    public OvaDigest? StoredDigest { get; init; }

    /// <summary>The member's SHA-256. Only an import that release 1.0 started has it in place of <see cref="StoredDigest"/>.</summary>
    public string? StoredSha256 { get; init; }

    /// <summary>The volume's digest that was recorded at the export; null for an archive from elsewhere.</summary>
    public string? VolumeDigest { get; init; }

    public FileRegion? BlockList { get; init; }
}
