namespace ImageBackup.Core.ObjectStorage;

/// <summary>A file to be made an object.</summary>
public sealed record ObjectUpload
{
    public required Bucket Bucket { get; init; }

    /// <summary>The object's name.</summary>
    public required string Key { get; init; }

    /// <summary>The file; must not change while it is sent.</summary>
    public required string FilePath { get; init; }

    public required BackupMetadata Metadata { get; init; }

    /// <summary>What an interrupted run of the same upload saved last; null for a first run.</summary>
    public UploadResume? Resume { get; init; }

    /// <summary>Keeps what a later run needs in order to go on; called before the first part is sent.</summary>
    public required Func<UploadResume, CancellationToken, Task> SaveResume { get; init; }
}

/// <summary>What a later run needs in order to go on with an upload; which parts are there, the store knows.</summary>
/// <param name="UploadId">The store's name for the multipart upload.</param>
/// <param name="PartSize">Bytes of every part but the last.</param>
/// <param name="Length">The file's bytes.</param>
/// <param name="LastWriteUtc">The file's time of change; another one and the upload starts anew.</param>
public sealed record UploadResume(string UploadId, long PartSize, long Length, DateTime LastWriteUtc);
