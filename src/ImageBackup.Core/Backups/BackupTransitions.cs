using ImageBackup.Core.Persistence;
using static ImageBackup.Core.Persistence.BackupStatus;

namespace ImageBackup.Core.Backups;

/// <summary>A permitted change of an image backup's status, and when it happens.</summary>
public sealed record BackupTransition(BackupStatus From, BackupStatus To, string When);

/// <summary>The one table of status changes. Nothing changes a status but a compare-and-set along one of these pairs.</summary>
public static class BackupTransitions
{
    public static readonly IReadOnlyList<BackupTransition> All =
    [
        new(CreatingBackup, Available, "export done, no upload wanted"),
        new(CreatingBackup, Uploading, "archive written, upload wanted"),
        new(CreatingBackup, Error, "export failed, or reset"),
        new(Uploading, Uploaded, "upload done"),
        new(Uploading, UploadFailed, "upload failed; the archive stays on the node"),
        new(Uploading, Error, "reset"),
        new(Available, Uploading, "upload asked for"),
        new(Uploaded, Uploading, "upload to another bucket asked for"),
        new(UploadFailed, Uploading, "upload tried again"),
        new(Uploaded, Downloading, "fetched from its bucket"),
        new(DownloadFailed, Downloading, "fetch tried again"),
        new(Downloading, ExtractingOva, "fetched, now read for an import"),
        new(Downloading, Uploaded, "fetched to a node"),
        new(Downloading, DownloadFailed, "fetch failed"),
        new(Downloading, Error, "reset"),
        new(Available, ExtractingOva, "import or verification asked for"),
        new(Uploaded, ExtractingOva, "verification asked for"),
        new(UploadFailed, ExtractingOva, "import or verification of the archive on the node asked for"),
        new(DownloadFailed, ExtractingOva, "verification asked for"),
        new(ExtractingOva, Available, "import or verification done; it came from there, or is new"),
        new(ExtractingOva, Uploaded, "import or verification done; it came from there"),
        new(ExtractingOva, UploadFailed, "import or verification done; it came from there"),
        new(ExtractingOva, DownloadFailed, "verification done; it came from there"),
        new(ExtractingOva, Error, "import or verification failed, or reset"),
        new(Deleting, Error, "deletion failed, or reset"),
        .. Enum.GetValues<BackupStatus>().Select(status => new BackupTransition(status, Deleting, "deletion asked for; of a transient one by force")),
    ];

    /// <summary>True where work goes on: reset_status is allowed, deletion only by force.</summary>
    public static bool IsTransient(this BackupStatus status)
        => status is CreatingBackup or Uploading or Downloading or ExtractingOva or Deleting;

    /// <summary>True where the table has the pair.</summary>
    public static bool IsAllowed(BackupStatus from, BackupStatus to)
        => All.Any(transition => transition.From == from && transition.To == to);
}
