using ImageBackup.Api.Http;
using ImageBackup.Core.Errors;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;
using Microsoft.AspNetCore.Authorization.Policy;

namespace ImageBackup.Api.Auth;

/// <summary>Answers after a policy was evaluated: 400 for another project in the path, then 403 for a missing role.</summary>
internal sealed class AuthorizationAnswers : IAuthorizationMiddlewareResultHandler
{
    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        // The fallback policy is evaluated for unknown routes and wrong methods too. They are 404 for every caller.
        if (context.GetEndpoint() is not RouteEndpoint endpoint)
        {
            return next(context);
        }

        var caller = context.Caller();
        if (context.Request.RouteValues["project_id"] is string project && !string.Equals(project, caller.ProjectId, StringComparison.Ordinal))
        {
            throw new InvalidRequestException("Malformed request url");
        }

        if (authorizeResult.AuthorizationFailure is { } failure)
        {
            throw new ForbiddenException(caller.ProjectId.Length == 0
                ? "The token is not scoped to a project. Log in with one."
                : Refusal(context, "", failure.FailedRequirements.OfType<RolesAuthorizationRequirement>().First().AllowedRoles.First()));
        }

        var admins = endpoint.Metadata.GetOrderedMetadata<AdminQuery>().FirstOrDefault(query => context.QueryBoolean(query.Parameter));
        return admins is null || caller.IsAdmin ? next(context) : throw new ForbiddenException(Refusal(context, $" with {admins.Parameter}=true", "admin"));
    }

    private static string Refusal(HttpContext context, string with, string role)
        => $"Policy doesn't allow {context.Request.Method} {context.Request.Path}{with} to be performed. It asks for the role {role}.";
}
