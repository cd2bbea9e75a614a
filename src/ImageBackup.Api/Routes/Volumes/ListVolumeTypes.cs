using ImageBackup.Api.Http;
using ImageBackup.Core.Catalog;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.Volumes;

/// <summary>GET /v3/{project_id}/types</summary>
internal static class ListVolumeTypes
{
    public static async Task<Ok<ListResponse<VolumeTypeResponse>>> HandleAsync(HttpContext context, VolumeTypeStore types, CancellationToken cancellationToken)
    {
        // Every template is public, so is_public=None, which clients send to list all of them, filters nothing.
        var page = await types.ListAsync(context.QueryPage(), cancellationToken);
        return ListResponse.Ok(context, page, VolumeTypeResponse.Of, type => type.Id);
    }
}
