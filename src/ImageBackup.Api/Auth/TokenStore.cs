using System.Buffers.Text;
using System.Security.Cryptography;
using ImageBackup.Api.Routes.Identity;
using ImageBackup.Core.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ImageBackup.Api.Auth;

/// <summary>Issues, finds and revokes the embedded Keystone's tokens: 256 random bits each, of which the database keeps a digest.</summary>
internal sealed class TokenStore(
    IDbContextFactory<ImageBackupDbContext> contexts,
    UserDirectory directory,
    SecretFingerprints fingerprints,
    IOptions<IdentityOptions> options,
    TimeProvider clock)
{
    private const int TokenBytes = 32;
    private const int AuditBytes = 16;

    /// <summary>Issues a token for who has logged in.</summary>
    /// <returns>The token, which is nowhere else, and what it stands for.</returns>
    public async Task<(string Token, IssuedToken Issued)> IssueAsync(LoggedIn login, CancellationToken cancellationToken)
    {
        var token = RandomText(TokenBytes);
        var now = clock.GetUtcNow().UtcDateTime;
        var expires = now + options.Value.TokenLifetime;
        var record = new TokenRecord
        {
            Hash = TokenHeaders.Digest(token),
            UserId = login.User.Id,
            ProjectId = login.Project?.Id,
            ApplicationCredentialId = login.Credential?.Id,
            SecretFingerprint = fingerprints.Of(login.User, login.Credential),
            Methods = string.Join(',', login.Methods),
            AuditId = RandomText(AuditBytes),
            ParentAuditId = login.Parent?.AuditIds[^1],
            IssuedAt = now,

            // Exchanging a token makes nobody's log-in last longer.
            ExpiresAt = Earliest(expires, login.Parent?.ExpiresAt, login.Credential?.ExpiresAt),
        };
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        await database.Tokens.Where(old => old.ExpiresAt <= now).ExecuteDeleteAsync(cancellationToken);
        database.Tokens.Add(record);
        await database.SaveChangesAsync(cancellationToken);
        return (token, Describe(record) ?? throw new InvalidOperationException("A token was issued that isn't valid."));
    }

    /// <summary>What a token stands for; null where it is unknown, expired or revoked, or its user is no longer there or has another password.</summary>
    public async Task<IssuedToken?> FindAsync(string token, CancellationToken cancellationToken)
    {
        var hash = TokenHeaders.Digest(token);
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var record = await database.Tokens.AsNoTracking().SingleOrDefaultAsync(candidate => candidate.Hash == hash, cancellationToken);
        return record is null || record.ExpiresAt <= clock.GetUtcNow().UtcDateTime ? null : Describe(record);
    }

    /// <summary>Ends a token's life.</summary>
    public async Task RevokeAsync(string token, CancellationToken cancellationToken)
    {
        var hash = TokenHeaders.Digest(token);
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        await database.Tokens.Where(candidate => candidate.Hash == hash).ExecuteDeleteAsync(cancellationToken);
    }

    // Users, projects and roles are those of now, not those of the log-in: who was taken out of the settings is out.
    private IssuedToken? Describe(TokenRecord record)
    {
        if (directory.FindUser(record.UserId) is not { } user)
        {
            return null;
        }

        var project = record.ProjectId is null ? null : user.Projects.FirstOrDefault(candidate => candidate.Id == record.ProjectId);
        var credential = record.ApplicationCredentialId is null ? null : directory.FindCredential(record.ApplicationCredentialId);
        if ((record.ProjectId is not null && project is null) || (record.ApplicationCredentialId is not null && !IsGood(credential, user, project)))
        {
            return null;
        }

        // Who changes a password wants the tokens gone that the old one gave, as in Keystone.
        if (record.SecretFingerprint != fingerprints.Of(user, credential))
        {
            return null;
        }

        IReadOnlyList<string> roles = project is null ? [] : credential?.Roles ?? user.Roles[project];
        IReadOnlyList<string> auditIds = record.ParentAuditId is null ? [record.AuditId] : [record.AuditId, record.ParentAuditId];
        return new IssuedToken(user, project, roles, credential, record.Methods.Split(','), auditIds, record.IssuedAt, record.ExpiresAt);
    }

    private bool IsGood(ApplicationCredential? credential, IdentityUser user, IdentityProject? project)
        => credential is not null && credential.User == user && credential.Project == project && !(credential.ExpiresAt <= clock.GetUtcNow().UtcDateTime);

    private static DateTime Earliest(DateTime time, params ReadOnlySpan<DateTime?> others)
    {
        foreach (var other in others)
        {
            time = other < time ? other.Value : time;
        }

        return time;
    }

    private static string RandomText(int bytes) => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(bytes));
}
