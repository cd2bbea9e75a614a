using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using ImageBackup.Ova;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Core.ObjectStorage.S3;

/// <summary>The requests that upload an object, whole or in parts. Each can be repeated.</summary>
/// <param name="isEncrypted">True over TLS, where bodies are sent unsigned. Otherwise their SHA-256 is signed, so that the server checks what arrives.</param>
internal sealed class S3UploadRequests(AmazonS3Client client, S3Calls calls, bool isEncrypted)
{
    private const string ContentType = "application/octet-stream";

    /// <summary>Amazon documents that completing an upload can take several minutes.</summary>
    private static readonly TimeSpan CompletionTime = TimeSpan.FromMinutes(10);

    /// <summary>Sends the object in one request, as its only part.</summary>
    public Task SendWholeAsync(ObjectUpload upload, SafeFileHandle file, HashedPart whole, OvaProgress progress, CancellationToken cancellationToken)
        => calls.RunAsync(
            upload.Bucket.Name,
            upload.Key,
            async attempt =>
            {
                await using var body = new FileRangeStream(file, whole.Range, progress, attempt);
                var request = new PutObjectRequest
                {
                    BucketName = upload.Bucket.Name,
                    Key = upload.Key,
                    InputStream = body,
                    AutoCloseStream = false,
                    UseChunkEncoding = false,
                    DisablePayloadSigning = isEncrypted,
                    ContentType = ContentType,
                    MD5Digest = whole.ContentMd5,
                };
                AddMetadata(request.Metadata, upload.Metadata);
                return await CheckedAsync(file, whole, () => client.PutObjectAsync(request, attempt.Token), cancellationToken);
            },
            cancellationToken);

    /// <summary>Opens an upload in parts. When the answer is lost, the upload is open all the same, and only <see cref="ListOpenAsync"/> finds it.</summary>
    public async Task<OpenUpload> CreateAsync(ObjectUpload upload, CancellationToken cancellationToken)
    {
        var request = new InitiateMultipartUploadRequest { BucketName = upload.Bucket.Name, Key = upload.Key, ContentType = ContentType };
        AddMetadata(request.Metadata, upload.Metadata);
        var answer = await calls.RunAsync(upload.Bucket.Name, upload.Key, attempt => client.InitiateMultipartUploadAsync(request, attempt.Token), cancellationToken);
        return new OpenUpload(upload.Bucket.Name, upload.Key, answer.UploadId);
    }

    /// <summary>Sends a part of the file. A part that is sent again replaces the former one.</summary>
    public Task<UploadedPart> SendPartAsync(OpenUpload upload, SafeFileHandle file, HashedPart part, OvaProgress progress, CancellationToken cancellationToken)
        => calls.RunAsync(
            upload.Bucket,
            upload.Key,
            async attempt =>
            {
                await using var body = new FileRangeStream(file, part.Range, progress, attempt);
                var request = new UploadPartRequest
                {
                    BucketName = upload.Bucket,
                    Key = upload.Key,
                    UploadId = upload.UploadId,
                    PartNumber = part.Number,
                    InputStream = body,
                    PartSize = part.Range.Length,
                    UseChunkEncoding = false,
                    DisablePayloadSigning = isEncrypted,
                    MD5Digest = part.ContentMd5,
                };
                var answer = await CheckedAsync(file, part, () => client.UploadPartAsync(request, attempt.Token), cancellationToken);
                return new UploadedPart(part.Number, part.Range.Length, answer.ETag);
            },
            cancellationToken);

    /// <summary>Returns the parts that the store has, by number.</summary>
    /// <exception cref="ObjectStoreException"><see cref="ObjectStoreError.NoUpload"/>: the upload is no longer open.</exception>
    public async Task<IReadOnlyList<UploadedPart>> ListPartsAsync(OpenUpload upload, CancellationToken cancellationToken)
    {
        var request = new ListPartsRequest { BucketName = upload.Bucket, Key = upload.Key, UploadId = upload.UploadId };
        var parts = new List<UploadedPart>();
        ListPartsResponse page;
        do
        {
            page = await calls.RunAsync(upload.Bucket, upload.Key, attempt => client.ListPartsAsync(request, attempt.Token), cancellationToken);
            parts.AddRange((page.Parts ?? []).Select(part => new UploadedPart(part.PartNumber ?? 0, part.Size ?? 0, part.ETag)));
            request.PartNumberMarker = page.NextPartNumberMarker?.ToString();
        }
        while (page.IsTruncated == true);

        return parts;
    }

    /// <summary>Makes all parts one object and replaces a former object at once.</summary>
    /// <exception cref="ObjectStoreException"><see cref="ObjectStoreError.NoUpload"/>: the upload is no longer open. After a lost answer the object may exist all the same.</exception>
    public Task CompleteAsync(OpenUpload upload, IReadOnlyList<UploadedPart> parts, CancellationToken cancellationToken)
    {
        var request = new CompleteMultipartUploadRequest
        {
            BucketName = upload.Bucket,
            Key = upload.Key,
            UploadId = upload.UploadId,
            PartETags = [.. parts.Select(part => new PartETag(part.Number, part.ETag))],
        };
        return calls.RunAsync(
            upload.Bucket,
            upload.Key,
            attempt =>
            {
                attempt.AllowIdle(CompletionTime);
                return client.CompleteMultipartUploadAsync(request, attempt.Token);
            },
            cancellationToken);
    }

    /// <summary>Removes an upload and its parts. Does nothing when it is no longer open.</summary>
    public async Task AbortAsync(OpenUpload upload, CancellationToken cancellationToken)
    {
        var request = new AbortMultipartUploadRequest { BucketName = upload.Bucket, Key = upload.Key, UploadId = upload.UploadId };
        try
        {
            await calls.RunAsync(upload.Bucket, upload.Key, attempt => client.AbortMultipartUploadAsync(request, attempt.Token), cancellationToken);
        }
        catch (ObjectStoreException gone) when (gone.Error is ObjectStoreError.NoUpload or ObjectStoreError.NoObject)
        {
        }
    }

    /// <summary>Returns the open uploads of all keys that start with <paramref name="prefix"/>.</summary>
    public async Task<IReadOnlyList<OpenUpload>> ListOpenAsync(string bucket, string prefix, CancellationToken cancellationToken)
    {
        var request = new ListMultipartUploadsRequest { BucketName = bucket, Prefix = prefix };
        var uploads = new List<OpenUpload>();
        ListMultipartUploadsResponse page;
        do
        {
            page = await calls.RunAsync(bucket, null, attempt => client.ListMultipartUploadsAsync(request, attempt.Token), cancellationToken);
            uploads.AddRange((page.MultipartUploads ?? []).Select(upload => new OpenUpload(bucket, upload.Key, upload.UploadId)));
            request.KeyMarker = page.NextKeyMarker;
            request.UploadIdMarker = page.NextUploadIdMarker;
        }
        while (page.IsTruncated == true);

        return uploads;
    }

    /// <summary>Sends a body. If the store received other bytes than its digest says, the file is read again: either it has changed, or the line damaged the bytes.</summary>
    private static async Task<T> CheckedAsync<T>(SafeFileHandle file, HashedPart part, Func<Task<T>> send, CancellationToken cancellationToken)
    {
        try
        {
            return await send();
        }
        catch (AmazonServiceException refused) when (S3Errors.IsDigestMismatch(refused.ErrorCode))
        {
            if (await RangeHash.Md5Async(file, part.Range, cancellationToken) != part.ContentMd5)
            {
                throw new FileChangedException($"bytes {part.Range.Offset} to {part.Range.End} changed while they were sent");
            }

            throw;
        }
    }

    private static void AddMetadata(MetadataCollection target, BackupMetadata metadata)
    {
        foreach (var (key, value) in metadata.ToPairs())
        {
            target.Add(key, value);
        }
    }
}

/// <summary>An upload in parts that is neither complete nor aborted.</summary>
internal sealed record OpenUpload(string Bucket, string Key, string UploadId);

/// <summary>A part that the store has.</summary>
/// <param name="Number">1 to 10,000.</param>
/// <param name="Size">Bytes.</param>
/// <param name="ETag">Identifies the part's content; opaque.</param>
internal sealed record UploadedPart(int Number, long Size, string ETag);
