using ImageBackup.Api.Auth;

namespace ImageBackup.Api.Routes.Identity;

/// <summary>A project of the embedded Keystone.</summary>
internal sealed record IdentityProject(string Id, string Name);

/// <summary>A user of the embedded Keystone.</summary>
/// <param name="Projects">At least one, in the order of the settings.</param>
/// <param name="Roles">In each of <paramref name="Projects"/>, with the roles they imply.</param>
internal sealed record IdentityUser(
    string Id,
    string Name,
    IReadOnlyList<IdentityProject> Projects,
    IReadOnlyDictionary<IdentityProject, IReadOnlyList<string>> Roles,
    Lazy<PasswordHash> Password);

/// <summary>A program's secret, bound to one project and to some of its user's roles.</summary>
internal sealed record ApplicationCredential(
    string Id,
    string Name,
    IdentityUser User,
    IdentityProject Project,
    IReadOnlyList<string> Roles,
    DateTime? ExpiresAt,
    Lazy<PasswordHash> Secret);

/// <summary>The only domain, as in PowerVC.</summary>
internal static class DefaultDomain
{
    public const string Id = "default";
    public const string Name = "Default";

    /// <summary>True where a request means this domain: its id as written, its name in any case, as in Keystone.</summary>
    public static bool IsMeant(string? id, string? name)
        => id is not null ? string.Equals(id, Id, StringComparison.Ordinal) : string.Equals(name, Name, StringComparison.OrdinalIgnoreCase);
}
