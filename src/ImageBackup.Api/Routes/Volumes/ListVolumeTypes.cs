using ImageBackup.Api.Http;
using ImageBackup.Core.Catalog;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.Volumes;

/// <summary><c>GET /v3/{project_id}/types</c></summary>
internal static class ListVolumeTypes
{
    public static async Task<JsonHttpResult<Dictionary<string, object>>> HandleAsync(
        HttpContext context, VolumeTypeStore types, CancellationToken cancellationToken)
    {
        // Every template is public; is_public=None, which clients send for all of them, narrows nothing.
        var page = await types.ListAsync(context.QueryPage(), cancellationToken);
        return ListAnswer.For(context, "volume_types", page, VolumeTypeView.Of, type => type.Id);
    }
}
