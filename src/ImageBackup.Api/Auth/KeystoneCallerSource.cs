using ImageBackup.Api.Http;
using ImageBackup.Core.Access;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace ImageBackup.Api.Auth;

/// <summary><c>Auth:Mode Keystone</c>: a real Keystone says who it is; what it said, yes or no, counts for a short, set time.</summary>
internal sealed class KeystoneCallerSource(KeystoneClient keystone, IOptions<KeystoneOptions> options, TimeProvider clock) : ICallerSource, IDisposable
{
    private const int MaxEntries = 10_000;
    private readonly MemoryCache _answers = new(new MemoryCacheOptions { SizeLimit = MaxEntries });

    public async ValueTask<Caller?> FindAsync(HttpContext context, CancellationToken cancellationToken)
    {
        if (TokenHeaders.Read(context, TokenHeaders.Auth) is not { } token)
        {
            return null;
        }

        // By digest: a dump of the memory shows nobody's token here.
        var key = TokenHeaders.Digest(token);
        var now = clock.GetUtcNow();
        if (_answers.TryGetValue(key, out Answer? known) && known!.Until > now)
        {
            return known.Caller;
        }

        var answer = Judge(await keystone.ValidateAsync(token, cancellationToken), now);
        if (answer.Until > now)
        {
            _answers.Set(key, answer, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = options.Value.CacheTime });
        }

        return answer.Caller;
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
        return new Answer(new Caller(token.ProjectId ?? "", token.UserId, roles, false), token.ExpiresAt < until ? token.ExpiresAt : until);
    }

    private sealed record Answer(Caller? Caller, DateTimeOffset Until);
}
