using ImageBackup.Api.Http;
using ImageBackup.Core.Operations.Retry;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.ImageBackups;

/// <summary>POST /v3/{project_id}/image-backups/{id}/retry</summary>
internal static class RetryImageBackup
{
    public static async Task<Accepted<Enveloped<StartedResponse>>> HandleAsync(HttpContext context, string id, RetryPlanner planner, CancellationToken cancellationToken)
    {
        var started = await planner.StartAsync(context.Caller(), BackupIds.Parse(id), cancellationToken);
        return Enveloped.Accepted(StartedResponse.Of(context, started));
    }
}
