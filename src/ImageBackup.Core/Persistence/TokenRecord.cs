using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ImageBackup.Core.Persistence;

/// <summary>One token of the embedded Keystone that is valid. The token itself is nowhere: only its digest, which nobody can log in with.</summary>
public sealed class TokenRecord
{
    /// <summary>SHA-256 of the token, lower-case hex.</summary>
    public required string Hash { get; init; }

    public required string UserId { get; init; }

    /// <summary>The project the token is scoped to; null for an unscoped one.</summary>
    public string? ProjectId { get; init; }

    /// <summary>Set where the token came of an application credential, whose roles and project bound it.</summary>
    public string? ApplicationCredentialId { get; init; }

    /// <summary>An HMAC of the hashes of the password and of the credential's secret at the log-in: other ones end the token.</summary>
    public required string SecretFingerprint { get; init; }

    /// <summary>Keystone's method names, comma separated, in the order they were used.</summary>
    public required string Methods { get; init; }

    /// <summary>Names the token in answers and logs without giving it away.</summary>
    public required string AuditId { get; init; }

    /// <summary>The audit id of the token at the start of the chain, where this one was exchanged for another.</summary>
    public string? ParentAuditId { get; init; }

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
    }
}
