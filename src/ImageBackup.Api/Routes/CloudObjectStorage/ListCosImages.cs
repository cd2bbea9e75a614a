using ImageBackup.Api.Http;
using ImageBackup.Core.Buckets;
using ImageBackup.Core.ObjectStorage;
using ImageBackup.Core.Persistence;
using ImageBackup.Ova.Archive;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.CloudObjectStorage;

/// <summary>GET /v3/{project_id}/cos/{id}/list_images: the archives among the objects of the bucket, sorted by name</summary>
internal static class ListCosImages
{
    /// <summary>An archive in a bucket.</summary>
    /// <param name="Name" example="export-to-cos_2.ova">The key of the object. An import takes it as ova_name.</param>
    /// <param name="Size" example="2181632">The size in bytes.</param>
    /// <param name="BucketName" example="bucket-1">The name of the bucket. An import takes it as cos_bucket.</param>
    /// <param name="ImageBackupId">The image backup of the archive; null if it has none.</param>
    /// <param name="LastModified" example="2026-11-23T16:16:33.000000">Time of the last change, UTC.</param>
    [Envelope("image", "images")]
    internal sealed record CosImageResponse(string Name, long Size, string BucketName, int? ImageBackupId, string LastModified);

    public static async Task<Ok<ListResponse<CosImageResponse>>> HandleAsync(string id, HttpContext context, CosStore store, BucketContents contents, CancellationToken cancellationToken)
    {
        var bucket = await store.OpenAsync(context.Caller().ProjectId, CosIds.Parse(id), cancellationToken);
        var page = await PageAsync(bucket, context.QueryPage(), cancellationToken);
        var backups = await contents.FindBackupsAsync(context.Caller(), bucket, [.. page.Items.Select(image => image.Key)], cancellationToken);
        return ListResponse.Ok(
            context, page, image => new CosImageResponse(image.Key, image.Size, bucket.Name, backups.TryGetValue(image.Key, out var backup) ? backup : null, ApiJson.CinderTime(image.LastModified)), image => image.Key);
    }

    // Reads one object more than the page holds, to learn whether another page follows.
    private static async Task<Page<StoredObject>> PageAsync(Bucket bucket, PageRequest request, CancellationToken cancellationToken)
    {
        var images = new List<StoredObject>();
        var isPast = request.Marker is null;
        await foreach (var found in bucket.Store.ListAsync(bucket.Name, "", cancellationToken))
        {
            if (isPast && ArchiveName.IsArchive(found.Key))
            {
                images.Add(found);
            }

            isPast |= found.Key == request.Marker;
            if (images.Count > request.Limit + request.Offset)
            {
                break;
            }
        }

        var items = images.Skip(request.Offset).Take(request.Limit).ToList();
        return new Page<StoredObject>(items, images.Count > request.Limit + request.Offset && request.Limit > 0 ? items[^1] : null, null);
    }
}
