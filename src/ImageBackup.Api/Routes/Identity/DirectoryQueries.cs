using ImageBackup.Api.Auth;
using ImageBackup.Api.Http;
using ImageBackup.Core.Errors;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace ImageBackup.Api.Routes.Identity;

/// <summary>
/// What clients ask a Keystone around a log-in: <c>GET /auth/projects</c>, <c>/auth/catalog</c>, <c>/projects</c>, <c>/projects/{id}</c>,
/// <c>/users</c>, <c>/users/{id}</c> and <c>/users/{id}/projects</c>. An administrator sees everybody, others themselves.
/// </summary>
internal static class DirectoryQueries
{
    /// <summary>The projects the caller can log in to.</summary>
    public static JsonHttpResult<object> OwnProjects(HttpContext context, UserDirectory directory)
        => Projects(context, Self(context, directory).Projects);

    /// <summary>All projects; for who is no administrator a 403, after which clients ask for the user's own.</summary>
    public static JsonHttpResult<object> AllProjects(HttpContext context, UserDirectory directory)
    {
        var name = context.QueryString("name");
        return Projects(context, directory.Projects.Where(project => name is null || string.Equals(project.Name, name, StringComparison.OrdinalIgnoreCase)));
    }

    /// <summary>One project that the caller belongs to, or administers.</summary>
    public static JsonHttpResult<object> Project(string id, HttpContext context, UserDirectory directory)
    {
        var project = directory.FindProject(id);
        var isVisible = project is not null && (context.Caller().IsAdmin || Self(context, directory).Projects.Contains(project));
        return isVisible
            ? TypedResults.Json<object>(new { project = TokenBody.Project(context, project!) })
            : throw new NotFoundException($"Could not find project: {id}.");
    }

    /// <summary>All users, or the one of a name, which is how clients look for whom they know no id of.</summary>
    public static JsonHttpResult<object> AllUsers(HttpContext context, UserDirectory directory)
    {
        var name = context.QueryString("name");
        var users = directory.Users.Where(user => name is null || string.Equals(user.Name, name, StringComparison.OrdinalIgnoreCase));
        return TypedResults.Json<object>(new { users = users.Select(user => TokenBody.User(context, user)), links = Links(context) });
    }

    /// <summary>One user.</summary>
    public static JsonHttpResult<object> User(string id, HttpContext context, UserDirectory directory)
        => TypedResults.Json<object>(new { user = TokenBody.User(context, Visible(id, context, directory)) });

    /// <summary>The projects of one user.</summary>
    public static JsonHttpResult<object> UserProjects(string id, HttpContext context, UserDirectory directory)
        => Projects(context, Visible(id, context, directory).Projects);

    /// <summary>The catalogue of the token's project.</summary>
    public static JsonHttpResult<object> Catalog(HttpContext context, IOptions<IdentityOptions> options)
        => TypedResults.Json<object>(new
        {
            catalog = TokenBody.Catalog(context, context.Caller().ProjectId, options.Value.Region),
            links = Links(context),
        });

    private static IdentityUser Self(HttpContext context, UserDirectory directory)
        => directory.FindUser(context.Caller().UserId) ?? throw new NotFoundException($"Could not find user: {context.Caller().UserId}.");

    private static IdentityUser Visible(string id, HttpContext context, UserDirectory directory)
    {
        var caller = context.Caller();
        return caller.IsAdmin || caller.UserId == id
            ? directory.FindUser(id) ?? throw new NotFoundException($"Could not find user: {id}.")
            : throw new ForbiddenException("You are not authorized to perform the requested action: it asks for the role admin.");
    }

    private static JsonHttpResult<object> Projects(HttpContext context, IEnumerable<IdentityProject> projects)
        => TypedResults.Json<object>(new { projects = projects.Select(project => TokenBody.Project(context, project)), links = Links(context) });

    private static object Links(HttpContext context)
        => new { self = context.ServiceUrl() + context.Request.Path, next = (string?)null, previous = (string?)null };
}
