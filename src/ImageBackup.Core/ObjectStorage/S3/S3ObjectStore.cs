using System.Buffers;
using System.Net;
using System.Runtime.CompilerServices;
using Amazon.Runtime;
using Amazon.S3.Model;
using ImageBackup.Core.ObjectStorage.Calls;
using ImageBackup.Disks;
using ImageBackup.Ova;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Core.ObjectStorage.S3;

/// <summary>Any S3 service: Amazon's, IBM's, MinIO, Ceph, Swift. Uses path style. Repeats requests while the service is unavailable, except checks and lists.</summary>
internal sealed class S3ObjectStore : IObjectStore, IDisposable
{
    private const int BufferSize = 256 << 10;
    private const int Piece = 64 << 10;
    private const string MetadataPrefix = "x-amz-meta-";

    private readonly S3Client client;
    private readonly S3Calls calls;
    private readonly S3Put put;

    public S3ObjectStore(CosCredentials credentials, CosOptions options, TimeProvider time, ILogger logger)
    {
        Endpoint = credentials.Endpoint;
        client = S3Client.Create(credentials, options, time, logger);
        calls = new S3Calls(Endpoint, TimeSpan.FromSeconds(options.IdleTimeoutSeconds), StoreRetries.Create(options, time, logger), time);
        Uploads = new S3UploadRequests(client, calls, isEncrypted: Endpoint.StartsWith("https:", StringComparison.OrdinalIgnoreCase));
        put = new S3Put(Uploads, options.ParallelParts, logger);
    }

    public string Endpoint { get; }

    /// <summary>The requests of uploads in parts.</summary>
    public S3UploadRequests Uploads { get; }

    public Task CheckBucketAsync(string bucket, CancellationToken cancellationToken)
    {
        // Answers to HEAD have no body, and the error code in the body distinguishes a wrong key from a missing bucket.
        var request = new ListObjectsV2Request { BucketName = bucket, MaxKeys = 1 };
        return calls.RunOnceAsync(bucket, null, attempt => client.ListObjectsV2Async(request, attempt.Token), cancellationToken);
    }

    public async Task<StoredObject> HeadAsync(string bucket, string key, CancellationToken cancellationToken)
    {
        var request = new GetObjectMetadataRequest { BucketName = bucket, Key = key };
        var found = await calls.RunAsync(bucket, key, attempt => client.GetObjectMetadataAsync(request, attempt.Token), cancellationToken);
        var metadata = found.Metadata.Keys.ToDictionary(Plain, name => found.Metadata[name], StringComparer.Ordinal);
        return new StoredObject(key, found.ContentLength, found.ETag, Utc(found.LastModified), metadata);

        static string Plain(string name) => (name.StartsWith(MetadataPrefix, StringComparison.OrdinalIgnoreCase) ? name[MetadataPrefix.Length..] : name).ToLowerInvariant();
    }

    public async IAsyncEnumerable<StoredObject> ListAsync(string bucket, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request { BucketName = bucket, Prefix = prefix };
        ListObjectsV2Response page;
        do
        {
            page = await calls.RunOnceAsync(bucket, null, attempt => client.ListObjectsV2Async(request, attempt.Token), cancellationToken);
            foreach (var found in page.S3Objects ?? [])
            {
                yield return new StoredObject(found.Key, found.Size ?? 0, found.ETag, Utc(found.LastModified), new Dictionary<string, string>());
            }

            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated == true);
    }

    public Task GetRangeAsync(string bucket, string key, string etag, FileRange range, SafeFileHandle target, OvaProgress progress, CancellationToken cancellationToken)
        => calls.RunAsync(
            bucket,
            key,
            async attempt =>
            {
                var request = new GetObjectRequest { BucketName = bucket, Key = key, EtagToMatch = etag, ByteRange = new ByteRange(range.Offset, range.End - 1) };
                using var answer = await client.GetObjectAsync(request, attempt.Token);
                var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
                try
                {
                    for (var offset = range.Offset; offset < range.End;)
                    {
                        attempt.Touch();
                        var wanted = (int)Math.Min(BufferSize, range.End - offset);
                        var read = await answer.ResponseStream.ReadAtLeastAsync(buffer.AsMemory(0, wanted), wanted, throwOnEndOfStream: false, attempt.Token);
                        if (read == 0)
                        {
                            throw calls.Unavailable(bucket, key, $"the answer ended at byte {offset} of {range.End}", null);
                        }

                        offset = await attempt.RunLocallyAsync(async () =>
                        {
                            Zeros.WriteData(target, buffer.AsSpan(0, read), offset, Piece);
                            await progress(offset + read - range.Offset, cancellationToken);
                            return offset + read;
                        });
                    }
                }
                finally
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                }

                return range;
            },
            cancellationToken);

    public Task<StoredObject> PutAsync(ObjectUpload upload, long partSize, OvaProgress progress, CancellationToken cancellationToken)
        => put.RunAsync(upload, partSize, progress, cancellationToken);

    public Task AbandonPutAsync(string bucket, string key, CancellationToken cancellationToken) => put.AbandonAsync(bucket, key, cancellationToken);

    public async Task<bool> DeleteAsync(string bucket, string key, string etag, CancellationToken cancellationToken)
    {
        // https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-deletes.html
        var request = new DeleteObjectRequest { BucketName = bucket, Key = key, IfMatch = etag };
        try
        {
            return await DeleteAsync(request, cancellationToken);
        }
        catch (ObjectStoreException refused) when (refused is { Error: ObjectStoreError.Changed, InnerException: not AmazonServiceException { StatusCode: HttpStatusCode.Conflict } } || refused.InnerException is AmazonServiceException { StatusCode: HttpStatusCode.NotImplemented })
        {
            if (refused.Error == ObjectStoreError.Changed && !await HasAsync(bucket, key, etag, cancellationToken))
            {
                throw;
            }

            // The service does not know the condition: some answer 501, and Swift answers 412 in a bucket with versions.
            request.IfMatch = null;
            return await DeleteAsync(request, cancellationToken);
        }
    }

    private async Task<bool> HasAsync(string bucket, string key, string etag, CancellationToken cancellationToken)
    {
        try
        {
            return (await HeadAsync(bucket, key, cancellationToken)).ETag == etag;
        }
        catch (ObjectStoreException gone) when (gone.Error == ObjectStoreError.NoObject)
        {
            return false;
        }
    }

    public void Dispose() => client.Dispose();

    private async Task<bool> DeleteAsync(DeleteObjectRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await calls.RunAsync(request.BucketName, request.Key, attempt => client.DeleteObjectAsync(request, attempt.Token), cancellationToken);

            // A bucket with versions answers with the marker that hides the object (https://docs.aws.amazon.com/AmazonS3/latest/userguide/DeletingObjectVersions.html).
            return answer.DeleteMarker == "true";
        }
        catch (ObjectStoreException gone) when (gone.Error == ObjectStoreError.NoObject)
        {
            // Some servers answer 404 for a missing object, Amazon answers 204.
            return false;
        }
    }

    private static DateTime Utc(DateTime? time) => (time ?? DateTime.UnixEpoch).ToUniversalTime();
}
