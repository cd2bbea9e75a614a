namespace ImageBackup.Core.BackupNodes;

/// <summary>What a node is registered with.</summary>
public sealed record NodeRegistration
{
    /// <summary>Address or host name of the node.</summary>
    public required string AccessIp { get; init; }

    public string? UserId { get; init; }

    /// <summary>Kept encrypted, shown to nobody.</summary>
    public string? Password { get; init; }

    public required string DisplayName { get; init; }

    /// <summary>The bucket of exports that name none.</summary>
    public string? CosDefault { get; init; }

    /// <summary>The name for <c>backup_host</c> and of the node's directory; null to have one made.</summary>
    public string? BackupNodeId { get; init; }

    public bool FastCompression { get; init; }
}

/// <summary>What of a registration changes; null where it stays.</summary>
public sealed record NodeChange
{
    public string? AccessIp { get; init; }

    public string? UserId { get; init; }

    public string? Password { get; init; }

    public string? DisplayName { get; init; }

    /// <summary>A new bucket; an empty string takes the present one away.</summary>
    public string? CosDefault { get; init; }

    public bool? FastCompression { get; init; }
}
