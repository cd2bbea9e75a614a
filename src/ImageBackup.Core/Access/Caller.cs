namespace ImageBackup.Core.Access;

/// <summary>Project, user and roles of one request, from its token or from <c>Auth:Mode None</c>.</summary>
/// <param name="ProjectId">The project that owns the caller's new records and whose records the caller sees.</param>
/// <param name="UserId">The user's id, recorded with the caller's new records.</param>
/// <param name="Roles">Lower-case role names: <c>admin</c>, <c>member</c>, <c>reader</c>.</param>
/// <param name="SeesEveryProject">True without authentication: the caller sees images and volumes of every project, but not their image backups.</param>
public sealed record Caller(string ProjectId, string UserId, IReadOnlyList<string> Roles, bool SeesEveryProject)
{
    /// <summary>True when the caller is an administrator.</summary>
    public bool IsAdmin => Roles.Contains("admin", StringComparer.Ordinal);

    /// <summary>Returns whether the caller sees records of a project. Other records are answered with 404.</summary>
    public bool Sees(string projectId) => SeesEveryProject || string.Equals(ProjectId, projectId, StringComparison.Ordinal);
}
