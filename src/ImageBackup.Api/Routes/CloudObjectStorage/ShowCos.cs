using ImageBackup.Api.Http;
using ImageBackup.Core.Buckets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.CloudObjectStorage;

/// <summary><c>GET /v3/{project_id}/cos/{id}</c></summary>
internal static class ShowCos
{
    public static async Task<JsonHttpResult<CosAnswer>> HandleAsync(string id, HttpContext context, CosStore store, CancellationToken cancellationToken)
        => TypedResults.Json(CosAnswer.Of(await store.GetAsync(context.Caller().ProjectId, CosBody.ParseId(id), cancellationToken)));
}
