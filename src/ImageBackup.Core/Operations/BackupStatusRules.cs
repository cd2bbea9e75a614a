using ImageBackup.Core.Backups;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Persistence;
using ImageBackup.Ova.Archive;

namespace ImageBackup.Core.Operations;

/// <summary>Refusals that several operations share.</summary>
internal static class BackupStatusRules
{
    /// <param name="backup">The image backup.</param>
    /// <param name="participle">The operation in the message, such as <c>uploaded</c>.</param>
    /// <param name="statuses">The accepted statuses.</param>
    public static void RequireStatus(BackupRecord backup, string participle, params ReadOnlySpan<BackupStatus> statuses)
        => RequireStatus(backup, isRetry: false, participle, statuses);

    /// <param name="backup">The image backup.</param>
    /// <param name="isRetry">True to accept <c>error</c>, too.</param>
    /// <param name="participle">The operation in the message, such as <c>uploaded</c>.</param>
    /// <param name="statuses">The accepted statuses.</param>
    public static void RequireStatus(BackupRecord backup, bool isRetry, string participle, params ReadOnlySpan<BackupStatus> statuses)
    {
        if (!statuses.Contains(backup.Status) && !(isRetry && backup.Status == BackupStatus.Error))
        {
            var words = string.Join(" or ", statuses.ToArray().Select(status => status.ToWire()));
            throw new InvalidRequestException($"Invalid image backup: Image backup {backup.Id} is {backup.Status.ToWire()}; to be {participle} it must be {words}.");
        }
    }

    /// <summary>Returns the status of an image backup that a retry takes out of <c>error</c>: <c>uploaded</c> if it has an object, otherwise <c>available</c>.</summary>
    public static BackupStatus StatusForRetry(BackupRecord backup)
        => backup.Status != BackupStatus.Error ? backup.Status : backup.CosObject is null ? BackupStatus.Available : BackupStatus.Uploaded;

    /// <summary>Refuses a raw disk: without a descriptor and digests, no copy of it can be checked.</summary>
    public static void RequireArchive(BackupRecord backup, string participle)
    {
        if (!ArchiveName.IsArchive(backup.OvaName!))
        {
            throw new InvalidRequestException($"Invalid image backup: Image backup {backup.Id} is the raw disk {backup.OvaName}; only an archive ({ArchiveName.Extensions}) can be {participle}.");
        }
    }

    public static InvalidRequestException Changed(BackupRecord backup, string action)
        => new($"Invalid image backup: The status of image backup {backup.Id} changed from {backup.Status.ToWire()} during the request, so {action} was refused. Try again.");
}
