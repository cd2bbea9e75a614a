using ImageBackup.Api.Http;
using ImageBackup.Core.Buckets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.CloudObjectStorage;

/// <summary>GET /v3/{project_id}/cos/{id}</summary>
internal static class ShowCos
{
    public static async Task<Ok<Enveloped<CosResponse>>> HandleAsync(string id, HttpContext context, CosStore store, CancellationToken cancellationToken)
        => Enveloped.Ok(CosResponse.Of(await store.GetAsync(context.Caller().ProjectId, CosIds.Parse(id), cancellationToken)));
}
