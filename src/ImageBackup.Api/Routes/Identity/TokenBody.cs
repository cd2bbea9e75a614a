using ImageBackup.Api.Auth;
using ImageBackup.Api.Http;
using ImageBackup.Api.Routes.Images;

namespace ImageBackup.Api.Routes.Identity;

/// <summary>Keystone's shapes of tokens, users, projects and the catalogue.</summary>
internal static class TokenBody
{
    private static readonly string[] Interfaces = ["public", "internal", "admin"];
    private static readonly object Domain = new { id = DefaultDomain.Id, name = DefaultDomain.Name };

    /// <summary><c>{"token":{…}}</c>; parts that a token doesn't have are left out, as Keystone does.</summary>
    public static Dictionary<string, object> Of(HttpContext context, IssuedToken token, string region, bool withCatalog)
    {
        var body = new Dictionary<string, object?>
        {
            ["methods"] = token.Methods,
            ["user"] = new { domain = Domain, id = token.User.Id, name = token.User.Name, password_expires_at = (string?)null },
            ["audit_ids"] = token.AuditIds,
            ["expires_at"] = Time(token.ExpiresAt),
            ["issued_at"] = Time(token.IssuedAt),
        };
        if (token.Project is { } project)
        {
            body["project"] = new { domain = Domain, id = project.Id, name = project.Name };
            body["is_domain"] = false;
            body["roles"] = token.Roles.Select(role => new { id = RoleId(role), name = role });
            if (withCatalog)
            {
                body["catalog"] = Catalog(context, project.Id, region);
            }
        }

        if (token.Credential is { } credential)
        {
            body["application_credential"] = new { id = credential.Id, name = credential.Name, restricted = true };
        }

        return new Dictionary<string, object> { ["token"] = body };
    }

    /// <summary>What the service offers in a project: Cinder under both of its types, Glance and Keystone.</summary>
    public static IReadOnlyList<object> Catalog(HttpContext context, string projectId, string region)
    {
        var service = context.ServiceUrl();
        return
        [
            Service("block-storage", "cinder", $"{service}/v3/{projectId}", region),
            Service("volumev3", "cinderv3", $"{service}/v3/{projectId}", region),
            Service("image", "glance", service + ImagePrefix.Path, region),
            Service("identity", "keystone", $"{service}{IdentityRoutes.Prefix}/v3/", region),
        ];
    }

    /// <summary>One project as <c>/projects</c> shows it.</summary>
    public static object Project(HttpContext context, IdentityProject project) => new
    {
        id = project.Id,
        name = project.Name,
        domain_id = DefaultDomain.Id,
        parent_id = DefaultDomain.Id,
        description = "",
        enabled = true,
        is_domain = false,
        tags = Array.Empty<string>(),
        options = new { },
        links = new { self = $"{context.ServiceUrl()}{IdentityRoutes.Prefix}/v3/projects/{project.Id}" },
    };

    /// <summary>One user as <c>/users</c> shows it.</summary>
    public static object User(HttpContext context, IdentityUser user) => new
    {
        id = user.Id,
        name = user.Name,
        domain_id = DefaultDomain.Id,
        enabled = true,
        password_expires_at = (string?)null,
        options = new { },
        links = new { self = $"{context.ServiceUrl()}{IdentityRoutes.Prefix}/v3/users/{user.Id}" },
    };

    private static object Service(string type, string name, string url, string region)
    {
        var endpoints = Interfaces.Select(access => (object)new
        {
            id = $"{type}-{access}",
            @interface = access,
            region,
            region_id = region,
            url,
        });
        return new { id = type, type, name, endpoints = endpoints.ToArray() };
    }

    private static string RoleId(string name) => $"role-{name}";

    private static string Time(DateTime time) => ApiJson.CinderTime(time) + "Z";
}
