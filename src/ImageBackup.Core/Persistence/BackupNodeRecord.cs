namespace ImageBackup.Core.Persistence;

/// <summary>One registered backup node; its directory <c>backup-nodes/&lt;backup_node_id&gt;</c> is what the node sees.</summary>
public sealed class BackupNodeRecord
{
    public int Id { get; init; }

    public required string AccessIp { get; set; }

    public string? UserId { get; set; }

    /// <summary>Encrypted by Data Protection; never shown.</summary>
    public string? ProtectedPassword { get; set; }

    public required string DisplayName { get; set; }

    /// <summary>What <c>backup_host</c> names, such as <c>local</c> or <c>vm-xxx</c>; also the directory's name.</summary>
    public required string BackupNodeId { get; init; }

    /// <summary>Colon-separated hex, unique for the node.</summary>
    public required string UniqueId { get; init; }

    /// <summary>Name of the bucket used where an export names none.</summary>
    public string? CosDefault { get; set; }

    /// <summary>The node's <c>--fast-compression</c>: on, every export is compressed, pigz-style.</summary>
    public bool FastCompression { get; set; }

    public required DateTime RegisteredAt { get; init; }
}
