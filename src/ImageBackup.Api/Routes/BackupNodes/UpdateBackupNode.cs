using ImageBackup.Api.Http;
using ImageBackup.Core.BackupNodes;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.BackupNodes;

/// <summary><c>PUT /v3/{project_id}/backup-nodes/{id}</c>; what is left out stays. The id and the <c>backup_node_id</c> never change: directories are named by it.</summary>
internal static class UpdateBackupNode
{
    public static async Task<JsonHttpResult<BackupNodeAnswer>> HandleAsync(
        string id, HttpContext context, BackupNodeStore nodes, CancellationToken cancellationToken)
    {
        var change = Parse(await RegistrationBody.ReadAsync(context, cancellationToken));
        return TypedResults.Json(BackupNodeAnswer.Of(await nodes.UpdateAsync(id, change, cancellationToken)));
    }

    private static NodeChange Parse(BodyFields body)
    {
        var change = new NodeChange
        {
            AccessIp = body.OptionalString("access_ip", 1) is { } accessIp ? RegistrationBody.CheckHost(accessIp) : null,
            UserId = body.OptionalString("user_id"),
            Password = body.OptionalSecret("password"),
            DisplayName = body.OptionalString("display_name", 1),
            CosDefault = body.Has("cos_default") ? body.OptionalString("cos_default") ?? "" : null,
            FastCompression = body.OptionalBoolean("fast_compression"),
        };
        body.RefuseUnknown();
        return change;
    }
}
