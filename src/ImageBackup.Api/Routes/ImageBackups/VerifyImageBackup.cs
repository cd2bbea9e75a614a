using ImageBackup.Api.Http;
using ImageBackup.Core.Operations.Verify;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.ImageBackups;

/// <summary>POST /v3/{project_id}/image-backups/{id}/verify[?force_raw=true]</summary>
internal static class VerifyImageBackup
{
    public static async Task<Accepted<Enveloped<StartedResponse>>> HandleAsync(HttpContext context, string id, VerifyPlanner planner, CancellationToken cancellationToken)
    {
        var started = await planner.StartAsync(context.Caller(), BackupIds.Parse(id), context.QueryBoolean("force_raw"), cancellationToken);
        return Enveloped.Accepted(StartedResponse.Of(context, started));
    }
}
