namespace ImageBackup.Core.Persistence;

/// <summary>The states of an image backup. Responses and the database contain their names in snake case.</summary>
public enum BackupStatus
{
    /// <summary>Transient: an export copies volumes and writes the archive.</summary>
    CreatingBackup,

    /// <summary>Transient: the archive is uploaded to its bucket.</summary>
    Uploading,

    /// <summary>Transient: the archive is downloaded from its bucket.</summary>
    Downloading,

    /// <summary>Transient: the archive is imported or verified.</summary>
    ExtractingOva,

    /// <summary>Transient: archive, object and record are deleted.</summary>
    Deleting,

    /// <summary>Settled: the archive is on its node.</summary>
    Available,

    /// <summary>Settled: the archive is in its bucket.</summary>
    Uploaded,

    /// <summary>Settled: the archive is on its node. The upload failed.</summary>
    UploadFailed,

    /// <summary>Settled: the archive is in its bucket. The download failed.</summary>
    DownloadFailed,

    /// <summary>Settled: the backup can only be deleted.</summary>
    Error,
}
