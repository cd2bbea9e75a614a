using ImageBackup.Core.Flows;

namespace ImageBackup.Core.Operations.Upload;

/// <summary>An upload. UploadFlow: (1) upload the archive. MoveFlow, if another bucket has an earlier copy: (2) delete that copy.</summary>
internal sealed class UploadOperation(UploadState state, UploadFlow flow) : FlowOperation<UploadState>(state)
{
    public override OperationFigures Figures => new(State.OvaName, null, State.ExpectedBytes);

    public override IReadOnlyList<Flow> Flows => UploadFlow.IsMove(State)
        ? [flow.Of(State, weight: 99), flow.MoveOf(State)]
        : [flow.Of(State, weight: 1)];
}
