using ImageBackup.Ova;
using Microsoft.Extensions.Options;

namespace ImageBackup.Core.ObjectStorage;

/// <summary>
/// Transfers archives to and from buckets and resumes them after a crash.
/// <para>A failure leaves nothing behind: no unfinished upload, no partial file. Cancellation keeps both, because a stopping host resumes later. To cancel for
/// good, call <see cref="Bucket.AbandonUploadAsync"/> or <see cref="AbandonDownload"/>.</para>
/// </summary>
public sealed class ObjectTransfer(IOptions<CosOptions> options, TimeProvider time)
{
    private readonly DownloadRun downloads = new(options.Value, time);

    /// <summary>Stores a file as an object and replaces a former object of that name. Progress is in bytes of the file.</summary>
    /// <exception cref="ObjectStoreException">The store refused, or was unavailable in all attempts.</exception>
    public async Task<StoredObject> UploadAsync(ObjectUpload upload, OvaProgress progress, CancellationToken cancellationToken)
    {
        var file = new FileInfo(upload.FilePath);
        var length = file.Length;
        if (upload.Resume is { } resume)
        {
            if (resume.Length != length || resume.LastWriteUtc != file.LastWriteTimeUtc)
            {
                upload = upload with { Resume = null };
            }
            else if (await upload.Bucket.FindAsync(upload.Key, cancellationToken) is { } found && upload.IsStoredAs(found, length))
            {
                // The process crashed between the end of the upload and its record, or in an upload of an object that the bucket already has.
                await upload.Bucket.AbandonUploadAsync(upload.Key, cancellationToken);
                await progress(length, cancellationToken);
                return found;
            }
        }

        var partSize = PartSizes.For(upload.FilePath, length, options.Value.PartSizeMiB);
        return await upload.Bucket.Store.PutAsync(upload, partSize, progress, cancellationToken);
    }

    /// <summary>Copies an object to a file, checked against its SHA-256 and flushed to the disk. Progress is in bytes of the object.</summary>
    /// <exception cref="ObjectStoreException">The object does not exist, has another SHA-256 (<see cref="ObjectStoreError.Damaged"/>), or the store was unavailable in all attempts.</exception>
    public Task<DownloadedObject> DownloadAsync(ObjectDownload download, OvaProgress progress, CancellationToken cancellationToken)
        => downloads.RunAsync(download, progress, cancellationToken);

    /// <summary>Removes the partial file of an interrupted download. Can be repeated; a complete file stays.</summary>
    public static void AbandonDownload(string filePath) => File.Delete(ObjectDownload.PartialPathOf(filePath));
}
