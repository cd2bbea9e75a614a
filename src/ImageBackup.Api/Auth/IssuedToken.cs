using ImageBackup.Api.Routes.Identity;

namespace ImageBackup.Api.Auth;

/// <summary>A valid token of the embedded Keystone, with what its user may do now.</summary>
/// <param name="Project">Null for a token that is scoped to none.</param>
/// <param name="Roles">In <paramref name="Project"/>; empty without one.</param>
/// <param name="Methods">How its user logged in.</param>
/// <param name="AuditIds">Its own audit id and, behind it, that of the token it was exchanged for.</param>
internal sealed record IssuedToken(
    IdentityUser User,
    IdentityProject? Project,
    IReadOnlyList<string> Roles,
    ApplicationCredential? Credential,
    IReadOnlyList<string> Methods,
    IReadOnlyList<string> AuditIds,
    DateTime IssuedAt,
    DateTime ExpiresAt);
