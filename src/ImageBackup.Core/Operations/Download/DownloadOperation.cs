using ImageBackup.Core.Flows;

namespace ImageBackup.Core.Operations.Download;

/// <summary>A download. DownloadFlow: (1) download the archive to the node.</summary>
internal sealed class DownloadOperation(DownloadState state, DownloadFlow flow) : FlowOperation<DownloadState>(state)
{
    public override OperationFigures Figures => new(State.OvaName, null, State.Size);

    public override IReadOnlyList<Flow> Flows => [flow.Of(State)];
}
