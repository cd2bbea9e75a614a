using System.Net;
using ImageBackup.Identity.Users;

namespace ImageBackup.Identity.Tokens;

/// <summary>A log-in to check.</summary>
/// <param name="Methods">Keystone's method names in the order of the request.</param>
/// <param name="Password">Not null with the method <c>password</c>.</param>
/// <param name="Token">Not null with the method <c>token</c>.</param>
/// <param name="Credential">Not null with the method <c>application_credential</c>.</param>
/// <param name="Project">The project to scope the token to.</param>
/// <param name="IsOtherScope">True for a scope on which nobody has roles, such as a domain.</param>
public sealed record LogInCommand(
    IReadOnlyList<string> Methods, PasswordClaim? Password, string? Token, CredentialClaim? Credential, ProjectClaim? Project, bool IsOtherScope)
{
    public override string ToString() => nameof(LogInCommand);
}

/// <summary>A user by id, or by name in a domain.</summary>
public sealed record UserClaim(string? Id, string? Name, bool InDefaultDomain);

/// <summary>A user and the user's password.</summary>
public sealed record PasswordClaim(UserClaim User, string Password)
{
    public override string ToString() => nameof(PasswordClaim);
}

/// <summary>An application credential by id, or by its name and its user, and its secret.</summary>
public sealed record CredentialClaim(string? Id, string? Name, UserClaim? User, string Secret)
{
    public override string ToString() => nameof(CredentialClaim);
}

/// <summary>A project by id, or by name in a domain.</summary>
public sealed record ProjectClaim(string? Id, string? Name, bool InDefaultDomain);

/// <summary>Where a log-in comes from.</summary>
/// <param name="Address">The address for the log.</param>
/// <param name="Network">What <see cref="LogInThrottle"/> counts as one client.</param>
public sealed record LogInOrigin(IPAddress? Address, string Network);

/// <summary>The user that a log-in proved, and the scope of the new token.</summary>
/// <param name="Parent">The token that was exchanged, if any.</param>
public sealed record LoggedIn(
    IdentityUser User, IdentityProject? Project, ApplicationCredential? Credential, IReadOnlyList<string> Methods, IssuedToken? Parent);
