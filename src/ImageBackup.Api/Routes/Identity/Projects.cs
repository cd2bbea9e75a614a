using ImageBackup.Api.Http;
using ImageBackup.Core.Errors;
using ImageBackup.Identity.Users;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.Identity;

/// <summary><c>GET /identity/v3/auth/projects</c>, <c>/projects</c>, <c>/projects/{id}</c> and <c>/users/{id}/projects</c>. Only administrators see other projects than their own.</summary>
internal static class Projects
{
    public static Ok<ProjectListResponse> ListOwn(HttpContext context, UserDirectory directory)
        => List(context, Users.Self(context, directory).Projects);

    // Clients answer a 403 with a request for the user's own projects.
    public static Ok<ProjectListResponse> ListAll(HttpContext context, UserDirectory directory)
    {
        var name = context.QueryString("name");
        return List(context, directory.Projects.Where(project => name is null || string.Equals(project.Name, name, StringComparison.OrdinalIgnoreCase)));
    }

    public static Ok<ProjectListResponse> ListOfUser(string id, HttpContext context, UserDirectory directory)
        => List(context, Users.Find(id, context, directory).Projects);

    public static Ok<Enveloped<ProjectResponse>> Show(string id, HttpContext context, UserDirectory directory)
        => directory.FindProject(id) is { } project && (context.Caller().IsAdmin || Users.Self(context, directory).Projects.Contains(project))
            ? Enveloped.Ok(ProjectResponse.For(context, project))
            : throw new NotFoundException($"Could not find project: {id}.");

    private static Ok<ProjectListResponse> List(HttpContext context, IEnumerable<IdentityProject> projects)
        => TypedResults.Ok(new ProjectListResponse([.. projects.Select(project => ProjectResponse.For(context, project))], PageLinksResponse.For(context)));
}

/// <summary>Projects.</summary>
/// <param name="Projects">The projects.</param>
/// <param name="Links">The page of the list.</param>
internal sealed record ProjectListResponse(IReadOnlyList<ProjectResponse> Projects, PageLinksResponse Links);

/// <summary>A project.</summary>
/// <param name="Id" example="40a58846608e4e908c43b547d4dfb58c">The id.</param>
/// <param name="Name" example="ibm-default">The name.</param>
/// <param name="DomainId" example="default">Always default.</param>
/// <param name="ParentId" example="default">Always default.</param>
/// <param name="Enabled" example="true">Always true.</param>
/// <param name="IsDomain" example="false">Always false.</param>
/// <param name="Tags">Always empty.</param>
/// <param name="Options">Always empty.</param>
/// <param name="Links">The address of the project.</param>
[Envelope("project")]
internal sealed record ProjectResponse(
    string Id,
    string Name,
    string DomainId,
    string ParentId,
    bool Enabled,
    bool IsDomain,
    IReadOnlyList<string> Tags,
    IReadOnlyDictionary<string, string> Options,
    SelfLinkResponse Links)
{
    /// <summary>Always empty.</summary>
    /// <example></example>
    public string Description { get; init; } = "";

    public static ProjectResponse For(HttpContext context, IdentityProject project) => new(
        project.Id,
        project.Name,
        DefaultDomain.Id,
        DefaultDomain.Id,
        Enabled: true,
        IsDomain: false,
        Tags: [],
        Options: new Dictionary<string, string>(),
        SelfLinkResponse.For(context, "projects", project.Id));
}
