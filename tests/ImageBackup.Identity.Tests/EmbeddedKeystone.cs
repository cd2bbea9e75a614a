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
        Tokens = new TokenStore(this, directory, new SecretFingerprints(_keys.FullName), Options.Create(options), Clock);
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

    public Task<LoggedIn> LogInAsync(LogInCommand command)
        => LogIns.CheckAsync(command, new LogInOrigin(null, "192.0.2.1"), CancellationToken.None);

    public Task AddAsync(StoredToken token, CancellationToken cancellationToken)
    {
        _records.Add(token.Hash, token);
        return Task.CompletedTask;
    }

    public Task<StoredToken?> FindAsync(string hash, CancellationToken cancellationToken) => Task.FromResult(_records.GetValueOrDefault(hash));

    public Task RemoveAsync(string hash, CancellationToken cancellationToken)
    {
        _records.Remove(hash);
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        LogIns.Dispose();
        _keys.Delete(recursive: true);
    }
}
