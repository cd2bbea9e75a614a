using System.Text.Json;
using ImageBackup.Core.Backups;
using ImageBackup.Core.Buckets;
using ImageBackup.Core.Flows;
using ImageBackup.Core.ObjectStorage;
using ImageBackup.Core.Operations.Download;
using ImageBackup.Core.Settings;
using ImageBackup.Ova.Blocks;

namespace ImageBackup.Core.Operations.Verify;

/// <summary>A verification: (1) re-hash the archive and its volumes where they lie, restoring nothing.</summary>
public sealed class VerifyOperation(VerifyState state, DataPaths paths, BucketResolver buckets, ObjectTransfer transfer, DataPathOptions dataPath) : FlowOperation
{
    public override IReadOnlyList<PlannedFlow> Flows => [new(BackupNames.VerifyFlow, 1)];

    public override Flow Build(string flowName)
        => new(BackupNames.VerifyFlow, [new VerifyOvaTask(state, paths, state.Download is { } download ? (file, token) => FetchAsync(download, file, token) : null, dataPath)]);

    public override string SaveState() => JsonSerializer.Serialize(state, FlowJson.Options);

    private async Task FetchAsync(DownloadState download, string file, CancellationToken cancellationToken)
    {
        var fetch = new ObjectDownload
        {
            Bucket = await buckets.ResolveAsync(download.ProjectId, download.Bucket, cancellationToken),
            Key = download.ObjectKey,
            FilePath = file,
            SaveResume = (_, _) => Task.CompletedTask,
        };
        await transfer.DownloadAsync(fetch, (_, _) => ValueTask.CompletedTask, cancellationToken);
    }
}
