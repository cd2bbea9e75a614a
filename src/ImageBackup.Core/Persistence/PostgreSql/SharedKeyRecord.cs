namespace ImageBackup.Core.Persistence.PostgreSql;

/// <summary>A key that all processes share, encrypted with <c>Cluster:Secret</c>.</summary>
public sealed class SharedKeyRecord
{
    /// <summary>The primary key: <c>token-fingerprints</c>, or the name of a Data Protection key.</summary>
    public required string Name { get; init; }

    /// <summary>Nonce, ciphertext and tag of AES-256-GCM.</summary>
    public required byte[] Protected { get; init; }

    public required DateTime CreatedAt { get; init; }
}
