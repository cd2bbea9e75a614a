using ImageBackup.Core.Backups;
using ImageBackup.Core.Settings;

namespace ImageBackup.Core.Operations.Export;

/// <summary>The archive of an export on its node, and the names of its Cinder backups. Only earlier releases wrote files with these names: containers.</summary>
internal sealed class ExportPaths(DataPaths paths, ExportState state)
{
    public string Node => paths.BackupNode(state.BackupNodeId);

    public string Ova => Path.Combine(Node, state.OvaName);

    /// <summary>The directory of all containers.</summary>
    public string Image => Path.Combine(Node, ImageDirectory);

    /// <summary><c>&lt;image dir&gt;/&lt;volume dir&gt;</c>, relative to the node: Cinder's container.</summary>
    public string Container(ExportVolume volume) => $"{ImageDirectory}/{FileName(volume)}";

    /// <summary>The <c>backup_file_name</c> of the progress document.</summary>
    public string FileName(ExportVolume volume)
        => BackupNames.Shortened(BackupNames.TempVolume(volume.VolumeId, state.BackupId), volume.TempVolumeId, state.BackupId);

    public string ServiceMetadata(ExportVolume volume) => BackupNames.ServiceMetadata(volume.TempVolumeId, state.StartedAt, volume.CinderBackupId);

    /// <summary>The packed volume in its container: the first and only object of its Cinder backup.</summary>
    public string Member(ExportVolume volume) => Path.Combine(Node, Container(volume), $"{ServiceMetadata(volume)}-00001");

    /// <summary>The volume's block digests, under the name that Cinder's posix driver gives its own.</summary>
    public string BlockList(ExportVolume volume) => Path.Combine(Node, Container(volume), $"{ServiceMetadata(volume)}_sha256file");

    private string ImageDirectory => BackupNames.Shortened(state.ImageName, state.ImageId, state.BackupId);
}
