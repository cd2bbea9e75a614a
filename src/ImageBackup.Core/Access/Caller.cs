namespace ImageBackup.Core.Access;

/// <summary>Who asks: the project, user and roles of one request, as its token (or <c>Auth:Mode None</c>) says.</summary>
/// <param name="ProjectId">The project that owns what the caller makes and whose records the caller sees.</param>
/// <param name="UserId">The user's id; recorded with what the caller makes.</param>
/// <param name="Roles">Lower-case role names: <c>admin</c>, <c>member</c>, <c>reader</c>.</param>
/// <param name="SeesEveryProject">True without authentication: images and volumes of every project are visible (backups never are).</param>
public sealed record Caller(string ProjectId, string UserId, IReadOnlyList<string> Roles, bool SeesEveryProject)
{
    /// <summary>True where the caller may do what is an administrator's.</summary>
    public bool IsAdmin => Roles.Contains("admin", StringComparer.Ordinal);

    /// <summary>True where a record of <paramref name="projectId"/> exists for this caller; otherwise it is a 404.</summary>
    public bool Sees(string projectId) => SeesEveryProject || string.Equals(ProjectId, projectId, StringComparison.Ordinal);
}
