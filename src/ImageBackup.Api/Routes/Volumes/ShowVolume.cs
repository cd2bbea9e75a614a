using ImageBackup.Api.Http;
using ImageBackup.Core.Catalog;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.Volumes;

/// <summary>GET /v3/{project_id}/volumes/{id}</summary>
internal static class ShowVolume
{
    public static async Task<Ok<Enveloped<VolumeResponse>>> HandleAsync(
        string id, HttpContext context, VolumeStore volumes, VolumeTypeStore types, CancellationToken cancellationToken)
    {
        var volume = await volumes.GetAsync(context.Caller(), id, cancellationToken);
        return Enveloped.Ok(VolumeResponse.Of(context, volume, await types.NamesAsync(cancellationToken)));
    }
}
