using System.Text.Json.Serialization;
using ImageBackup.Core.Flows;
using ImageBackup.Core.Operations.Upload;
using ImageBackup.Ova;
using ImageBackup.Ova.Archive;
using ImageBackup.Ova.Blocks;

namespace ImageBackup.Core.Operations.Export;

/// <summary>The state of an export. Every id is chosen when the export is accepted, so that a restart uses the same ones.</summary>
internal sealed class ExportState : INodeState
{
    /// <summary>In gzip, a MiB of zeros takes 1,037 bytes, measured for every compression; data that does not compress grows by less, block list included.</summary>
    private const int GzipOverhead = 1000;

    /// <summary>A block list has 37 bytes for a MiB. It is stored twice for a moment.</summary>
    private const int BlockListOverhead = 10_000;

    public required int BackupId { get; init; }

    public required string LogBookId { get; init; }

    public required string BackupName { get; init; }

    public string? Description { get; init; }

    /// <summary>The archive's file name on the node.</summary>
    public required string OvaName { get; init; }

    public required string ImageId { get; init; }

    public required string ImageName { get; init; }

    public string? OsType { get; init; }

    public string? Architecture { get; init; }

    /// <summary>The <c>backup_node_id</c> of the node that gets the archive.</summary>
    public required string BackupNodeId { get; init; }

    public required OvaCompression Compression { get; init; }

    public required DateTime StartedAt { get; init; }

    public List<ExportVolume> Volumes { get; init; } = [];

    /// <summary>The complete archive; null until it has its final name.</summary>
    public WrittenOva? Ova { get; set; }

    /// <summary>The upload after the export; null for none.</summary>
    public UploadState? Upload { get; set; }

    /// <summary>The most bytes on the node: the archive, of volumes that do not compress.</summary>
    [JsonIgnore]
    public long SpaceBytes => Volumes.Sum(volume => volume.DataBytes + volume.SizeBytes / (Compression == OvaCompression.None ? BlockListOverhead : GzipOverhead));

    public long VolumeBytes => Volumes.Sum(volume => volume.SizeBytes);
}

/// <summary>One source volume of an export.</summary>
internal sealed class ExportVolume
{
    public required string VolumeId { get; init; }

    /// <summary>0, 1, 2, … for the boot set, -1 for a data volume (Nova's block device mapping).</summary>
    public required int BootIndex { get; init; }

    public required long SizeBytes { get; init; }

    /// <summary>Bytes that are not holes: the space that a restored volume needs.</summary>
    public required long DataBytes { get; init; }

    public required string TempVolumeId { get; init; }

    /// <summary>The Cinder backup's id.</summary>
    public required string CinderBackupId { get; init; }

    /// <summary>The member's name in the archive.</summary>
    public required string Member { get; init; }

    /// <summary>The result of the packing; null until then.</summary>
    public PackedVolume? Packed { get; set; }
}
