using ImageBackup.Api.Http;
using ImageBackup.Core.Catalog;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.Volumes;

/// <summary>GET /v3/{project_id}/types/{id}; the id <c>default</c> stands for the default template</summary>
internal static class ShowVolumeType
{
    public static async Task<Ok<Enveloped<VolumeTypeResponse>>> HandleAsync(string id, VolumeTypeStore types, CancellationToken cancellationToken)
        => Enveloped.Ok(VolumeTypeResponse.Of(await types.ResolveAsync(id == "default" ? null : id, cancellationToken)));
}
