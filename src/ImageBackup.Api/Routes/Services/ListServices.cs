using ImageBackup.Api.Http;
using ImageBackup.Api.Routes.Volumes;
using ImageBackup.Core.Flows;
using ImageBackup.Core.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.Services;

/// <summary>GET /v3/{project_id}/os-services</summary>
internal static class ListServices
{
    public static readonly RouteParameter Host = new("host", "string", "Only the services of this host.");
    public static readonly RouteParameter Binary = new("binary", "string", "Only the services of this binary.");

    /// <summary>The services.</summary>
    /// <param name="Services">The services by binary and host.</param>
    internal sealed record ServiceListResponse(IReadOnlyList<ServiceResponse> Services);

    /// <summary>A service that runs operations, as Cinder shows it.</summary>
    /// <param name="Binary" example="cinder-backup">cinder-backup, or imagebackup-api for a process that only answers requests.</param>
    /// <param name="Host" example="powervc">The host of the service.</param>
    /// <param name="Zone" example="nova">Always nova.</param>
    /// <param name="Status" example="enabled">enabled, or disabled: the service takes no new operations.</param>
    /// <param name="State" example="up">up, or down: the service no longer reports, and other services take over its operations.</param>
    /// <param name="UpdatedAt" example="2026-11-30T12:00:00.000000">When the service last reported.</param>
    /// <param name="DisabledReason" example="null">Why the service is disabled.</param>
    internal sealed record ServiceResponse(string Binary, string Host, string Zone, string Status, string State, DateTime UpdatedAt, string? DisabledReason);

    public static async Task<Ok<ServiceListResponse>> HandleAsync(HttpContext context, WorkerStore workers, CancellationToken cancellationToken)
    {
        var services = await workers.ListAsync(context.QueryString("host"), context.QueryString("binary"), cancellationToken);
        return TypedResults.Ok(new ServiceListResponse([.. services.Select(state => Describe(state.Service, state.IsUp))]));
    }

    private static ServiceResponse Describe(ServiceRecord service, bool isUp)
        => new(service.Binary, service.Host, ListAvailabilityZones.Only, SetServiceStatus.StatusOf(service.IsDisabled), isUp ? "up" : "down", service.ReportedAt, service.DisabledReason);
}
