using ImageBackup.Api.Http;
using ImageBackup.Core.Buckets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.CloudObjectStorage;

/// <summary>DELETE /v3/{project_id}/cos/{id}; the bucket and its objects stay</summary>
internal static class DeleteCos
{
    public static async Task<NoContent> HandleAsync(string id, HttpContext context, CosStore store, CancellationToken cancellationToken)
    {
        await store.DeleteAsync(context.Caller().ProjectId, CosIds.Parse(id), cancellationToken);
        return TypedResults.NoContent();
    }
}
