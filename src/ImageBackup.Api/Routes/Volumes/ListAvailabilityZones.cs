using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.Volumes;

/// <summary>GET /v3/{project_id}/os-availability-zone</summary>
internal static class ListAvailabilityZones
{
    /// <summary>The name of the only zone.</summary>
    public const string Only = "nova";

    /// <summary>The zones for volumes.</summary>
    /// <param name="Zones">The only zone.</param>
    internal sealed record AvailabilityZonesResponse([property: JsonPropertyName("availabilityZoneInfo")] IReadOnlyList<AvailabilityZoneResponse> Zones);

    /// <summary>A zone.</summary>
    /// <param name="Name" example="nova">Always nova.</param>
    /// <param name="State">Whether the zone is available.</param>
    internal sealed record AvailabilityZoneResponse(
        [property: JsonPropertyName("zoneName")] string Name,
        [property: JsonPropertyName("zoneState")] AvailabilityZoneState State);

    /// <summary>Whether a zone is available.</summary>
    /// <param name="Available" example="true">Always true.</param>
    internal sealed record AvailabilityZoneState(bool Available);

    public static Ok<AvailabilityZonesResponse> Handle() => TypedResults.Ok(new AvailabilityZonesResponse([new(Only, new(true))]));
}
