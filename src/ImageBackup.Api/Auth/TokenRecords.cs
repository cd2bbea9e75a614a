using System.Linq.Expressions;
using ImageBackup.Core.Persistence;
using ImageBackup.Identity.Tokens;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Api.Auth;

/// <summary>Keeps the records of tokens in the service's database.</summary>
internal sealed class TokenRecords(IDbContextFactory<ImageBackupDbContext> contexts) : ITokenRecords
{
    private static readonly Expression<Func<TokenRecord, StoredToken>> Stored = token => new StoredToken(
        token.Hash,
        token.UserId,
        token.ProjectId,
        token.ApplicationCredentialId,
        token.SecretFingerprint,
        token.Methods.Split(',', StringSplitOptions.None),
        token.AuditId,
        token.ParentAuditId,
        token.ExchangedFrom,
        token.IssuedAt,
        token.ExpiresAt);

    public async Task AddAsync(StoredToken token, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        await database.Tokens.Where(old => old.ExpiresAt <= token.IssuedAt).ExecuteDeleteAsync(cancellationToken);
        database.Tokens.Add(new TokenRecord
        {
            Hash = token.Hash,
            UserId = token.UserId,
            ProjectId = token.ProjectId,
            ApplicationCredentialId = token.ApplicationCredentialId,
            SecretFingerprint = token.SecretFingerprint,
            Methods = string.Join(',', token.Methods),
            AuditId = token.AuditId,
            ParentAuditId = token.ParentAuditId,
            ExchangedFrom = token.ExchangedFrom,
            IssuedAt = token.IssuedAt,
            ExpiresAt = token.ExpiresAt,
        });
        await database.SaveChangesAsync(cancellationToken);
    }

    public async Task<StoredToken?> FindAsync(string hash, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        return await database.Tokens.Where(token => token.Hash == hash).Select(Stored).SingleOrDefaultAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<StoredToken>> FindExchangedAsync(string firstAuditId, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        return await database.Tokens.Where(token => token.ParentAuditId == firstAuditId).Select(Stored).ToListAsync(cancellationToken);
    }

    public async Task RemoveAsync(IReadOnlyCollection<string> hashes, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        await database.Tokens.Where(token => hashes.Contains(token.Hash)).ExecuteDeleteAsync(cancellationToken);
    }
}
