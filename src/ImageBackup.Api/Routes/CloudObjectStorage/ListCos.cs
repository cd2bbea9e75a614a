using ImageBackup.Api.Http;
using ImageBackup.Core.Buckets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.CloudObjectStorage;

/// <summary>GET /v3/{project_id}/cos and /v3/{project_id}/cos/detail</summary>
internal static class ListCos
{
    public static async Task<Ok<ListResponse<CosResponse>>> HandleAsync(HttpContext context, CosStore store, CancellationToken cancellationToken)
    {
        var page = await store.ListAsync(context.Caller().ProjectId, context.QueryString("name"), context.QueryPage(), cancellationToken);
        return ListResponse.Ok(context, page, CosResponse.Of, cos => $"{cos.Id}");
    }
}
