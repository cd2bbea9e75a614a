using ImageBackup.Identity.Tokens;
using ImageBackup.Identity.Users;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace ImageBackup.Identity.Keystone;

/// <summary>Validates tokens at a real Keystone and reuses each answer, positive or negative, for a set time.</summary>
public sealed class KeystoneTokens(KeystoneClient keystone, IOptions<KeystoneOptions> options, TimeProvider clock) : IDisposable
{
    private const int MaxEntries = 10_000;
    private readonly MemoryCache _answers = new(new MemoryCacheOptions { SizeLimit = MaxEntries });

    /// <summary>Returns what a token grants, with roles translated and implied roles added. Null if Keystone does not accept the token.</summary>
    /// <exception cref="KeystoneUnavailableException">Keystone cannot be asked.</exception>
    public async ValueTask<KeystoneToken?> FindAsync(string token, CancellationToken cancellationToken)
    {
        // The cache holds digests, so that a memory dump shows no token.
        var key = TokenStore.Digest(token);
        var now = clock.GetUtcNow();
        if (_answers.TryGetValue(key, out Answer? known) && known!.Until > now)
        {
            return known.Token;
        }

        var answer = Judge(await keystone.ValidateAsync(token, cancellationToken), now);
        if (answer.Until > now)
        {
            _answers.Set(key, answer, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = options.Value.CacheTime });
        }

        return answer.Token;
    }

    public void Dispose() => _answers.Dispose();

    private Answer Judge(KeystoneToken? token, DateTimeOffset now)
    {
        var until = now + options.Value.CacheTime;
        if (token is null || token.ExpiresAt <= now)
        {
            return new Answer(null, until);
        }

        var roles = RoleNames.WithImplied(token.Roles.Select(role => options.Value.Roles.TryGetValue(role, out var meaning) ? meaning : role));
        return new Answer(token with { Roles = roles }, token.ExpiresAt < until ? token.ExpiresAt : until);
    }

    private sealed record Answer(KeystoneToken? Token, DateTimeOffset Until);
}
