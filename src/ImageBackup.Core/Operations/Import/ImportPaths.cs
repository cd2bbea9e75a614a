using ImageBackup.Core.Settings;

namespace ImageBackup.Core.Operations.Import;

/// <summary>The files of an import on its node.</summary>
internal sealed class ImportPaths(DataPaths paths, ImportState state)
{
    public string Node => paths.BackupNode(state.BackupNodeId);

    public string Ova => Path.Combine(Node, state.OvaName);

    /// <summary>The directory for the inflated copy of an archive that is gzipped as a whole.</summary>
    public string Scratch => Path.Combine(Node, $".import_{state.BackupId}");
}
