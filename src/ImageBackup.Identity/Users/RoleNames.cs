namespace ImageBackup.Identity.Users;

/// <summary>The names of roles on the wire.</summary>
public static class RoleNames
{
    public const string Admin = "admin";
    public const string Member = "member";
    public const string Reader = "reader";

    /// <summary>The roles that grant something, strongest first. Each implies the next.</summary>
    public static readonly IReadOnlyList<string> All = [Admin, Member, Reader];

    /// <summary>Returns the roles in lower case with the roles that they imply. Unknown names are kept.</summary>
    public static IReadOnlyList<string> WithImplied(IEnumerable<string> roles)
    {
        var names = roles.Select(role => role.Trim().ToLowerInvariant()).ToList();
        return [.. names.Concat(All.SkipWhile(role => !names.Contains(role, StringComparer.Ordinal))).Distinct(StringComparer.Ordinal)];
    }
}
