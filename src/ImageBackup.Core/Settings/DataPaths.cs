using Microsoft.Extensions.Options;

namespace ImageBackup.Core.Settings;

/// <summary>Paths below <c>DataDirectory</c>.</summary>
public sealed class DataPaths(IOptions<ImageBackupOptions> options)
{
    public string Root { get; } = Path.GetFullPath(options.Value.DataDirectory);

    /// <summary>The file whose lock says that a process uses the directory.</summary>
    public string Lock => Path.Combine(Root, "imagebackup.lock");

    public string Database => Path.Combine(Root, "imagebackup.db");

    public string Volumes => Path.Combine(Root, "volumes");

    public string BackupNodes => Path.Combine(Root, "backup-nodes");

    public string Cos => Path.Combine(Root, "cos");

    public string Keys => Path.Combine(Root, "keys");

    /// <summary>The file of a volume, under Cinder's own name for it.</summary>
    public string Volume(string volumeId) => Path.Combine(Volumes, $"volume-{volumeId}");

    /// <summary>The directory a node sees; <paramref name="backupNodeId"/> was checked when the node was registered.</summary>
    public string BackupNode(string backupNodeId) => Path.Combine(BackupNodes, backupNodeId);
}
