using ImageBackup.Core.Persistence;
using static ImageBackup.Core.Persistence.BackupStatus;

namespace ImageBackup.Core.Backups;

/// <summary>An allowed change of an image backup's status, and when it happens.</summary>
public sealed record BackupTransition(BackupStatus From, BackupStatus To, string When);

/// <summary>The table of status changes. Every change of a status is a compare-and-set along one of these pairs.</summary>
public static class BackupTransitions
{
    public static readonly IReadOnlyList<BackupTransition> All =
    [
        new(CreatingBackup, Available, "export done without upload"),
        new(CreatingBackup, Uploading, "archive written, upload follows"),
        new(CreatingBackup, Error, "export failed, or reset"),
        new(Uploading, Uploaded, "upload done"),
        new(Uploading, UploadFailed, "upload failed; the archive stays on the node"),
        new(Uploading, Error, "reset"),
        new(Available, Uploading, "upload requested"),
        new(Uploaded, Uploading, "upload to another bucket requested"),
        new(UploadFailed, Uploading, "upload repeated"),
        new(Uploaded, Downloading, "download requested"),
        new(DownloadFailed, Downloading, "download repeated"),
        new(Downloading, ExtractingOva, "downloaded, now read for an import"),
        new(Downloading, Uploaded, "download done"),
        new(Downloading, DownloadFailed, "download failed"),
        new(Downloading, Error, "download from a URL failed, or reset"),
        new(Available, ExtractingOva, "import or verification requested"),
        new(Uploaded, ExtractingOva, "verification requested"),
        new(UploadFailed, ExtractingOva, "import or verification of the archive on the node requested"),
        new(DownloadFailed, ExtractingOva, "verification requested"),
        new(ExtractingOva, Available, "import or verification done; the status before, or of a new record"),
        new(ExtractingOva, Uploaded, "import or verification done; the status before"),
        new(ExtractingOva, UploadFailed, "import or verification done; the status before"),
        new(ExtractingOva, DownloadFailed, "verification done; the status before"),
        new(ExtractingOva, Error, "import or verification failed, or reset"),
        new(Deleting, Error, "deletion failed, or reset"),
        new(Error, CreatingBackup, "retry of an export"),
        new(Error, Uploading, "retry of an upload"),
        new(Error, Downloading, "retry of a download, or of an import that downloads"),
        new(Error, ExtractingOva, "retry of an import or verification"),
        .. Enum.GetValues<BackupStatus>().Select(status => new BackupTransition(status, Deleting, "deletion requested; force is needed for a transient status")),
    ];

    /// <summary>Returns true if an operation runs: reset_status is allowed, and only a forced deletion.</summary>
    public static bool IsTransient(this BackupStatus status)
        => status is CreatingBackup or Uploading or Downloading or ExtractingOva or Deleting;

    /// <summary>Returns true if the table has the pair.</summary>
    public static bool IsAllowed(BackupStatus from, BackupStatus to)
        => All.Any(transition => transition.From == from && transition.To == to);
}
