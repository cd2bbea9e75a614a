using ImageBackup.Identity.Tokens;
using ImageBackup.Identity.Users;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace ImageBackup.Identity.Tests;

/// <summary>The embedded Keystone without HTTP and without a database.</summary>
internal sealed class EmbeddedKeystone : ITokenRecords, IDisposable
{
    public const string ProjectId = "40a58846608e4e908c43b547d4dfb58c";
    private readonly DirectoryInfo _keys = Directory.CreateTempSubdirectory("imagebackup-identity");
    private readonly Dictionary<string, StoredToken> _records = [];

    public EmbeddedKeystone(params UserSettings[] users)
    {
        var options = new IdentityOptions { Users = users };
        var directory = new UserDirectory(options, ProjectId);
        Tokens = new TokenStore(this, directory, SecretFingerprints.InFile(Path.Combine(_keys.FullName, "token-fingerprints.key")), Options.Create(options), Clock);
        LogIns = new LogIns(directory, Tokens, new LogInThrottle(Clock), Clock, NullLogger<LogIns>.Instance);
    }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));

    public TokenStore Tokens { get; }

    public LogIns LogIns { get; }

    public IReadOnlyCollection<StoredToken> Records => _records.Values;

    /// <summary>A log-in by password to the default project.</summary>
    public static LogInCommand ByPassword(string user, string password) => new(
        ["password"],
        new PasswordClaim(new UserClaim(null, user, InDefaultDomain: true), password),
        Token: null,
        Credential: null,
        new ProjectClaim(ProjectId, null, InDefaultDomain: true),
        IsOtherScope: false);

    public Task<LoggedIn> LogInAsync(LogInCommand command, string network = "192.0.2.1")
        => LogIns.CheckAsync(command, new LogInOrigin(null, network), CancellationToken.None);

    /// <summary>Exchanges a token for another.</summary>
    public async Task<string> ExchangeAsync(string token)
        => (await Tokens.IssueAsync(await LogInAsync(ByPassword("", "") with { Methods = ["token"], Password = null, Token = token }), CancellationToken.None)).Token;

    public Task AddAsync(StoredToken token, CancellationToken cancellationToken)
    {
        _records.Add(token.Hash, token);
        return Task.CompletedTask;
    }

    public Task<StoredToken?> FindAsync(string hash, CancellationToken cancellationToken) => Task.FromResult(_records.GetValueOrDefault(hash));

    public Task<IReadOnlyList<StoredToken>> FindExchangedAsync(string firstAuditId, CancellationToken cancellationToken)
        => Task.FromResult<IReadOnlyList<StoredToken>>([.. _records.Values.Where(record => record.ParentAuditId == firstAuditId)]);

    public Task RemoveAsync(IReadOnlyCollection<string> hashes, CancellationToken cancellationToken)
    {
        foreach (var hash in hashes)
        {
            _records.Remove(hash);
        }

        return Task.CompletedTask;
    }

    public void Dispose() => _keys.Delete(recursive: true);
}
