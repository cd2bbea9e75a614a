namespace ImageBackup.Core.Persistence;

/// <summary>The statuses of an image backup. The wire and the database have their names in snake case.</summary>
public enum BackupStatus
{
    /// <summary>Transient: an export copies the volumes and writes the archive.</summary>
    CreatingBackup,

    /// <summary>Transient: the archive is uploaded to its bucket.</summary>
    Uploading,

    /// <summary>Transient: the archive is downloaded from its bucket.</summary>
    Downloading,

    /// <summary>Transient: the archive is read, restored or verified.</summary>
    ExtractingOva,

    /// <summary>Transient: the archive, the object and the record are being deleted.</summary>
    Deleting,

    /// <summary>Settled: the node has the archive.</summary>
    Available,

    /// <summary>Settled: the bucket has the archive.</summary>
    Uploaded,

    /// <summary>Settled: the node has the archive; the upload failed.</summary>
    UploadFailed,

    /// <summary>Settled: the bucket has the archive; the download failed.</summary>
    DownloadFailed,

    /// <summary>Settled: the operation failed. The image backup can only be deleted.</summary>
    Error,
}
