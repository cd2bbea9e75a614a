using ImageBackup.Api.Http;
using ImageBackup.Core.Access;
using ImageBackup.Core.Errors;
using Microsoft.AspNetCore.Authorization;

namespace ImageBackup.Api.Auth;

/// <summary>The one place that holds a route's <see cref="RequiredRole"/> against its caller, and the project in the path against the token's.</summary>
internal sealed class RoleCheck(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint() is RouteEndpoint route && route.Metadata.GetMetadata<IAllowAnonymous>() is null)
        {
            Check(context, route, context.Caller());
        }

        return next(context);
    }

    private static void Check(HttpContext context, RouteEndpoint route, Caller caller)
    {
        if (context.Request.RouteValues["project_id"] is string project && !string.Equals(project, caller.ProjectId, StringComparison.Ordinal))
        {
            throw new InvalidRequestException("Malformed request url");
        }

        var role = route.Metadata.GetMetadata<RequiredRole>()?.Role ?? Role.Admin;
        if (role != Role.Any && caller.ProjectId.Length == 0)
        {
            throw new ForbiddenException("The token is not scoped to a project. Log in with one.");
        }

        var action = $"{context.Request.Method} {context.Request.Path}";
        if (!RoleNames.Allow(caller.Roles, role))
        {
            throw new ForbiddenException($"Policy doesn't allow {action} to be performed. It asks for the role {role.ToString().ToLowerInvariant()}.");
        }

        var admins = route.Metadata.GetOrderedMetadata<AdminQuery>().FirstOrDefault(query => context.QueryBoolean(query.Parameter));
        if (admins is not null && !caller.IsAdmin)
        {
            throw new ForbiddenException($"Policy doesn't allow {action} with {admins.Parameter}=true to be performed. It asks for the role admin.");
        }
    }
}
