using ImageBackup.Api.Http;
using ImageBackup.Core.BackupNodes;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.BackupNodes;

/// <summary><c>POST /v3/{project_id}/backup-nodes</c> with <c>{"backup_nodes":{"registration":{…}}}</c>; plural in, singular out, as PowerVC has it.</summary>
internal static class RegisterBackupNode
{
    public static async Task<JsonHttpResult<BackupNodeAnswer>> HandleAsync(
        HttpContext context, BackupNodeStore nodes, CancellationToken cancellationToken)
    {
        var registration = Parse(await RegistrationBody.ReadAsync(context, cancellationToken));
        var node = await nodes.RegisterAsync(registration, cancellationToken);
        return TypedResults.Json(BackupNodeAnswer.Of(node), statusCode: StatusCodes.Status201Created);
    }

    private static NodeRegistration Parse(BodyFields body)
    {
        var registration = new NodeRegistration
        {
            AccessIp = RegistrationBody.CheckHost(body.RequiredString("access_ip")),
            UserId = body.OptionalString("user_id"),
            Password = body.OptionalSecret("password"),
            DisplayName = body.RequiredString("display_name"),
            CosDefault = body.OptionalString("cos_default", 1),
            BackupNodeId = body.OptionalString("backup_node_id", 1, 64),
            FastCompression = body.Boolean("fast_compression", absent: false),
        };
        body.RefuseUnknown();
        return registration;
    }
}
