using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using ImageBackup.Identity.Users;
using Microsoft.Extensions.Options;

namespace ImageBackup.Identity.Tokens;

/// <summary>Issues, finds and revokes the tokens of the embedded Keystone. A token has 256 random bits, of which only a digest is stored.</summary>
public sealed class TokenStore(
    ITokenRecords records, UserDirectory directory, SecretFingerprints fingerprints, IOptions<IdentityOptions> options, TimeProvider clock)
{
    private const int TokenBytes = 32;
    private const int AuditBytes = 16;

    /// <summary>Number of valid tokens that one log-in may be exchanged for.</summary>
    public const int MaxExchanged = 100;

    /// <summary>Returns SHA-256 in lower-case hex. Look-ups by digest take a time that tells nothing about tokens.</summary>
    public static string Digest(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    /// <summary>Issues a token for a log-in. The caller gets the only copy of it.</summary>
    /// <exception cref="LogInRefusedException">The log-in was exchanged for <see cref="MaxExchanged"/> tokens already.</exception>
    public async Task<(string Token, IssuedToken Issued)> IssueAsync(LoggedIn login, CancellationToken cancellationToken)
    {
        if (login.Parent is { } parent && (await records.FindExchangedAsync(parent.AuditIds[^1], cancellationToken)).Count >= MaxExchanged)
        {
            throw new LogInRefusedException($"This log-in was exchanged for {MaxExchanged} tokens. Log in again, or revoke some of them.");
        }

        var token = RandomText(TokenBytes);
        var now = clock.GetUtcNow().UtcDateTime;
        var expires = now + options.Value.TokenLifetime;

        // An exchange never extends a log-in.
        DateTime?[] limits = [expires, login.Parent?.ExpiresAt, login.Credential?.ExpiresAt];
        var record = new StoredToken(
            Digest(token),
            login.User.Id,
            login.Project?.Id,
            login.Credential?.Id,
            fingerprints.Of(login.User, login.Credential),
            login.Methods,
            RandomText(AuditBytes),
            login.Parent?.AuditIds[^1],
            login.Parent?.AuditIds[0],
            now,
            limits.Min()!.Value);
        await records.AddAsync(record, cancellationToken);
        return (token, Describe(record) ?? throw new InvalidOperationException("The token that was just issued is invalid."));
    }

    /// <summary>Returns what a token grants. Null if the token is unknown, expired or revoked, or if its user or secret has changed.</summary>
    public async Task<IssuedToken?> FindAsync(string token, CancellationToken cancellationToken)
    {
        var record = await records.FindAsync(Digest(token), cancellationToken);
        return record is null || record.ExpiresAt <= clock.GetUtcNow().UtcDateTime ? null : Describe(record);
    }

    /// <summary>Revokes a token and the tokens that it was exchanged for.</summary>
    public async Task RevokeAsync(string token, CancellationToken cancellationToken)
    {
        if (await records.FindAsync(Digest(token), cancellationToken) is not { } record)
        {
            return;
        }

        var exchanged = await records.FindExchangedAsync(record.ParentAuditId ?? record.AuditId, cancellationToken);
        List<StoredToken> revoked = [record];
        for (var i = 0; i < revoked.Count; i++)
        {
            revoked.AddRange(exchanged.Where(candidate => candidate.ExchangedFrom == revoked[i].AuditId));
        }

        await records.RemoveAsync([.. revoked.Select(candidate => candidate.Hash)], cancellationToken);
    }

    // Users, projects and roles are the present ones: removing a user from the settings ends the user's tokens.
    private IssuedToken? Describe(StoredToken record)
    {
        if (directory.FindUser(record.UserId) is not { } user)
        {
            return null;
        }

        var project = user.Projects.FirstOrDefault(candidate => candidate.Id == record.ProjectId);
        var credential = record.ApplicationCredentialId is null ? null : directory.FindCredential(record.ApplicationCredentialId);
        if ((record.ProjectId is not null && project is null) || (record.ApplicationCredentialId is not null && !IsValid(credential, user, project)))
        {
            return null;
        }

        // A changed password ends the tokens that the old one gave, as in Keystone.
        if (record.SecretFingerprint != fingerprints.Of(user, credential))
        {
            return null;
        }

        IReadOnlyList<string> roles = project is null ? [] : credential?.Roles ?? user.Roles[project];
        IReadOnlyList<string> auditIds = record.ParentAuditId is null ? [record.AuditId] : [record.AuditId, record.ParentAuditId];
        return new IssuedToken(user, project, roles, credential, record.Methods, auditIds, record.IssuedAt, record.ExpiresAt);
    }

    private bool IsValid(ApplicationCredential? credential, IdentityUser user, IdentityProject? project)
        => credential is not null && credential.User == user && credential.Project == project && !(credential.ExpiresAt <= clock.GetUtcNow().UtcDateTime);

    private static string RandomText(int bytes) => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(bytes));
}
