namespace ImageBackup.Identity.Tokens;

/// <summary>Keeps the records of issued tokens across restarts.</summary>
public interface ITokenRecords
{
    /// <summary>Adds a record and removes the records that expired before it was issued.</summary>
    Task AddAsync(StoredToken token, CancellationToken cancellationToken);

    /// <summary>Returns the record of a token, or null if it is unknown.</summary>
    Task<StoredToken?> FindAsync(string hash, CancellationToken cancellationToken);

    /// <summary>Returns the records of all tokens that were exchanged, directly or in several steps, for the token with this audit id.</summary>
    Task<IReadOnlyList<StoredToken>> FindExchangedAsync(string firstAuditId, CancellationToken cancellationToken);

    /// <summary>Removes the records of tokens.</summary>
    Task RemoveAsync(IReadOnlyCollection<string> hashes, CancellationToken cancellationToken);
}

/// <summary>The record of a token.</summary>
/// <param name="Hash">The digest of the token (<see cref="TokenStore.Digest"/>). The token itself is never stored.</param>
/// <param name="SecretFingerprint">What <see cref="SecretFingerprints"/> returned at the log-in.</param>
/// <param name="ParentAuditId">The audit id of the token at the start of the exchange. Null if the token was not exchanged.</param>
/// <param name="ExchangedFrom">The audit id of the token that was exchanged for this one. Null if the token was not exchanged.</param>
public sealed record StoredToken(
    string Hash,
    string UserId,
    string? ProjectId,
    string? ApplicationCredentialId,
    string SecretFingerprint,
    IReadOnlyList<string> Methods,
    string AuditId,
    string? ParentAuditId,
    string? ExchangedFrom,
    DateTime IssuedAt,
    DateTime ExpiresAt);
