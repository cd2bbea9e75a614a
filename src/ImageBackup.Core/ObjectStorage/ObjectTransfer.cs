using ImageBackup.Ova;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ImageBackup.Core.ObjectStorage;

/// <summary>
/// Archives to and from buckets: in parts, several at once, each tried again while the store is unavailable, resumed after a crash.
/// <para>A failure leaves nothing behind: no open upload, no partial file. <b>Cancellation</b> keeps both, since a stopping host means to go on later;
/// whoever cancels for good calls <see cref="AbandonUploadAsync"/> or <see cref="AbandonDownload"/>.</para>
/// </summary>
public sealed class ObjectTransfer
{
    private readonly UploadRun uploads;
    private readonly DownloadRun downloads;
    private readonly StoreRetries retries;

    public ObjectTransfer(IOptions<CosOptions> options, TimeProvider time, ILogger<ObjectTransfer> logger)
    {
        retries = new StoreRetries(options.Value, time, logger);
        uploads = new UploadRun(options.Value, retries, logger);
        downloads = new DownloadRun(options.Value, retries, time);
    }

    /// <summary>Makes the file an object, in place of a former one of that name. Progress is bytes of the file.</summary>
    /// <exception cref="ObjectStoreException">The store refused, or stayed unavailable for all attempts.</exception>
    public Task<StoredObject> UploadAsync(ObjectUpload upload, OvaProgress progress, CancellationToken cancellationToken)
        => uploads.RunAsync(upload, progress, cancellationToken);

    /// <summary>Drops every open upload of this object, known or not; safe to repeat. An object that is complete stays.</summary>
    public Task AbandonUploadAsync(Bucket bucket, string key, CancellationToken cancellationToken)
        => uploads.AbandonAsync(bucket, key, cancellationToken);

    /// <summary>Makes the object a file, checked against its SHA-256 and durable. Progress is bytes of the object.</summary>
    /// <exception cref="ObjectStoreException">No such object, another content than promised (<see cref="ObjectStoreFault.Damaged"/>), or the store stayed unavailable.</exception>
    public Task<DownloadedObject> DownloadAsync(ObjectDownload download, OvaProgress progress, CancellationToken cancellationToken)
        => downloads.RunAsync(download, progress, cancellationToken);

    /// <summary>Removes what an interrupted download left of <paramref name="filePath"/>; safe to repeat. A complete file stays.</summary>
    public static void AbandonDownload(string filePath) => File.Delete(filePath + ".partial");

    /// <summary>Size and metadata of the object, tried again while the store is unavailable.</summary>
    public Task<StoredObject> HeadAsync(Bucket bucket, string key, CancellationToken cancellationToken)
        => retries.RunAsync($"Look at {key}", token => bucket.Store.HeadAsync(bucket.Name, key, token), cancellationToken);

    /// <summary>Deletes the object if it is the archive with this SHA-256: another service may have put its own there under the same name.</summary>
    public async Task DeleteOwnAsync(Bucket bucket, string key, string? sha256, CancellationToken cancellationToken)
    {
        if (await ExistsAsync(bucket, key, cancellationToken)
            && BackupMetadata.FromPairs((await HeadAsync(bucket, key, cancellationToken)).Metadata).Sha256 == sha256)
        {
            await DeleteAsync(bucket, key, cancellationToken);
        }
    }

    /// <summary>True where there is an object of that name.</summary>
    public async Task<bool> ExistsAsync(Bucket bucket, string key, CancellationToken cancellationToken)
    {
        try
        {
            await HeadAsync(bucket, key, cancellationToken);
            return true;
        }
        catch (ObjectStoreException exception) when (exception.Fault == ObjectStoreFault.NoObject)
        {
            return false;
        }
    }

    /// <summary>Deletes the object, tried again while the store is unavailable; one that is gone already is no failure.</summary>
    public Task DeleteAsync(Bucket bucket, string key, CancellationToken cancellationToken)
        => retries.RunAsync($"Delete {key}", token => bucket.Store.DeleteAsync(bucket.Name, key, token), cancellationToken);
}
