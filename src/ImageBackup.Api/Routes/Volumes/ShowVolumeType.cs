using ImageBackup.Core.Catalog;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.Volumes;

/// <summary><c>GET /v3/{project_id}/types/{id}</c>; <c>default</c> is the default template.</summary>
internal static class ShowVolumeType
{
    public static async Task<JsonHttpResult<Response>> HandleAsync(string id, VolumeTypeStore types, CancellationToken cancellationToken)
    {
        var type = await types.ResolveAsync(id == "default" ? null : id, cancellationToken);
        return TypedResults.Json(new Response(VolumeTypeView.Of(type)));
    }

    /// <param name="VolumeType">The storage template.</param>
    internal sealed record Response(VolumeTypeView VolumeType);
}
