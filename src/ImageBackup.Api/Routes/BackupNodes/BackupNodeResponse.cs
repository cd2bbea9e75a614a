using ImageBackup.Api.Http;
using ImageBackup.Core.Persistence;

namespace ImageBackup.Api.Routes.BackupNodes;

/// <summary>A backup node in PowerVC's shape: <c>{"backup_node":{"registration":{…}}}</c>.</summary>
/// <param name="Registration">The registration.</param>
[Envelope("backup_node", "backup_nodes")]
internal sealed record BackupNodeResponse(BackupNodeRegistrationResponse Registration)
{
    public static BackupNodeResponse Of(BackupNodeRecord node) => new(new BackupNodeRegistrationResponse(
        node.Id,
        node.AccessIp,
        node.UserId,
        node.DisplayName,
        node.BackupNodeId,
        node.UniqueId,
        node.CosDefault,
        node.FastCompression,
        ApiJson.CinderTime(node.RegisteredAt)));
}

/// <summary>The registration of a backup node. The password is never shown.</summary>
/// <param name="Id" example="1">The number of the registration.</param>
/// <param name="AccessIp" example="127.0.0.1">The address or host name of the node.</param>
/// <param name="UserId">The user on the node; null if there is none.</param>
/// <param name="DisplayName" example="Local backup node">The display name.</param>
/// <param name="BackupNodeId" example="local">The name for backup_host and of the node's directory.</param>
/// <param name="UniqueId" example="5f:62:ac:f6:01:93:79:0f:7b:d9:9e:41:51:91:ba:af">A fingerprint, as PowerVC shows it.</param>
/// <param name="CosDefault">The bucket of exports that name no bucket; null for the service's default bucket.</param>
/// <param name="FastCompression" example="false">Whether exports to the node are always compressed. This field is ImageBackup's own.</param>
/// <param name="RegisteredAt" example="2026-11-23T16:16:33.885350">Time of the registration, UTC.</param>
internal sealed record BackupNodeRegistrationResponse(
    int Id,
    string AccessIp,
    string? UserId,
    string DisplayName,
    string BackupNodeId,
    string UniqueId,
    string? CosDefault,
    bool FastCompression,
    string RegisteredAt);
