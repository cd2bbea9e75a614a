namespace ImageBackup.Core.BackupNodes;

/// <summary>A node to register.</summary>
public sealed record NodeRegistration
{
    /// <summary>The address or host name of the node.</summary>
    public required string AccessIp { get; init; }

    public string? UserId { get; init; }

    /// <summary>Stored encrypted, never shown.</summary>
    public string? Password { get; init; }

    public required string DisplayName { get; init; }

    /// <summary>The bucket of exports that name none.</summary>
    public string? CosDefault { get; init; }

    /// <summary>The name in <c>backup_host</c> and of the node's directory; null for a generated one.</summary>
    public string? BackupNodeId { get; init; }

    public bool FastCompression { get; init; }
}

/// <summary>Changes of a registration; null keeps the present value.</summary>
public sealed record NodeChange
{
    public string? AccessIp { get; init; }

    public string? UserId { get; init; }

    public string? Password { get; init; }

    public string? DisplayName { get; init; }

    /// <summary>The new bucket; an empty string removes the present one.</summary>
    public string? CosDefault { get; init; }

    public bool? FastCompression { get; init; }
}
