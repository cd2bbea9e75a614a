namespace ImageBackup.Core.Persistence;

/// <summary>One registered backup node. Its directory is <c>backup-nodes/&lt;backup_node_id&gt;</c>.</summary>
public sealed class BackupNodeRecord
{
    public int Id { get; init; }

    public required string AccessIp { get; set; }

    public string? UserId { get; set; }

    /// <summary>Encrypted by Data Protection. No answer contains it.</summary>
    public string? ProtectedPassword { get; set; }

    public required string DisplayName { get; set; }

    /// <summary>The value for <c>backup_host</c>, such as <c>local</c> or <c>vm-xxx</c>, and the name of the directory.</summary>
    public required string BackupNodeId { get; init; }

    /// <summary>Colon-separated hex, unique for the node.</summary>
    public required string UniqueId { get; init; }

    /// <summary>The bucket of exports that name none.</summary>
    public string? CosDefault { get; set; }

    /// <summary>The node's <c>--fast-compression</c>: if true, every export to the node is compressed with <c>Fast</c>.</summary>
    public bool FastCompression { get; set; }

    public required DateTime RegisteredAt { get; init; }
}
