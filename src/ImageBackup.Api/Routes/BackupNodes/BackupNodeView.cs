using ImageBackup.Api.Http;
using ImageBackup.Core.Persistence;

namespace ImageBackup.Api.Routes.BackupNodes;

/// <summary>A registration as PowerVC shows it, without its password; <c>fast_compression</c> is ours.</summary>
/// <param name="Id" example="1">The number of the registration.</param>
/// <param name="AccessIp" example="127.0.0.1">Address or host name.</param>
/// <param name="UserId">The user there; null where none was named.</param>
/// <param name="DisplayName" example="Local backup node">The name for people.</param>
/// <param name="BackupNodeId" example="local">The name for backup_host and of the directory.</param>
/// <param name="UniqueId" example="5f:62:ac:f6:01:93:79:0f:7b:d9:9e:41:51:91:ba:af">A fingerprint, as PowerVC shows one.</param>
/// <param name="CosDefault">The bucket of exports that name none; null for the default of the service.</param>
/// <param name="FastCompression" example="false">Whether exports to the node are always compressed.</param>
/// <param name="RegisteredAt" example="2026-11-23T16:16:33.885350">When it was registered, UTC.</param>
internal sealed record BackupNodeView(
    int Id,
    string AccessIp,
    string? UserId,
    string DisplayName,
    string BackupNodeId,
    string UniqueId,
    string? CosDefault,
    bool FastCompression,
    string RegisteredAt)
{
    public static BackupNodeView Of(BackupNodeRecord node) => new(
        node.Id,
        node.AccessIp,
        node.UserId,
        node.DisplayName,
        node.BackupNodeId,
        node.UniqueId,
        node.CosDefault,
        node.FastCompression,
        ApiJson.CinderTime(node.RegisteredAt));
}

/// <summary><c>{"backup_node":{"registration":{…}}}</c></summary>
/// <param name="BackupNode">The node.</param>
internal sealed record BackupNodeAnswer(BackupNodeAnswer.Envelope BackupNode)
{
    public static BackupNodeAnswer Of(BackupNodeRecord node) => new(new Envelope(BackupNodeView.Of(node)));

    /// <param name="Registration">The registration.</param>
    internal sealed record Envelope(BackupNodeView Registration);
}
