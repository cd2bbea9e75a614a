using Microsoft.Extensions.Options;

namespace ImageBackup.Core.Settings;

/// <summary>Paths in the data directory.</summary>
public sealed class DataPaths(IOptions<ImageBackupOptions> options)
{
    /// <summary>The name of the SQLite database in the data directory.</summary>
    internal const string DatabaseName = "imagebackup.db";

    public string Root { get; } = Path.GetFullPath(options.Value.DataDirectory);

    /// <summary>The file that a process locks while it uses the directory.</summary>
    public string Lock => Path.Combine(Root, "imagebackup.lock");

    public string Database => Path.Combine(Root, DatabaseName);

    public string Volumes => Path.Combine(Root, "volumes");

    public string BackupNodes => Path.Combine(Root, "backup-nodes");

    public string Cos => Path.Combine(Root, "cos");

    public string Keys => Path.Combine(Root, "keys");

    /// <summary>The key of token fingerprints, beside those of Data Protection.</summary>
    public string TokenFingerprints => Path.Combine(Keys, "token-fingerprints.key");

    /// <summary>The projects and users of the emulator's seeds.</summary>
    public string SeededUsers => Path.Combine(Root, "emulator-users.json");

    /// <summary>Exists after the seed file was applied.</summary>
    public string Seeded => Path.Combine(Root, "emulator-seeded");

    /// <summary>The emulator's snapshots.</summary>
    public string Snapshots => Path.Combine(Root, "snapshots");

    /// <summary>Returns the file of a volume, which has Cinder's name.</summary>
    public string Volume(string volumeId) => Path.Combine(Volumes, $"volume-{volumeId}");

    /// <summary>Returns the directory of a backup node. The id was checked when the node was registered.</summary>
    public string BackupNode(string backupNodeId) => Path.Combine(BackupNodes, backupNodeId);
}
