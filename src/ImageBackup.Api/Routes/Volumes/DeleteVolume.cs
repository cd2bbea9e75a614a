using ImageBackup.Api.Http;
using ImageBackup.Core.Catalog;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.Volumes;

/// <summary>DELETE /v3/{project_id}/volumes/{id}</summary>
internal static class DeleteVolume
{
    public static async Task<Accepted> HandleAsync(string id, HttpContext context, VolumeStore volumes, CancellationToken cancellationToken)
    {
        await volumes.DeleteAsync(context.Caller(), id, cancellationToken);
        return TypedResults.Accepted((string?)null);
    }
}
