using ImageBackup.Core.Access;
using ImageBackup.Core.Backups;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Flows;
using ImageBackup.Core.Operations.Delete;
using ImageBackup.Core.Operations.Download;
using ImageBackup.Core.Operations.Export;
using ImageBackup.Core.Operations.Import;
using ImageBackup.Core.Operations.Upload;
using ImageBackup.Core.Operations.Verify;
using ImageBackup.Core.Persistence;

namespace ImageBackup.Core.Operations.Retry;

/// <summary>Starts the last operation of an image backup again, with the same values, if it has failed or was stopped.</summary>
public sealed class RetryPlanner(
    BackupStore backups, FlowStore flows, ArchivePlaces places, ExportPlanner exports, ImportPlanner imports, UploadPlanner uploads, DownloadPlanner downloads, VerifyPlanner verifications, DeletePlanner deletions)
{
    /// <exception cref="InvalidRequestException">The last operation has not ended, or it succeeded.</exception>
    public Task<StartedOperation> StartAsync(Caller caller, int id, CancellationToken cancellationToken)
    {
        var backup = backups.Get(caller, id);
        var book = (backup.TaskId is { } taskId ? flows.Find(taskId) : null)
            ?? throw new InvalidRequestException($"Invalid image backup: Image backup {id} had no operation, so there is none to retry.");
        if (backup.Status.IsTransient())
        {
            throw new InvalidRequestException($"Invalid image backup: Image backup {id} is {backup.Status.ToWire()}. Wait until the operation {book.Action} has ended, then retry.");
        }

        // A reset sets the status at once. The stopped operation may still delete files that the plan would count on.
        if (book.QueueState != QueueState.Finished)
        {
            throw new InvalidRequestException($"Invalid image backup: The operation {book.Action} of image backup {id} was stopped and is still being reverted. Retry when it has ended.");
        }

        return book.Flows.TrueForAll(flow => flow.State == FlowState.Success)
            ? throw new InvalidRequestException($"Invalid image backup: The operation {book.Action} of image backup {id} succeeded; only a failed or stopped operation can be retried.")
            : StartAsync(caller, backup, book, cancellationToken);
    }

    private Task<StartedOperation> StartAsync(Caller caller, BackupRecord backup, LogBookRecord book, CancellationToken cancellationToken)
    {
        switch (book.Action)
        {
            case BackupActions.Export when StoredJson.Read<ExportState>(book.State) is { Upload: { } upload } && HasArchive(backup):
                // The archive stands; only its upload failed.
                return uploads.RetryAsync(caller, backup, upload.Bucket, cancellationToken);
            case BackupActions.Export:
                return exports.RetryAsync(caller, backup, cancellationToken);
            case BackupActions.Import:
                return imports.RetryAsync(caller, backup, StoredJson.Read<ImportState>(book.State), cancellationToken);
            case BackupActions.Upload:
                return uploads.RetryAsync(caller, backup, StoredJson.Read<UploadState>(book.State).Bucket, cancellationToken);
            case BackupActions.Download:
                return downloads.RetryAsync(caller, backup, StoredJson.Read<DownloadState>(book.State).BackupNodeId, cancellationToken);
            case BackupActions.Verify:
                return verifications.RetryAsync(caller, backup, StoredJson.Read<VerifyState>(book.State).ForceRaw, cancellationToken);
            case BackupActions.Delete:
                return deletions.StartAsync(caller, backup.Id, force: false, cancellationToken);
            default:
                throw new InvalidOperationException($"Log book {book.Id} has the unknown action {book.Action}.");
        }
    }

    /// <summary>Returns true if the archive and its facts are complete. A file that a revert could not delete has no facts.</summary>
    private bool HasArchive(BackupRecord backup) => backup is { OvaName: { } name, ManifestSha256: not null } && File.Exists(places.PathOf(backup.BackupHost, name));
}
