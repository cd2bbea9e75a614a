using ImageBackup.Api.Http;
using ImageBackup.Core.Catalog;
using ImageBackup.Core.Persistence;

namespace ImageBackup.Api.Routes.Volumes;

/// <summary>The health of a volume, as PowerVC shows it.</summary>
/// <param name="Id" example="283332d7-a5e4-4df8-9480-08fbae18875b">The id of the volume.</param>
/// <param name="HealthValue" example="OK">OK; CRITICAL in status error; PENDING while an operation creates or deletes the volume.</param>
/// <param name="UpdatedAt" example="2026-11-23T16:16:33.885350">The time since which the volume has this health, UTC.</param>
/// <param name="ValueReason">Why the volume is not OK; null if it is.</param>
internal sealed record VolumeHealthResponse(string Id, string HealthValue, string UpdatedAt, string? ValueReason)
{
    public static VolumeHealthResponse Of(VolumeRecord volume)
    {
        var value = volume.Status switch
        {
            VolumeStatus.Available => "OK",
            VolumeStatus.Error => "CRITICAL",
            _ => "PENDING",
        };
        return new(volume.Id, value, ApiJson.CinderTime(volume.UpdatedAt ?? volume.CreatedAt), value == "OK" ? null : $"The volume is {volume.Status}.");
    }
}
