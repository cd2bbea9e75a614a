using ImageBackup.Api.Http;
using ImageBackup.Core.Catalog;
using ImageBackup.Core.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.Volumes;

/// <summary><c>GET /v3/{project_id}/volumes</c> and <c>/volumes/detail</c></summary>
internal static class ListVolumes
{
    public static async Task<JsonHttpResult<Dictionary<string, object>>> HandleAsync(
        HttpContext context, VolumeStore volumes, CancellationToken cancellationToken)
    {
        var page = await ReadAsync(context, volumes, cancellationToken);
        return ListAnswer.For(context, "volumes", page, volume => VolumeView.Summary(context, volume), volume => volume.Id);
    }

    public static async Task<JsonHttpResult<Dictionary<string, object>>> HandleDetailAsync(
        HttpContext context, VolumeStore volumes, VolumeTypeStore types, CancellationToken cancellationToken)
    {
        var page = await ReadAsync(context, volumes, cancellationToken);
        var names = await types.NamesAsync(cancellationToken);
        return ListAnswer.For(context, "volumes", page, volume => VolumeView.Full(context, volume, names), volume => volume.Id);
    }

    private static Task<Page<VolumeRecord>> ReadAsync(HttpContext context, VolumeStore volumes, CancellationToken cancellationToken)
    {
        var filter = new VolumeFilter(context.QueryString("name"), context.QueryString("status"), context.OptionalQueryBoolean("bootable"));
        return volumes.ListAsync(context.Caller(), filter, context.QueryPage(), cancellationToken);
    }
}
