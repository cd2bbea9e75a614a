using System.Security.Claims;
using ImageBackup.Core.Access;

namespace ImageBackup.Api.Http;

/// <summary>Converts between the <see cref="Core.Access.Caller"/> of a request and the claims of its principal.</summary>
internal static class CallerClaims
{
    /// <summary>The claim with the project of the token. A token without a project has none.</summary>
    public const string Project = "project_id";

    private const string SeesEveryProject = "sees_every_project";

    /// <summary>Returns the principal that stands for a caller.</summary>
    public static ClaimsPrincipal ToPrincipal(this Caller caller, string scheme)
    {
        var identity = new ClaimsIdentity(caller.Roles.Select(role => new Claim(ClaimTypes.Role, role)), scheme);
        identity.AddClaim(new Claim(ClaimTypes.NameIdentifier, caller.UserId));
        if (caller.ProjectId.Length > 0)
        {
            identity.AddClaim(new Claim(Project, caller.ProjectId));
        }

        if (caller.SeesEveryProject)
        {
            identity.AddClaim(new Claim(SeesEveryProject, bool.TrueString));
        }

        return new ClaimsPrincipal(identity);
    }

    /// <summary>Returns the caller. Every route has one, except routes that allow anonymous requests.</summary>
    public static Caller Caller(this HttpContext context)
    {
        var user = context.User;
        var id = user.FindFirstValue(ClaimTypes.NameIdentifier) ?? throw new InvalidOperationException("The route allows anonymous requests, which have no caller.");
        return new Caller(user.FindFirstValue(Project) ?? "", id, [.. user.FindAll(ClaimTypes.Role).Select(role => role.Value)], user.HasClaim(SeesEveryProject, bool.TrueString));
    }
}
