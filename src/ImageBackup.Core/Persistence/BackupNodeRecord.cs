namespace ImageBackup.Core.Persistence;

/// <summary>A registered backup node. Its files are in the directory <c>backup-nodes/&lt;backup_node_id&gt;</c>.</summary>
public sealed class BackupNodeRecord
{
    public int Id { get; init; }

    public required string AccessIp { get; set; }

    public string? UserId { get; set; }

    /// <summary>Encrypted by Data Protection. Responses never contain it.</summary>
    public string? ProtectedPassword { get; set; }

    public required string DisplayName { get; set; }

    /// <summary>The value of <c>backup_host</c> in requests, such as <c>local</c>, and the name of the directory.</summary>
    public required string BackupNodeId { get; init; }

    /// <summary>Colon-separated hex, unique for the node.</summary>
    public required string UniqueId { get; init; }

    /// <summary>The bucket for exports that name none.</summary>
    public string? CosDefault { get; set; }

    /// <summary>The node's <c>--fast-compression</c>. True compresses every export to the node.</summary>
    public bool FastCompression { get; set; }

    public required DateTime RegisteredAt { get; init; }
}
