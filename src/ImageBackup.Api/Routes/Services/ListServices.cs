using ImageBackup.Api.Http;
using ImageBackup.Api.Routes.Volumes;
using ImageBackup.Core.Flows;
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
    /// <param name="Version" example="1.0.0">The version of the program.</param>
    /// <param name="Nodes">The backup_node_ids whose operations the service runs; empty for all nodes.</param>
    /// <param name="RunningCount" example="1">How many operations of all projects the service runs.</param>
    /// <param name="Operations">Those of the caller's project.</param>
    internal sealed record ServiceResponse(
        string Binary, string Host, string Zone, string Status, string State, DateTime UpdatedAt, string? DisabledReason,
        string Version, IReadOnlyList<string> Nodes, int RunningCount, IReadOnlyList<ServiceOperationResponse> Operations);

    /// <summary>An operation that a service runs.</summary>
    /// <param name="Action" example="export">export, import, upload, download, verify or delete.</param>
    /// <param name="BackupId" example="1">The image backup.</param>
    /// <param name="TaskId" example="6f09caf1-0468-4101-9c4d-34d0b0690fab">The task_id, for get_progress.</param>
    internal sealed record ServiceOperationResponse(string Action, int BackupId, string TaskId);

    public static async Task<Ok<ServiceListResponse>> HandleAsync(HttpContext context, WorkerStore workers, CancellationToken cancellationToken)
    {
        var services = await workers.ListAsync(context.QueryString("host"), context.QueryString("binary"), cancellationToken);
        var projectId = context.Caller().ProjectId;
        return TypedResults.Ok(new ServiceListResponse([.. services.Select(state => Describe(state, projectId))]));
    }

    private static ServiceResponse Describe(WorkerState state, string projectId) => new(
        state.Service.Binary,
        state.Service.Host,
        ListAvailabilityZones.Only,
        SetServiceStatus.StatusOf(state.Service.IsDisabled),
        state.IsUp ? "up" : "down",
        state.Service.ReportedAt,
        state.Service.DisabledReason,
        state.Service.Version,
        state.Service.Nodes.Split(',', StringSplitOptions.RemoveEmptyEntries),
        state.Running.Count,
        [.. state.Running.Where(operation => operation.ProjectId == projectId).Select(operation => new ServiceOperationResponse(operation.Action, operation.BackupId, operation.TaskId))]);
}
