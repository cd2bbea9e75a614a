using ImageBackup.Api.Http;
using ImageBackup.Core.Catalog;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.Volumes;

/// <summary><c>GET /v3/{project_id}/volumes/{id}</c></summary>
internal static class ShowVolume
{
    public static async Task<JsonHttpResult<Response>> HandleAsync(
        string id, HttpContext context, VolumeStore volumes, VolumeTypeStore types, CancellationToken cancellationToken)
    {
        var volume = await volumes.GetAsync(context.Caller(), id, cancellationToken);
        return TypedResults.Json(new Response(VolumeView.Full(context, volume, await types.NamesAsync(cancellationToken))));
    }

    internal sealed record Response(Dictionary<string, object?> Volume);
}
