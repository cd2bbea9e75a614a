using ImageBackup.Ova;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Core.ObjectStorage;

/// <summary>
/// Buckets of objects, as S3 defines them. Every implementation passes the conformance tests in <c>ObjectStorage</c>.
/// <para>Errors of a store are <see cref="ObjectStoreException"/>. Exceptions of the progress listener and of the local disk pass through unchanged, and so
/// does cancellation.</para>
/// </summary>
public interface IObjectStore
{
    /// <summary>The URL of the store, or what it is, for messages. Contains no secret and no directory of the server.</summary>
    string Endpoint { get; }

    /// <summary>Throws unless the bucket exists and may be listed. Creates nothing.</summary>
    Task CheckBucketAsync(string bucket, CancellationToken cancellationToken);

    /// <summary>Returns size, ETag and metadata of an object.</summary>
    /// <exception cref="ObjectStoreException"><see cref="ObjectStoreError.NoObject"/>: the object does not exist.</exception>
    Task<StoredObject> HeadAsync(string bucket, string key, CancellationToken cancellationToken);

    /// <summary>Returns the objects whose keys start with <paramref name="prefix"/>, ordered by the bytes of their keys, without metadata.</summary>
    IAsyncEnumerable<StoredObject> ListAsync(string bucket, string prefix, CancellationToken cancellationToken);

    /// <summary>
    /// Copies a range of an object to the same offsets of <paramref name="target"/>. Holes and long runs of zeros are not written, so the target must hold
    /// nothing else there. Progress is in bytes of the range; it starts again from 0 when the store repeats the request.
    /// </summary>
    /// <exception cref="ObjectStoreException"><see cref="ObjectStoreError.Changed"/>: the object no longer has <paramref name="etag"/>.</exception>
    Task GetRangeAsync(string bucket, string key, string etag, FileRange range, SafeFileHandle target, OvaProgress progress, CancellationToken cancellationToken);

    /// <summary>
    /// Stores a file as an object and replaces a former object of that key at once. A file larger than <paramref name="partSize"/> can be resumed at multiples
    /// of it. Progress is in bytes of the file and never decreases.
    /// <para>A failure leaves nothing behind. Cancellation keeps what a later call needs to resume. An object has one writer: a new put removes other
    /// unfinished puts of the same key.</para>
    /// </summary>
    Task<StoredObject> PutAsync(ObjectUpload upload, long partSize, OvaProgress progress, CancellationToken cancellationToken);

    /// <summary>Removes every unfinished put of this key that the credentials permit to list. Does nothing when there is none; a complete object stays.</summary>
    Task AbandonPutAsync(string bucket, string key, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes an object if it still has this ETag. Does nothing when it does not exist. A store without conditional deletions, such as MinIO and Swift, deletes
    /// it with any ETag.
    /// </summary>
    /// <returns>True if the bucket keeps versions, so that the object's bytes stay in it.</returns>
    /// <exception cref="ObjectStoreException"><see cref="ObjectStoreError.Changed"/>: the object no longer has <paramref name="etag"/>.</exception>
    Task<bool> DeleteAsync(string bucket, string key, string etag, CancellationToken cancellationToken);
}
