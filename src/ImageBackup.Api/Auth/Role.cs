namespace ImageBackup.Api.Auth;

/// <summary>What a route asks of its caller; each role holds the ones before it, as in Keystone's defaults.</summary>
internal enum Role
{
    /// <summary>Any valid token, also one that is scoped to no project.</summary>
    Any,

    /// <summary>Reads what its project has.</summary>
    Reader,

    /// <summary>Exports, imports, uploads, downloads and deletes in its project.</summary>
    Member,

    /// <summary>Also resets states, deletes by force and changes nodes and buckets.</summary>
    Admin,
}

/// <summary>The names of roles on the wire.</summary>
internal static class RoleNames
{
    public const string Admin = "admin";
    public const string Member = "member";
    public const string Reader = "reader";

    /// <summary>The three that count.</summary>
    public static readonly IReadOnlyList<string> All = [Admin, Member, Reader];

    /// <summary>The roles with those that they imply: <c>admin</c> is a <c>member</c>, a <c>member</c> is a <c>reader</c>. Others are kept as they are.</summary>
    public static IReadOnlyList<string> WithImplied(IEnumerable<string> roles)
    {
        var names = roles.Select(role => role.Trim().ToLowerInvariant()).ToList();
        if (names.Contains(Admin, StringComparer.Ordinal))
        {
            names.Add(Member);
        }

        if (names.Contains(Member, StringComparer.Ordinal))
        {
            names.Add(Reader);
        }

        return [.. names.Distinct(StringComparer.Ordinal)];
    }

    /// <summary>True where <paramref name="roles"/>, implied ones included, are enough for <paramref name="required"/>.</summary>
    public static bool Allow(IReadOnlyList<string> roles, Role required) => required switch
    {
        Role.Any => true,
        Role.Reader => roles.Contains(Reader, StringComparer.Ordinal),
        Role.Member => roles.Contains(Member, StringComparer.Ordinal),
        _ => roles.Contains(Admin, StringComparer.Ordinal),
    };
}
