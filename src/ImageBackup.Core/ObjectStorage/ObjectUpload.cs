namespace ImageBackup.Core.ObjectStorage;

/// <summary>A file to be stored as an object.</summary>
public sealed record ObjectUpload
{
    public required Bucket Bucket { get; init; }

    /// <summary>The object's name.</summary>
    public required string Key { get; init; }

    /// <summary>The file; it must not change during the upload.</summary>
    public required string FilePath { get; init; }

    public required BackupMetadata Metadata { get; init; }

    /// <summary>The last state that an interrupted run of this upload saved; null for a first run.</summary>
    public UploadResume? Resume { get; init; }

    /// <summary>Saves the state that a later run needs to resume. Called before the first byte is sent; not called for uploads of one request.</summary>
    public required Func<UploadResume, CancellationToken, Task> SaveResume { get; init; }

    /// <summary>Returns whether <paramref name="found"/> is this archive: its size and SHA-256 are the same.</summary>
    internal bool IsStoredAs(StoredObject found, long length)
        => found.Size == length && Metadata.Sha256 is { } sha256 && BackupMetadata.FromPairs(found.Metadata).Sha256 == sha256;
}

/// <summary>The state that a later run needs to resume an upload. The store knows which bytes it has.</summary>
/// <param name="UploadId">The store's id of the unfinished upload.</param>
/// <param name="PartSize">Bytes of every part but the last.</param>
/// <param name="Length">Bytes of the file.</param>
/// <param name="LastWriteUtc">The file's time of change. When it differs, the upload starts from the beginning.</param>
public sealed record UploadResume(string UploadId, long PartSize, long Length, DateTime LastWriteUtc);
