using ImageBackup.Core.Scratch;
using ImageBackup.Core.Settings;
using ImageBackup.Ova;

namespace ImageBackup.Core.Operations.Import;

/// <summary>The files of an import on its node.</summary>
internal sealed class ImportPaths(DataPaths paths, ImportState state)
{
    private const string ScratchName = "import";

    public string Node => paths.BackupNode(state.BackupNodeId);

    public string Ova => Path.Combine(Node, state.OvaName);

    /// <summary>Where an earlier release had its scratch files.</summary>
    public string FormerScratch => Path.Combine(Node, $".import_{state.BackupId}");

    /// <summary>Returns the directory for scratch files: the inflated copy of an archive that is compressed as a whole, and unpacked disks.</summary>
    public async Task<string> ScratchAsync(CancellationToken cancellationToken)
        => (await RunDirectory.OpenAsync(Node, cancellationToken)).Scratch(ScratchName);

    /// <summary>Returns the directory for scratch files, without the files of earlier attempts.</summary>
    public async Task<string> NewScratchAsync(CancellationToken cancellationToken)
        => (await RunDirectory.OpenAsync(Node, cancellationToken)).NewScratch(ScratchName);

    /// <summary>Returns the place of a member, which an earlier run may have found in its own scratch file.</summary>
    public async Task<FileRegion> CurrentAsync(FileRegion region, CancellationToken cancellationToken)
        => region with { Path = (await RunDirectory.OpenAsync(Node, cancellationToken)).Current(region.Path) };
}
