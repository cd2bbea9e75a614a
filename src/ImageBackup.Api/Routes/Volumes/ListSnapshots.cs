using ImageBackup.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.Volumes;

/// <summary>GET /v3/{project_id}/snapshots and /v3/{project_id}/snapshots/detail: the service has no snapshots of volumes</summary>
internal static class ListSnapshots
{
    /// <summary>A snapshot of a volume. There are none.</summary>
    /// <param name="Id" example="283332d7-a5e4-4df8-9480-08fbae18875b">The id.</param>
    [Envelope("snapshot", "snapshots")]
    internal sealed record SnapshotResponse(string Id);

    public static Ok<ListResponse<SnapshotResponse>> Handle() => TypedResults.Ok(new ListResponse<SnapshotResponse>([]));
}
