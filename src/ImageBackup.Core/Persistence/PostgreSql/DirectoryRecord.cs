namespace ImageBackup.Core.Persistence.PostgreSql;

/// <summary>A directory that machines mount, and the marker in it that says whose directory it is.</summary>
public sealed class DirectoryRecord
{
    /// <summary>The primary key: the path below the data directory, <c>volumes</c> or <c>backup-nodes/&lt;backup_node_id&gt;</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The content of the marker file, random.</summary>
    public required string Marker { get; init; }
}
