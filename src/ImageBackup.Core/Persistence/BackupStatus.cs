namespace ImageBackup.Core.Persistence;

/// <summary>The states of an image backup; the wire and the database have their names in snake case.</summary>
public enum BackupStatus
{
    /// <summary>Transient: volumes are being copied and the archive written.</summary>
    CreatingBackup,

    /// <summary>Transient: the archive goes to its bucket.</summary>
    Uploading,

    /// <summary>Transient: the archive comes from its bucket.</summary>
    Downloading,

    /// <summary>Transient: the archive is read, restored or verified.</summary>
    ExtractingOva,

    /// <summary>Transient: archive, object and record are being removed.</summary>
    Deleting,

    /// <summary>Settled: the archive lies on its node.</summary>
    Available,

    /// <summary>Settled: the archive lies in its bucket.</summary>
    Uploaded,

    /// <summary>Settled: the archive lies on its node, the upload failed.</summary>
    UploadFailed,

    /// <summary>Settled: the archive lies in its bucket, the download failed.</summary>
    DownloadFailed,

    /// <summary>Settled: only deletion is left.</summary>
    Error,
}
