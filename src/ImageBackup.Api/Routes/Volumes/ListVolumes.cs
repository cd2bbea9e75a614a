using ImageBackup.Api.Http;
using ImageBackup.Core.Catalog;
using ImageBackup.Core.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.Volumes;

/// <summary>GET /v3/{project_id}/volumes and /v3/{project_id}/volumes/detail</summary>
internal static class ListVolumes
{
    public static readonly RouteParameter[] Parameters =
    [
        .. RouteParameter.List,
        new("status", "string", "Only volumes with this status, such as available."),
        new("bootable", "boolean", "Only volumes that an image boots from."),
    ];

    /// <summary>A volume in a plain list.</summary>
    /// <param name="Id" example="283332d7-a5e4-4df8-9480-08fbae18875b">The id.</param>
    /// <param name="Name" example="data">The display name; null if there is none.</param>
    /// <param name="Links">The address of the volume, with and without the version.</param>
    [Envelope("volume", "volumes")]
    internal sealed record VolumeSummaryResponse(string Id, string? Name, IReadOnlyList<Link> Links);

    public static async Task<Ok<ListResponse<VolumeSummaryResponse>>> HandleAsync(HttpContext context, VolumeStore volumes, CancellationToken cancellationToken)
    {
        var page = await ReadAsync(context, volumes, cancellationToken);
        return ListResponse.Ok(context, page, volume => new VolumeSummaryResponse(volume.Id, volume.Name, context.ItemLinks("volumes", volume.Id)), volume => volume.Id);
    }

    public static async Task<Ok<ListResponse<VolumeResponse>>> HandleDetailAsync(
        HttpContext context, VolumeStore volumes, VolumeTypeStore types, CancellationToken cancellationToken)
    {
        var page = await ReadAsync(context, volumes, cancellationToken);
        var names = await types.NamesAsync(cancellationToken);
        return ListResponse.Ok(context, page, volume => VolumeResponse.Of(context, volume, names), volume => volume.Id);
    }

    private static Task<Page<VolumeRecord>> ReadAsync(HttpContext context, VolumeStore volumes, CancellationToken cancellationToken)
    {
        var filter = new VolumeFilter(context.QueryString("name"), context.QueryString("status"), context.OptionalQueryBoolean("bootable"));
        return volumes.ListAsync(context.Caller(), filter, context.QueryPage(), cancellationToken);
    }
}
