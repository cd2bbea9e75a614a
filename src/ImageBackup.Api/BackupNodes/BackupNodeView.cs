using ImageBackup.Api.Http;
using ImageBackup.Core.Persistence;

namespace ImageBackup.Api.BackupNodes;

/// <summary>A registration as PowerVC shows it, without its password; <c>fast_compression</c> is ours.</summary>
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
internal sealed record BackupNodeAnswer(BackupNodeAnswer.Envelope BackupNode)
{
    public static BackupNodeAnswer Of(BackupNodeRecord node) => new(new Envelope(BackupNodeView.Of(node)));

    internal sealed record Envelope(BackupNodeView Registration);
}
