using ImageBackup.Api.Http;
using ImageBackup.Core.Operations;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.ImageBackups;

/// <summary>PUT /v3/{project_id}/image-backups/{id}/reset_status (IBM's Table 10)</summary>
internal static class ResetStatus
{
    /// <summary>The new status.</summary>
    [Envelope("reset_status")]
    [BodyExample("Reset to error", """{"reset_status": {"status": "error"}}""")]
    internal sealed record ResetStatusRequest
    {
        /// <summary>The new status. Only error is accepted.</summary>
        /// <example>error</example>
        [AllowedWords("error")]
        public required string Status { get; init; }
    }

    public static async Task<Accepted> HandleAsync(HttpContext context, string id, Body<ResetStatusRequest> _, BackupReset reset, CancellationToken cancellationToken)
    {
        await reset.ResetAsync(context.Caller(), BackupIds.Parse(id), cancellationToken);
        return TypedResults.Accepted((string?)null);
    }
}
