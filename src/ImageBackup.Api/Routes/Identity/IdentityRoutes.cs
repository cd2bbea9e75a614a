using ImageBackup.Api.Auth;
using ImageBackup.Api.Http;
using ImageBackup.Core.Settings;
using Microsoft.Extensions.Options;

namespace ImageBackup.Api.Routes.Identity;

/// <summary>The routes of the embedded Keystone, with <c>Auth:Mode Embedded</c> only.</summary>
internal static class IdentityRoutes
{
    public const string Prefix = "/identity";

    public static void MapIdentity(this WebApplication app)
    {
        var auth = app.Services.GetRequiredService<IOptions<AuthOptions>>().Value;
        if (auth.Is("Keystone"))
        {
            app.Services.GetRequiredService<IOptions<KeystoneOptions>>().Value.DemandComplete();
        }

        if (!auth.Is("Embedded"))
        {
            return;
        }

        // Users that can't be read stop the start, not the first log-in.
        app.Services.GetRequiredService<UserDirectory>();
        var identity = app.MapGroup(Prefix).WithTags("Identity");
        identity.MapGet("/", IdentityVersions.List).AllowAnonymous().WithSummary("Version discovery (300), as Keystone answers it");
        var v3 = identity.MapGroup("/v3");
        v3.MapGet("/", IdentityVersions.One).AllowAnonymous().WithSummary("Version discovery");
        v3.MapPost("/auth/tokens", LogIn.HandleAsync).AllowAnonymous().WithSummary("Log-in: a token in X-Subject-Token");
        v3.MapGet("/auth/tokens", Tokens.ShowAsync).RequiresRole(Role.Any).WithSummary("What the token in X-Subject-Token stands for");
        v3.MapDelete("/auth/tokens", Tokens.RevokeAsync).RequiresRole(Role.Any).WithSummary("Revokes the token in X-Subject-Token");
        v3.MapGet("/auth/projects", DirectoryQueries.OwnProjects).RequiresRole(Role.Any).WithSummary("Projects to log in to");
        v3.MapGet("/auth/catalog", DirectoryQueries.Catalog).RequiresRole(Role.Reader).WithSummary("What the service offers");
        v3.MapGet("/projects", DirectoryQueries.AllProjects).RequiresRole(Role.Admin).WithSummary("All projects");
        v3.MapGet("/projects/{id}", DirectoryQueries.Project).RequiresRole(Role.Any).WithSummary("One project");
        v3.MapGet("/users", DirectoryQueries.AllUsers).RequiresRole(Role.Admin).WithSummary("All users");
        v3.MapGet("/users/{id}", DirectoryQueries.User).RequiresRole(Role.Any).WithSummary("One user");
        v3.MapGet("/users/{id}/projects", DirectoryQueries.UserProjects).RequiresRole(Role.Any).WithSummary("A user's projects");
    }

    /// <summary>Where clients log in: the embedded Keystone, or the real one.</summary>
    public static string KeystoneUrl(this HttpContext context)
    {
        var keystone = context.RequestServices.GetRequiredService<IOptions<KeystoneOptions>>().Value;
        return context.RequestServices.GetRequiredService<IOptions<AuthOptions>>().Value.Is("Keystone")
            ? keystone.PublicUrl ?? keystone.AuthUrl ?? ""
            : context.ServiceUrl() + Prefix;
    }
}
