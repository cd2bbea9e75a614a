using ImageBackup.Identity.Users;

namespace ImageBackup.Identity.Tokens;

/// <summary>A valid token of the embedded Keystone and its user's present roles.</summary>
/// <param name="Project">Null for an unscoped token.</param>
/// <param name="Roles">The roles in <paramref name="Project"/>. Empty without a project.</param>
/// <param name="Methods">The methods that the user logged in with.</param>
/// <param name="AuditIds">The token's audit id, followed by that of the token at the start of the exchange, if any.</param>
public sealed record IssuedToken(
    IdentityUser User,
    IdentityProject? Project,
    IReadOnlyList<string> Roles,
    ApplicationCredential? Credential,
    IReadOnlyList<string> Methods,
    IReadOnlyList<string> AuditIds,
    DateTime IssuedAt,
    DateTime ExpiresAt);
