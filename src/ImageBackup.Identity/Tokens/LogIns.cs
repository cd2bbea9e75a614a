using System.Net;
using ImageBackup.Identity.Users;
using Microsoft.Extensions.Logging;

namespace ImageBackup.Identity.Tokens;

/// <summary>Checks log-ins. Every failure has the same message and takes as long as a success.</summary>
public sealed partial class LogIns(UserDirectory directory, TokenStore tokens, LogInThrottle throttle, TimeProvider clock, ILogger<LogIns> logger)
{
    private const int MaxWaiting = 8;

    // Password hashes may use half of the cores. Further log-ins wait, other requests do not.
    private readonly FairSlots _hashes = new(Math.Max(1, Environment.ProcessorCount / 2), MaxWaiting);

    // Compared with if the account does not exist, so that the answer takes as long.
    private readonly Lazy<PasswordHash> _nobody = new(() => PasswordHash.Create(Guid.NewGuid().ToString()));

    /// <summary>Checks one log-in.</summary>
    /// <exception cref="LogInRefusedException">The log-in failed, or the account must wait.</exception>
    public async Task<LoggedIn> CheckAsync(LogInCommand command, LogInOrigin origin, CancellationToken cancellationToken)
    {
        var proofs = new List<Proof>();
        foreach (var method in command.Methods)
        {
            proofs.Add(method switch
            {
                "password" => await ByPasswordAsync(command.Password!, origin, cancellationToken),
                "token" => await ByTokenAsync(command.Token!, cancellationToken),
                "application_credential" => await ByCredentialAsync(command.Credential!, origin, cancellationToken),
                _ => throw new LogInRefusedException("Attempted to authenticate with an unsupported method."),
            });
        }

        if (proofs.Any(proof => proof.User != proofs[0].User))
        {
            throw Refusal();
        }

        var credential = proofs.Select(proof => proof.Credential).FirstOrDefault(found => found is not null);
        var parent = proofs.Select(proof => proof.Token).FirstOrDefault(found => found is not null);
        string[] methods = [.. command.Methods.Union(parent?.Methods ?? [])];
        return new LoggedIn(proofs[0].User, Scope(command, proofs[0].User, credential), credential, methods, parent);
    }

    private async Task<Proof> ByPasswordAsync(PasswordClaim claim, LogInOrigin origin, CancellationToken cancellationToken)
    {
        var user = FindUser(claim.User);
        await VerifyAsync(Account(claim.User), user?.Id, origin, user?.Password, claim.Password, cancellationToken);
        return new Proof(user!, null, null);
    }

    private async Task<Proof> ByCredentialAsync(CredentialClaim claim, LogInOrigin origin, CancellationToken cancellationToken)
    {
        var user = claim.User is null ? null : FindUser(claim.User);
        var credential = claim.Id is { Length: > 0 } id ? directory.FindCredential(id)
            : user is not null && claim.Name is { } name ? directory.FindCredential(user, name)
            : null;
        var isLive = credential is not null && !(credential.ExpiresAt <= clock.GetUtcNow().UtcDateTime);
        var account = $"credential {claim.Id}/{claim.Name}/{(claim.User is null ? "" : Account(claim.User))}";
        await VerifyAsync(account, isLive ? credential!.Id : null, origin, isLive ? credential!.Secret : null, claim.Secret, cancellationToken);
        return new Proof(credential!.User, credential, null);
    }

    private async Task<Proof> ByTokenAsync(string token, CancellationToken cancellationToken)
    {
        var issued = await tokens.FindAsync(token, cancellationToken) ?? throw Refusal();
        return new Proof(issued.User, issued.Credential, issued);
    }

    /// <summary>Compares a secret with the expected one. The throttle knows the account by what the client sent, whether it exists or not.</summary>
    private async Task VerifyAsync(
        string account, string? knownId, LogInOrigin origin, Lazy<PasswordHash>? expected, string given, CancellationToken cancellationToken)
    {
        var wait = throttle.Try(account, origin.Network);
        if (wait > TimeSpan.Zero)
        {
            LogThrottled(origin.Address);
            throw new LogInRefusedException($"Too many log-ins have failed. Try again in {Math.Ceiling(wait.TotalSeconds)} s.", wait);
        }

        if (!await _hashes.TryEnterAsync(origin.Network, cancellationToken))
        {
            LogThrottled(origin.Address);
            throw new LogInRefusedException($"{MaxWaiting} log-ins of this address are waiting already. Try again in 1 s.", TimeSpan.FromSeconds(1));
        }

        try
        {
            var matches = await Task.Run(() => (expected ?? _nobody).Value.Verify(given), cancellationToken);
            if (!matches || expected is null)
            {
                LogFailed(knownId ?? "unknown", origin.Address);
                throw Refusal();
            }
        }
        finally
        {
            _hashes.Leave();
        }

        throttle.Succeeded(account, origin.Network);
    }

    private static string Account(UserClaim claim) => $"user {claim.Id}/{claim.Name}/{claim.InDefaultDomain}";

    private IdentityUser? FindUser(UserClaim claim)
        => !claim.InDefaultDomain ? null
            : claim.Id is { Length: > 0 } id ? directory.FindUser(id)
            : directory.FindUserByName(claim.Name ?? "");

    private static IdentityProject? Scope(LogInCommand command, IdentityUser user, ApplicationCredential? credential)
    {
        if (command.IsOtherScope)
        {
            throw Refusal();
        }

        if (command.Project is not { } claim)
        {
            return credential?.Project;
        }

        var project = !claim.InDefaultDomain ? null : user.Projects.FirstOrDefault(candidate => claim.Id is { Length: > 0 } id
            ? string.Equals(candidate.Id, id, StringComparison.Ordinal)
            : string.Equals(candidate.Name, claim.Name, StringComparison.OrdinalIgnoreCase));
        return project is not null && (credential is null || credential.Project == project) ? project : throw Refusal();
    }

    private static LogInRefusedException Refusal() => new(LogInRefusedException.AuthenticationRequired);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Log-in of {Account} from {Address} failed")]
    private partial void LogFailed(string account, IPAddress? address);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Log-in from {Address} refused: too many failures or waiting log-ins")]
    private partial void LogThrottled(IPAddress? address);

    private sealed record Proof(IdentityUser User, ApplicationCredential? Credential, IssuedToken? Token);
}
