using ImageBackup.Core.Flows;
using ImageBackup.Core.Settings;

namespace ImageBackup.Core.Operations.Download;

/// <summary>A download. DownloadFlow: (1) download the archive to the node.</summary>
internal sealed class DownloadOperation(DownloadState state, DownloadFlow flow, DataPaths paths) : FlowOperation<DownloadState>(state)
{
    public override OperationFigures Figures => new(State.OvaName, null, State.Size);

    public override IReadOnlyList<Flow> Flows => [flow.Of(State)];

    public override IReadOnlyList<SpaceNeed> Space => [State.Space(paths)];
}
