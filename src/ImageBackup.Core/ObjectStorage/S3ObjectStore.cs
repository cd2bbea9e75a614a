using System.Buffers;
using System.Runtime.CompilerServices;
using Amazon.S3;
using Amazon.S3.Model;
using ImageBackup.Core.Buckets;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Core.ObjectStorage;

/// <summary>Any S3 service: Amazon's, IBM's, MinIO, Ceph, Swift. Path style, single requests, our own multipart loop above.</summary>
internal sealed class S3ObjectStore : IObjectStore, IDisposable
{
    private const int BufferSize = 256 << 10;
    private const string MetadataPrefix = "x-amz-meta-";

    /// <summary>Amazon documents that making an object of its parts can take several minutes.</summary>
    private static readonly TimeSpan CompletionTime = TimeSpan.FromMinutes(10);

    private readonly HttpClient http;
    private readonly AmazonS3Client client;
    private readonly S3Calls calls;

    /// <summary>Over TLS bodies go unsigned; else their SHA-256 is signed, so that the server checks what arrives.</summary>
    private readonly bool isEncrypted;

    public S3ObjectStore(CosCredentials credentials, CosOptions options, TimeProvider time)
    {
        Endpoint = credentials.Endpoint;
        calls = new S3Calls(Endpoint, TimeSpan.FromSeconds(options.IdleTimeoutSeconds), time);
        isEncrypted = credentials.Endpoint.StartsWith("https:", StringComparison.OrdinalIgnoreCase);
        http = StoreHttp.CreateClient(credentials, time);
        client = S3ClientFactory.Create(credentials, http);
    }

    public string Endpoint { get; }

    public async Task CheckBucketAsync(string bucket, CancellationToken cancellationToken)
    {
        // Not HEAD: its answers have no body, and the code in the body tells a wrong key from a missing bucket.
        var request = new ListObjectsV2Request { BucketName = bucket, MaxKeys = 1 };
        _ = await calls.RunAsync(bucket, null, token => client.ListObjectsV2Async(request, token), cancellationToken);
    }

    public async Task<StoredObject> HeadAsync(string bucket, string key, CancellationToken cancellationToken)
    {
        var request = new GetObjectMetadataRequest { BucketName = bucket, Key = key };
        var found = await calls.RunAsync(bucket, key, token => client.GetObjectMetadataAsync(request, token), cancellationToken);
        var metadata = found.Metadata.Keys.ToDictionary(Plain, name => found.Metadata[name], StringComparer.Ordinal);
        return new StoredObject(key, found.ContentLength, found.ETag, (found.LastModified ?? DateTime.UnixEpoch).ToUniversalTime(), metadata);

        static string Plain(string name) => (name.StartsWith(MetadataPrefix, StringComparison.OrdinalIgnoreCase) ? name[MetadataPrefix.Length..] : name).ToLowerInvariant();
    }

    public async IAsyncEnumerable<StoredObject> ListAsync(string bucket, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request { BucketName = bucket, Prefix = prefix };
        ListObjectsV2Response page;
        do
        {
            page = await calls.RunAsync(bucket, null, token => client.ListObjectsV2Async(request, token), cancellationToken);
            foreach (var found in page.S3Objects ?? [])
            {
                yield return new StoredObject(
                    found.Key, found.Size ?? 0, found.ETag, (found.LastModified ?? DateTime.UnixEpoch).ToUniversalTime(), new Dictionary<string, string>());
            }

            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated == true);
    }

    public async Task GetRangeAsync(string bucket, string key, string etag, FileRange range, SafeFileHandle target, BytesMoved moved, CancellationToken cancellationToken)
    {
        using var guard = calls.Watch(cancellationToken);
        var request = new GetObjectRequest { BucketName = bucket, Key = key, EtagToMatch = etag, ByteRange = new ByteRange(range.Offset, range.End - 1) };
        using var answer = await calls.RunAsync(bucket, key, () => client.GetObjectAsync(request, guard.Token), guard, null, cancellationToken);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            for (var offset = range.Offset; offset < range.End;)
            {
                guard.Touch();
                var wanted = (int)Math.Min(BufferSize, range.End - offset);
                var read = await calls.RunAsync(
                    bucket, key, () => answer.ResponseStream.ReadAtLeastAsync(buffer.AsMemory(0, wanted), wanted, throwOnEndOfStream: false, guard.Token).AsTask(), guard, null, cancellationToken);
                if (read == 0)
                {
                    throw calls.Unavailable(bucket, key, $"the answer ended at byte {offset} of {range.End}", null);
                }

                guard.Pause();
                await WriteSparseAsync(target, buffer.AsMemory(0, read), offset, cancellationToken);
                offset += read;
                await moved(read, cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public async Task PutAsync(
        string bucket, string key, IReadOnlyDictionary<string, string> metadata, SafeFileHandle source, long length, BytesMoved moved, CancellationToken cancellationToken)
    {
        using var guard = calls.Watch(cancellationToken);
        await using var body = new FileRangeStream(source, new FileRange(0, length), moved, guard);
        var request = new PutObjectRequest
        {
            BucketName = bucket,
            Key = key,
            InputStream = body,
            AutoCloseStream = false,
            UseChunkEncoding = false,
            DisablePayloadSigning = isEncrypted,
            ContentType = "application/octet-stream",
        };
        AddMetadata(request.Metadata, metadata);
        _ = await calls.RunAsync(bucket, key, () => client.PutObjectAsync(request, guard.Token), guard, body, cancellationToken);
    }

    public async Task<OpenUpload> CreateUploadAsync(string bucket, string key, IReadOnlyDictionary<string, string> metadata, CancellationToken cancellationToken)
    {
        var request = new InitiateMultipartUploadRequest { BucketName = bucket, Key = key, ContentType = "application/octet-stream" };
        AddMetadata(request.Metadata, metadata);
        var answer = await calls.RunAsync(bucket, key, token => client.InitiateMultipartUploadAsync(request, token), cancellationToken);
        return new OpenUpload(bucket, key, answer.UploadId);
    }

    public async Task<UploadedPart> UploadPartAsync(OpenUpload upload, int number, SafeFileHandle source, FileRange range, BytesMoved moved, CancellationToken cancellationToken)
    {
        using var guard = calls.Watch(cancellationToken);
        await using var body = new FileRangeStream(source, range, moved, guard);
        var request = new UploadPartRequest
        {
            BucketName = upload.Bucket,
            Key = upload.Key,
            UploadId = upload.UploadId,
            PartNumber = number,
            InputStream = body,
            PartSize = range.Length,
            UseChunkEncoding = false,
            DisablePayloadSigning = isEncrypted,
        };
        var answer = await calls.RunAsync(upload.Bucket, upload.Key, () => client.UploadPartAsync(request, guard.Token), guard, body, cancellationToken);
        return new UploadedPart(number, range.Length, answer.ETag);
    }

    public async Task<IReadOnlyList<UploadedPart>> ListPartsAsync(OpenUpload upload, CancellationToken cancellationToken)
    {
        var request = new ListPartsRequest { BucketName = upload.Bucket, Key = upload.Key, UploadId = upload.UploadId };
        var parts = new List<UploadedPart>();
        ListPartsResponse page;
        do
        {
            page = await calls.RunAsync(upload.Bucket, upload.Key, token => client.ListPartsAsync(request, token), cancellationToken);
            parts.AddRange((page.Parts ?? []).Select(part => new UploadedPart(part.PartNumber ?? 0, part.Size ?? 0, part.ETag)));
            request.PartNumberMarker = page.NextPartNumberMarker?.ToString();
        }
        while (page.IsTruncated == true);

        return parts;
    }

    public async Task CompleteAsync(OpenUpload upload, IReadOnlyList<UploadedPart> parts, CancellationToken cancellationToken)
    {
        using var guard = calls.Watch(cancellationToken, CompletionTime);
        var request = new CompleteMultipartUploadRequest
        {
            BucketName = upload.Bucket,
            Key = upload.Key,
            UploadId = upload.UploadId,
            PartETags = [.. parts.Select(part => new PartETag(part.Number, part.ETag))],
        };
        _ = await calls.RunAsync(upload.Bucket, upload.Key, () => client.CompleteMultipartUploadAsync(request, guard.Token), guard, null, cancellationToken);
    }

    public async Task AbortAsync(OpenUpload upload, CancellationToken cancellationToken)
    {
        var request = new AbortMultipartUploadRequest { BucketName = upload.Bucket, Key = upload.Key, UploadId = upload.UploadId };
        try
        {
            _ = await calls.RunAsync(upload.Bucket, upload.Key, token => client.AbortMultipartUploadAsync(request, token), cancellationToken);
        }
        catch (ObjectStoreException gone) when (gone.Fault is ObjectStoreFault.NoUpload or ObjectStoreFault.NoObject)
        {
            // Gone is what was wanted.
        }
    }

    public async Task<IReadOnlyList<OpenUpload>> ListOpenUploadsAsync(string bucket, string prefix, CancellationToken cancellationToken)
    {
        var request = new ListMultipartUploadsRequest { BucketName = bucket, Prefix = prefix };
        var uploads = new List<OpenUpload>();
        ListMultipartUploadsResponse page;
        do
        {
            page = await calls.RunAsync(bucket, null, token => client.ListMultipartUploadsAsync(request, token), cancellationToken);
            uploads.AddRange((page.MultipartUploads ?? []).Select(upload => new OpenUpload(bucket, upload.Key, upload.UploadId)));
            request.KeyMarker = page.NextKeyMarker;
            request.UploadIdMarker = page.NextUploadIdMarker;
        }
        while (page.IsTruncated == true);

        return uploads;
    }

    public async Task DeleteAsync(string bucket, string key, CancellationToken cancellationToken)
    {
        var request = new DeleteObjectRequest { BucketName = bucket, Key = key };
        try
        {
            _ = await calls.RunAsync(bucket, key, token => client.DeleteObjectAsync(request, token), cancellationToken);
        }
        catch (ObjectStoreException gone) when (gone.Fault == ObjectStoreFault.NoObject)
        {
            // Some servers answer 404 where Amazon answers 204; gone is what was wanted.
        }
    }

    public void Dispose()
    {
        client.Dispose();
        http.Dispose();
    }

    private static void AddMetadata(MetadataCollection target, IReadOnlyDictionary<string, string> metadata)
    {
        foreach (var (key, value) in metadata)
        {
            target.Add(key, value);
        }
    }

    private static async Task WriteSparseAsync(SafeFileHandle target, ReadOnlyMemory<byte> bytes, long offset, CancellationToken cancellationToken)
    {
        if (bytes.Span.ContainsAnyExcept((byte)0))
        {
            await RandomAccess.WriteAsync(target, bytes, offset, cancellationToken);
        }
    }
}
