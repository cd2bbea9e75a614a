using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Core.ObjectStorage;

/// <summary>
/// Buckets of objects, as S3 has them. Every store passes the one conformance suite (tests, <c>ObjectStorage</c>).
/// <para>Each call is one attempt; <see cref="StoreRetries"/> decides on another. All are safe to repeat but <see cref="CreateUploadAsync"/>, whose lost answer
/// leaves an upload that only <see cref="ListOpenUploadsAsync"/> knows, and <see cref="CompleteAsync"/>, which after a lost answer says
/// <see cref="ObjectStoreFault.NoUpload"/> though the object is there.</para>
/// <para>Failures are <see cref="ObjectStoreException"/>: <see cref="ObjectStoreFault.Unavailable"/> may pass, every other fault is permanent.
/// What a listener or the local disk throws comes through unchanged, and so does cancellation.</para>
/// </summary>
public interface IObjectStore
{
    /// <summary>Where the store is, for messages: a URL or a directory, never a secret.</summary>
    string Endpoint { get; }

    /// <summary>Returns where <paramref name="bucket"/> exists and may be listed; otherwise says which bucket, where, and why not. Makes nothing.</summary>
    Task CheckBucketAsync(string bucket, CancellationToken cancellationToken);

    /// <summary>Size, ETag and metadata of one object; <see cref="ObjectStoreFault.NoObject"/> where there is none.</summary>
    Task<StoredObject> HeadAsync(string bucket, string key, CancellationToken cancellationToken);

    /// <summary>The objects whose keys start with <paramref name="prefix"/>, by key in byte order; metadata is not filled in.</summary>
    IAsyncEnumerable<StoredObject> ListAsync(string bucket, string prefix, CancellationToken cancellationToken);

    /// <summary>
    /// Writes bytes <paramref name="range"/> of the object to the same offsets of <paramref name="target"/>, not writing what are holes or long zeros (so the
    /// file must hold nothing else there). <see cref="ObjectStoreFault.Changed"/> where the object no longer is <paramref name="etag"/>.
    /// </summary>
    Task GetRangeAsync(string bucket, string key, string etag, FileRange range, SafeFileHandle target, BytesMoved moved, CancellationToken cancellationToken);

    /// <summary>Stores the first <paramref name="length"/> bytes of <paramref name="source"/> at once: all or nothing.</summary>
    Task PutAsync(string bucket, string key, IReadOnlyDictionary<string, string> metadata, SafeFileHandle source, long length, BytesMoved moved, CancellationToken cancellationToken);

    /// <summary>Opens a multipart upload. Metadata keys are lower-case letters, digits and dashes, values printable ASCII of at most 256 characters.</summary>
    Task<OpenUpload> CreateUploadAsync(string bucket, string key, IReadOnlyDictionary<string, string> metadata, CancellationToken cancellationToken);

    /// <summary>
    /// Sends bytes <paramref name="range"/> of <paramref name="source"/> as part <paramref name="number"/> (1 to 10,000); they stand at the same offset in the
    /// object. Sent again, a part replaces its former self.
    /// </summary>
    Task<UploadedPart> UploadPartAsync(OpenUpload upload, int number, SafeFileHandle source, FileRange range, BytesMoved moved, CancellationToken cancellationToken);

    /// <summary>The parts that the store holds, by number; <see cref="ObjectStoreFault.NoUpload"/> where the upload is gone.</summary>
    Task<IReadOnlyList<UploadedPart>> ListPartsAsync(OpenUpload upload, CancellationToken cancellationToken);

    /// <summary>Makes the object of its parts, all of them, replacing a former object at once.</summary>
    Task CompleteAsync(OpenUpload upload, IReadOnlyList<UploadedPart> parts, CancellationToken cancellationToken);

    /// <summary>Drops the upload and its parts; an upload that is gone already is no failure.</summary>
    Task AbortAsync(OpenUpload upload, CancellationToken cancellationToken);

    /// <summary>The uploads that are neither complete nor aborted, of keys that start with <paramref name="prefix"/>.</summary>
    Task<IReadOnlyList<OpenUpload>> ListOpenUploadsAsync(string bucket, string prefix, CancellationToken cancellationToken);

    /// <summary>Deletes the object; one that is gone already is no failure.</summary>
    Task DeleteAsync(string bucket, string key, CancellationToken cancellationToken);
}

/// <summary>Told how many more bytes have gone over; awaited, so that a slow listener slows the transfer down and a throwing one stops it.</summary>
public delegate ValueTask BytesMoved(int bytes, CancellationToken cancellationToken);
