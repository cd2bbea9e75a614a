using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using ImageBackup.Api.Http;
using ImageBackup.Core.Flows;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.Services;

/// <summary>PUT /v3/{project_id}/os-services/enable, /disable and /disable-log-reason</summary>
internal static class SetServiceStatus
{
    /// <summary>The service to change.</summary>
    [BodyExample("A service", """{"binary": "cinder-backup", "host": "powervc"}""")]
    internal sealed record ServiceStatusRequest
    {
        /// <summary>The host of the service.</summary>
        /// <example>powervc</example>
        [Required]
        [StringLength(255, MinimumLength = 1)]
        public required string Host { get; init; }

        /// <summary>The binary of the service.</summary>
        /// <example>cinder-backup</example>
        [Required]
        [StringLength(255, MinimumLength = 1)]
        public required string Binary { get; init; }
    }

    /// <summary>The service to disable, and why.</summary>
    [BodyExample("A service that needs maintenance", """{"binary": "cinder-backup", "host": "powervc", "disabled_reason": "maintenance"}""")]
    internal sealed record DisabledServiceRequest
    {
        /// <summary>The host of the service.</summary>
        /// <example>powervc</example>
        [Required]
        [StringLength(255, MinimumLength = 1)]
        public required string Host { get; init; }

        /// <summary>The binary of the service.</summary>
        /// <example>cinder-backup</example>
        [Required]
        [StringLength(255, MinimumLength = 1)]
        public required string Binary { get; init; }

        /// <summary>Why the service is disabled.</summary>
        /// <example>maintenance</example>
        [Required]
        [StringLength(255, MinimumLength = 1)]
        public required string DisabledReason { get; init; }
    }

    /// <summary>The changed service.</summary>
    /// <param name="Host" example="powervc">The host of the service.</param>
    /// <param name="Service" example="cinder-backup">The binary of the service.</param>
    /// <param name="Binary" example="cinder-backup">The binary of the service.</param>
    /// <param name="Disabled" example="true">Whether the service takes no new operations.</param>
    /// <param name="Status" example="disabled">enabled or disabled.</param>
    /// <param name="DisabledReason" example="maintenance">Why the service is disabled; left out without a reason.</param>
    internal sealed record ServiceStatusResponse(
        string Host, string Service, string Binary, bool Disabled, string Status, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? DisabledReason);

    public static Task<Ok<ServiceStatusResponse>> EnableAsync(Body<ServiceStatusRequest> body, WorkerStore workers, CancellationToken cancellationToken)
        => SetAsync(workers, body.Value.Host, body.Value.Binary, isDisabled: false, null, cancellationToken);

    public static Task<Ok<ServiceStatusResponse>> DisableAsync(Body<ServiceStatusRequest> body, WorkerStore workers, CancellationToken cancellationToken)
        => SetAsync(workers, body.Value.Host, body.Value.Binary, isDisabled: true, null, cancellationToken);

    public static Task<Ok<ServiceStatusResponse>> DisableWithReasonAsync(Body<DisabledServiceRequest> body, WorkerStore workers, CancellationToken cancellationToken)
        => SetAsync(workers, body.Value.Host, body.Value.Binary, isDisabled: true, body.Value.DisabledReason, cancellationToken);

    /// <summary>Returns Cinder's word.</summary>
    public static string StatusOf(bool isDisabled) => isDisabled ? "disabled" : "enabled";

    private static async Task<Ok<ServiceStatusResponse>> SetAsync(WorkerStore workers, string host, string binary, bool isDisabled, string? reason, CancellationToken cancellationToken)
    {
        await workers.SetDisabledAsync(host, binary, isDisabled, reason, cancellationToken);
        return TypedResults.Ok(new ServiceStatusResponse(host, binary, binary, isDisabled, StatusOf(isDisabled), reason));
    }
}
