using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ImageBackup.Core.Persistence;

/// <summary>A valid token of the embedded Keystone. Only its digest is stored, and nobody can log in with a digest.</summary>
public sealed class TokenRecord
{
    /// <summary>SHA-256 of the token, lower-case hex.</summary>
    public required string Hash { get; init; }

    public required string UserId { get; init; }

    /// <summary>The project of the token; null for an unscoped token.</summary>
    public string? ProjectId { get; init; }

    /// <summary>The application credential that the token came from, if any. Its roles and project limit the token.</summary>
    public string? ApplicationCredentialId { get; init; }

    /// <summary>An HMAC of the hashes of the password and of the credential's secret at the log-in. A change of either ends the token.</summary>
    public required string SecretFingerprint { get; init; }

    /// <summary>Keystone's method names, comma separated, in the order they were used.</summary>
    public required string Methods { get; init; }

    /// <summary>Identifies the token in responses and logs without revealing it.</summary>
    public required string AuditId { get; init; }

    /// <summary>The audit id of the first token, if this token was exchanged for another.</summary>
    public string? ParentAuditId { get; init; }

    /// <summary>The audit id of the token that was exchanged for this one.</summary>
    public string? ExchangedFrom { get; init; }

    public required DateTime IssuedAt { get; init; }

    public required DateTime ExpiresAt { get; init; }
}

internal sealed class TokenConfiguration : IEntityTypeConfiguration<TokenRecord>
{
    public void Configure(EntityTypeBuilder<TokenRecord> builder)
    {
        builder.ToTable("tokens");
        builder.HasKey(token => token.Hash);
        builder.Property(token => token.Hash).HasMaxLength(64);
        builder.Property(token => token.SecretFingerprint).HasMaxLength(64);
        builder.HasIndex(token => token.ExpiresAt);
        builder.HasIndex(token => token.ParentAuditId);
    }
}
