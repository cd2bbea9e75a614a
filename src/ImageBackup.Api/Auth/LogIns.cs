using System.Net;
using ImageBackup.Api.Http;
using ImageBackup.Api.Routes.Identity;

namespace ImageBackup.Api.Auth;

/// <summary>Who has proved to be whom, and what their token is to be for.</summary>
/// <param name="Parent">The token that was exchanged, where one was.</param>
internal sealed record LoggedIn(
    IdentityUser User,
    IdentityProject? Project,
    ApplicationCredential? Credential,
    IReadOnlyList<string> Methods,
    IssuedToken? Parent);

/// <summary>Checks log-ins. Every failure is the same 401, and takes as long as a success.</summary>
internal sealed partial class LogIns(UserDirectory directory, TokenStore tokens, LoginThrottle throttle, TimeProvider clock, ILogger<LogIns> logger) : IDisposable
{
    // Deriving keys may use half of the cores; log-ins beyond that wait for each other, nothing else waits for them.
    private readonly SemaphoreSlim _derivations = new(Math.Max(1, Environment.ProcessorCount / 2));

    // Takes the time of a comparison where there is nothing to compare with.
    private readonly Lazy<PasswordHash> _nobody = new(() => PasswordHash.Create(Guid.NewGuid().ToString()));

    /// <summary>Checks one log-in from <paramref name="address"/>.</summary>
    /// <exception cref="HttpFaultException">401: it failed. 429: this account must not try from here just now.</exception>
    public async Task<LoggedIn> CheckAsync(AuthRequest request, IPAddress? address, CancellationToken cancellationToken)
    {
        var proofs = new List<Proof>();
        foreach (var method in request.Methods)
        {
            proofs.Add(method switch
            {
                "password" => await ByPasswordAsync(request.Password!, address, cancellationToken),
                "token" => await ByTokenAsync(request.Token!, cancellationToken),
                "application_credential" => await ByCredentialAsync(request.Credential!, address, cancellationToken),
                _ => throw new HttpFaultException(StatusCodes.Status401Unauthorized, "Attempted to authenticate with an unsupported method."),
            });
        }

        if (proofs.Any(proof => proof.User != proofs[0].User))
        {
            throw Refusal();
        }

        var credential = proofs.Select(proof => proof.Credential).FirstOrDefault(found => found is not null);
        var parent = proofs.Select(proof => proof.Token).FirstOrDefault(found => found is not null);
        return new LoggedIn(proofs[0].User, Scope(request, proofs[0].User, credential), credential, Methods(request, parent), parent);
    }

    public void Dispose() => _derivations.Dispose();

    private async Task<Proof> ByPasswordAsync(PasswordClaim claim, IPAddress? address, CancellationToken cancellationToken)
    {
        var user = FindUser(claim.User);
        var account = user?.Id ?? claim.User.Id ?? claim.User.Name ?? "";
        await VerifyAsync(account, address, user?.Password, claim.Password, cancellationToken);
        return new Proof(user!, null, null);
    }

    private async Task<Proof> ByCredentialAsync(CredentialClaim claim, IPAddress? address, CancellationToken cancellationToken)
    {
        var user = claim.User is null ? null : FindUser(claim.User);
        var credential = claim.Id is { Length: > 0 } id ? directory.FindCredential(id)
            : user is not null && claim.Name is { } name ? directory.FindCredential(user, name)
            : null;
        var isLive = credential is not null && !(credential.ExpiresAt <= clock.GetUtcNow().UtcDateTime);
        await VerifyAsync(credential?.Id ?? claim.Id ?? claim.Name ?? "", address, isLive ? credential!.Secret : null, claim.Secret, cancellationToken);
        return new Proof(credential!.User, credential, null);
    }

    private async Task<Proof> ByTokenAsync(string token, CancellationToken cancellationToken)
    {
        var issued = await tokens.FindAsync(token, cancellationToken) ?? throw Refusal();
        return new Proof(issued.User, issued.Credential, issued);
    }

    private async Task VerifyAsync(string account, IPAddress? address, Lazy<PasswordHash>? expected, string given, CancellationToken cancellationToken)
    {
        var wait = throttle.Try(account, address);
        if (wait > TimeSpan.Zero)
        {
            LogSlowedDown(address);
            throw new HttpFaultException(
                StatusCodes.Status429TooManyRequests, $"Too many log-ins have failed. Try again in {Math.Ceiling(wait.TotalSeconds)} s.", wait);
        }

        await _derivations.WaitAsync(cancellationToken);
        try
        {
            var matches = await Task.Run(() => (expected ?? _nobody).Value.Verify(given), cancellationToken);
            if (!matches || expected is null)
            {
                LogFailed(expected is null ? "unknown" : account, address);
                throw Refusal();
            }
        }
        finally
        {
            _derivations.Release();
        }

        throttle.Succeeded(account, address);
    }

    private IdentityUser? FindUser(UserClaim claim)
        => !claim.InDefaultDomain ? null
            : claim.Id is { Length: > 0 } id ? directory.FindUser(id)
            : directory.FindUserByName(claim.Name ?? "");

    private static IdentityProject? Scope(AuthRequest request, IdentityUser user, ApplicationCredential? credential)
    {
        if (request.IsOtherScope)
        {
            // There are no roles on the domain or on the system as a whole.
            throw Refusal();
        }

        if (request.Project is not { } claim)
        {
            return credential?.Project;
        }

        var project = !claim.InDefaultDomain ? null : user.Projects.FirstOrDefault(candidate => claim.Id is { Length: > 0 } id
            ? string.Equals(candidate.Id, id, StringComparison.Ordinal)
            : string.Equals(candidate.Name, claim.Name, StringComparison.OrdinalIgnoreCase));
        return project is not null && (credential is null || credential.Project == project) ? project : throw Refusal();
    }

    private static IReadOnlyList<string> Methods(AuthRequest request, IssuedToken? parent)
        => [.. request.Methods.Concat(parent?.Methods ?? []).Distinct(StringComparer.Ordinal)];

    private static HttpFaultException Refusal() => new(StatusCodes.Status401Unauthorized, Authentication.Required);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Log-in of {Account} from {Address} failed")]
    private partial void LogFailed(string account, IPAddress? address);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Log-in from {Address} was not tried: too many have failed")]
    private partial void LogSlowedDown(IPAddress? address);

    private sealed record Proof(IdentityUser User, ApplicationCredential? Credential, IssuedToken? Token);
}
