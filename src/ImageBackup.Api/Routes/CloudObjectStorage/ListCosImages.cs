using ImageBackup.Api.Http;
using ImageBackup.Core.Buckets;
using ImageBackup.Core.ObjectStorage;
using ImageBackup.Core.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.CloudObjectStorage;

/// <summary><c>GET /v3/{project_id}/cos/{id}/list_images</c>: the <c>.ova</c> and <c>.ova.gz</c> objects of the bucket, by name; <c>limit</c> and <c>marker</c> as in every list.</summary>
internal static class ListCosImages
{
    public static async Task<JsonHttpResult<Dictionary<string, object>>> HandleAsync(
        string id, HttpContext context, CosStore store, CancellationToken cancellationToken)
    {
        var bucket = await store.OpenAsync(context.Caller().ProjectId, CosBody.ParseId(id), cancellationToken);
        var page = await PageAsync(bucket, context.QueryPage(), cancellationToken);
        return ListAnswer.For(context, "images", page, image => CosImageView.Of(image, bucket.Name), image => image.Key);
    }

    /// <summary>Reads one object more than the page holds, to know whether another page follows.</summary>
    private static async Task<Page<StoredObject>> PageAsync(Bucket bucket, PageRequest request, CancellationToken cancellationToken)
    {
        var images = new List<StoredObject>();
        var isPast = request.Marker is null;
        await foreach (var found in bucket.Store.ListAsync(bucket.Name, "", cancellationToken))
        {
            if (isPast && IsArchive(found.Key))
            {
                images.Add(found);
            }

            isPast |= found.Key == request.Marker;
            if (images.Count > request.Limit + request.Offset)
            {
                break;
            }
        }

        return new Page<StoredObject>([.. images.Skip(request.Offset).Take(request.Limit)], images.Count > request.Limit + request.Offset && request.Limit > 0, null);
    }

    private static bool IsArchive(string key)
        => key.EndsWith(".ova", StringComparison.OrdinalIgnoreCase) || key.EndsWith(".ova.gz", StringComparison.OrdinalIgnoreCase);
}

/// <summary>An archive in a bucket; <c>name</c> and <c>bucket_name</c> are what an import takes as <c>ova_name</c> and <c>cos_bucket</c>. Size in bytes.</summary>
/// <param name="Name" example="export-to-cos_2.ova">The key of the object; an import takes it as ova_name.</param>
/// <param name="Size" example="2181632">Bytes.</param>
/// <param name="BucketName" example="bucket-1">The bucket; an import takes it as cos_bucket.</param>
/// <param name="LastModified" example="2026-11-23T16:16:33.000000">When it was written, UTC.</param>
internal sealed record CosImageView(string Name, long Size, string BucketName, string LastModified)
{
    public static CosImageView Of(StoredObject found, string bucket)
        => new(found.Key, found.Size, bucket, ApiJson.CinderTime(found.LastModified));
}
