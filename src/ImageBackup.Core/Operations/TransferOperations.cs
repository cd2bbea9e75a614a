using System.Text.Json;
using ImageBackup.Core.Backups;
using ImageBackup.Core.Flows;
using ImageBackup.Core.Operations.Download;
using ImageBackup.Core.Operations.Upload;

namespace ImageBackup.Core.Operations;

/// <summary>An upload of its own (<c>/image-backups/{id}/upload</c>).</summary>
public sealed class UploadOperation(UploadState state, UploadFlow flow) : FlowOperation
{
    public override IReadOnlyList<PlannedFlow> Flows => UploadFlow.IsMove(state)
        ? [new(BackupNames.UploadFlow, 99), new(BackupNames.MoveFlow, 1)]
        : [new(BackupNames.UploadFlow, 1)];

    public override Flow Build(string flowName) => flowName == BackupNames.MoveFlow ? flow.BuildMove(state) : flow.Build(state);

    public override string SaveState() => JsonSerializer.Serialize(state, FlowJson.Options);
}

/// <summary>A download of its own (<c>/image-backups/{id}/download</c>).</summary>
public sealed class DownloadOperation(DownloadState state, DownloadFlow flow) : FlowOperation
{
    public override IReadOnlyList<PlannedFlow> Flows => [new(BackupNames.DownloadFlow, 1)];

    public override Flow Build(string flowName) => flow.Build(state);

    public override string SaveState() => JsonSerializer.Serialize(state, FlowJson.Options);
}
