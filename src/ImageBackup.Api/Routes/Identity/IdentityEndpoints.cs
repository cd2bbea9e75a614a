using ImageBackup.Api.Auth;
using ImageBackup.Api.Http;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Settings;
using ImageBackup.Identity.Keystone;
using ImageBackup.Identity.Users;
using Microsoft.Extensions.Options;

namespace ImageBackup.Api.Routes.Identity;

/// <summary>The routes of the embedded Keystone. Only <c>Auth:Mode Embedded</c> has them.</summary>
internal static class IdentityEndpoints
{
    /// <summary>The id that the name demo gets.</summary>
    private const string DemoUser = "cd79565c5c3a7eb25c075d02b13966b8";

    private static readonly RouteParameter SubjectToken =
        new(TokenHeaders.Subject, "string", "The token to show or revoke.", "the token", IsRequired: true, IsHeader: true);

    private static readonly RouteParameter NoCatalog = new("nocatalog", "string", "If given, with any value, the response has no catalog.");
    private static readonly RouteParameter Name = new("name", "string", "Only the item with this name.");

    public static void MapIdentity(this WebApplication app)
    {
        var auth = app.Services.GetRequiredService<IOptions<AuthOptions>>().Value;
        if (auth.Is("Keystone"))
        {
            app.Services.GetRequiredService<IOptions<KeystoneOptions>>().Value.RequireComplete();
        }

        if (!auth.Is("Embedded"))
        {
            return;
        }

        // Invalid users stop the start instead of the first log-in. The emulator's seed file may have users, too.
        var emulator = app.Services.GetRequiredService<IOptions<EmulatorOptions>>().Value;
        if (app.Services.GetRequiredService<UserDirectory>().Users.Count == 0 && emulator is not { Enabled: true, SeedFile.Length: > 0 })
        {
            throw new StartException($"{AuthOptions.Section}:Mode Embedded has no user, so nobody could log in. Add {IdentityOptions.Section}:Users:0, or set {IdentityOptions.Section}:UsersFile.");
        }

        var identity = app.MapGroup(KeystoneAddress.Path).WithTags("Identity");
        identity.MapGet("/", IdentityVersions.List).AllowAnonymous().WithResponse(300, typeof(IdentityVersionListResponse)).WithSummary("Version discovery (300), as in Keystone");
        var v3 = identity.MapGroup("/v3");
        v3.MapGet("/", IdentityVersions.Show).AllowAnonymous().WithSummary("Version discovery");
        v3.MapPost("/auth/tokens", LogIn.HandleAsync).AllowAnonymous().WithParameters(NoCatalog).WithSubjectToken().WithError(401)
            .WithSummary("Log in. The token is in X-Subject-Token");
        v3.MapGet("/auth/tokens", Tokens.ShowAsync).RequiresRole(Role.Any).WithParameters(SubjectToken, NoCatalog).WithSubjectToken().WithError(404)
            .WithSummary("Show what the token in X-Subject-Token grants");
        v3.MapDelete("/auth/tokens", Tokens.RevokeAsync).RequiresRole(Role.Any).WithParameters(SubjectToken).WithError(404)
            .WithSummary("Revoke the token in X-Subject-Token");
        v3.MapGet("/auth/projects", Projects.ListOwn).RequiresRole(Role.Any).WithSummary("List the projects to log in to");
        v3.MapGet("/auth/catalog", Catalog.Handle).RequiresRole(Role.Reader).WithSummary("List the services");
        v3.MapGet("/projects", Projects.ListAll).RequiresRole(Role.Admin).WithParameters(Name).WithSummary("List all projects");
        v3.MapGet("/projects/{id}", Projects.Show).RequiresRole(Role.Any).WithExampleId(auth.ProjectId).WithSummary("Show a project");
        v3.MapGet("/users", Users.ListAll).RequiresRole(Role.Admin).WithParameters(Name).WithSummary("List all users");
        v3.MapGet("/users/{id}", Users.Show).RequiresRole(Role.Any).WithExampleId(DemoUser).WithSummary("Show a user");
        v3.MapGet("/users/{id}/projects", Projects.ListOfUser).RequiresRole(Role.Any).WithExampleId(DemoUser).WithSummary("List the projects of a user");
    }

    private static TBuilder WithSubjectToken<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
        => builder.WithResponseHeader(TokenHeaders.Subject, "The token, for X-Auth-Token.");
}
