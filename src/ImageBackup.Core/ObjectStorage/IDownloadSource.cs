using ImageBackup.Ova;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Core.ObjectStorage;

/// <summary>A file elsewhere that can be copied in ranges: an object in a bucket, or a file at a URL. Failures are <see cref="ObjectStoreException"/>.</summary>
public interface IDownloadSource
{
    /// <summary>Names the file in messages. Contains no secret.</summary>
    string Description { get; }

    /// <summary>Returns the size, the metadata, and the ETag. An empty ETag means that the file can only be copied as a whole, in one range.</summary>
    Task<StoredObject> HeadAsync(CancellationToken cancellationToken);

    /// <inheritdoc cref="IObjectStore.GetRangeAsync"/>
    Task GetRangeAsync(string etag, FileRange range, SafeFileHandle target, OvaProgress progress, CancellationToken cancellationToken);
}

/// <summary>An object in a bucket.</summary>
public sealed record BucketObject(Bucket Bucket, string Key) : IDownloadSource
{
    public string Description => $"Object '{Key}' in bucket '{Bucket.Name}' at {Bucket.Store.Endpoint}";

    public Task<StoredObject> HeadAsync(CancellationToken cancellationToken) => Bucket.HeadAsync(Key, cancellationToken);

    public Task GetRangeAsync(string etag, FileRange range, SafeFileHandle target, OvaProgress progress, CancellationToken cancellationToken)
        => Bucket.Store.GetRangeAsync(Bucket.Name, Key, etag, range, target, progress, cancellationToken);
}
