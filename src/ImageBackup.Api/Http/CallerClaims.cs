using System.Security.Claims;
using ImageBackup.Core.Access;

namespace ImageBackup.Api.Http;

/// <summary>The <see cref="Core.Access.Caller"/> of a request, and the claims that policies check.</summary>
internal static class CallerClaims
{
    /// <summary>The claim with the project of the token. A token without a project has none.</summary>
    public const string Project = "project_id";

    /// <summary>Returns the principal that stands for a caller.</summary>
    public static ClaimsPrincipal ToPrincipal(this Caller caller, string scheme) => new(new CallerIdentity(caller, scheme));

    /// <summary>Returns the caller. Every route has one, except routes that allow anonymous requests.</summary>
    public static Caller Caller(this HttpContext context)
        => context.User.Identity is CallerIdentity identity ? identity.Caller : throw new InvalidOperationException("The route allows anonymous requests, which have no caller.");

    private static IEnumerable<Claim> ClaimsOf(Caller caller)
    {
        var roles = caller.Roles.Select(role => new Claim(ClaimTypes.Role, role)).Append(new Claim(ClaimTypes.NameIdentifier, caller.UserId));
        return caller.ProjectId.Length > 0 ? roles.Append(new Claim(Project, caller.ProjectId)) : roles;
    }

    private sealed class CallerIdentity(Caller caller, string scheme) : ClaimsIdentity(ClaimsOf(caller), scheme)
    {
        public Caller Caller => caller;
    }
}
