using ImageBackup.Core.Operations.Upload;
using ImageBackup.Ova;
using ImageBackup.Ova.Archive;
using ImageBackup.Ova.Blocks;

namespace ImageBackup.Core.Operations.Export;

/// <summary>What an export was given and has learned; every id is drawn when it is accepted, so a restart finds the same.</summary>
public sealed class ExportState
{
    public required int BackupId { get; init; }

    public required string LogBookId { get; init; }

    public required string BackupName { get; init; }

    public string? Description { get; init; }

    /// <summary>File name of the archive on the node, settled when the export was accepted.</summary>
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

    /// <summary>The finished archive; null until it lies under its final name.</summary>
    public WrittenOva? Ova { get; set; }

    /// <summary>The upload to come; null where none is wanted.</summary>
    public UploadState? Upload { get; set; }

    public long VolumeBytes => Volumes.Sum(volume => volume.SizeBytes);
}

/// <summary>One source volume of an export.</summary>
public sealed class ExportVolume
{
    public required string VolumeId { get; init; }

    /// <summary>0 and up for the boot set, -1 for a data volume (Nova's block device mapping).</summary>
    public required int BootIndex { get; init; }

    public required long SizeBytes { get; init; }

    /// <summary>Bytes that are not holes: the room that a restored volume needs.</summary>
    public required long DataBytes { get; init; }

    public required string TempVolumeId { get; init; }

    /// <summary>The Cinder backup's id.</summary>
    public required string CinderBackupId { get; init; }

    /// <summary>The member's name in the archive.</summary>
    public required string Member { get; init; }

    /// <summary>What packing has shown; null until then.</summary>
    public PackedVolume? Packed { get; set; }
}
