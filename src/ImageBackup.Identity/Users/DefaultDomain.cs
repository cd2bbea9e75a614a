namespace ImageBackup.Identity.Users;

/// <summary>The only domain, as in PowerVC.</summary>
public static class DefaultDomain
{
    public const string Id = "default";
    public const string Name = "Default";

    /// <summary>Returns true if a request names this domain. Ids are case-sensitive and names are not, as in Keystone.</summary>
    public static bool IsMeant(string? id, string? name)
        => id is not null ? string.Equals(id, Id, StringComparison.Ordinal) : string.Equals(name, Name, StringComparison.OrdinalIgnoreCase);
}
