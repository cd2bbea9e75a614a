using ImageBackup.Core.Settings;

namespace ImageBackup.Core.Operations.Import;

/// <summary>Where an import's files lie on its node.</summary>
public sealed class ImportPaths(DataPaths paths, ImportState state)
{
    public string Node => paths.BackupNode(state.BackupNodeId);

    public string Ova => Path.Combine(Node, state.OvaName);

    /// <summary>Holds the inflated copy of an archive that is gzipped as a whole, while the import runs.</summary>
    public string Scratch => Path.Combine(Node, $".import_{state.BackupId}");
}
