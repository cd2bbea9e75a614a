namespace ImageBackup.Identity.Users;

/// <summary>A user of the embedded Keystone.</summary>
/// <param name="Projects">At least one, in the order of the settings.</param>
/// <param name="Roles">The roles in each of <paramref name="Projects"/>, with the roles that they imply.</param>
public sealed record IdentityUser(
    string Id,
    string Name,
    IReadOnlyList<IdentityProject> Projects,
    IReadOnlyDictionary<IdentityProject, IReadOnlyList<string>> Roles,
    Lazy<PasswordHash> Password);

/// <summary>A project of the embedded Keystone.</summary>
public sealed record IdentityProject(string Id, string Name);

/// <summary>A secret for a program, limited to one project and to some of its user's roles.</summary>
public sealed record ApplicationCredential(
    string Id,
    string Name,
    IdentityUser User,
    IdentityProject Project,
    IReadOnlyList<string> Roles,
    DateTime? ExpiresAt,
    Lazy<PasswordHash> Secret);
