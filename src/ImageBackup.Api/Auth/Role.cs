using ImageBackup.Api.Http;
using ImageBackup.Identity.Users;
using Microsoft.AspNetCore.Authorization;

namespace ImageBackup.Api.Auth;

/// <summary>What a route requires of its caller. Each role includes the ones before it.</summary>
internal enum Role
{
    /// <summary>Any valid token, even without a project.</summary>
    Any,

    /// <summary>Reads the records of its project.</summary>
    Reader,

    /// <summary>Exports, imports, uploads, downloads and deletes in its project.</summary>
    Member,

    /// <summary>Also resets states, deletes by force, and changes backup nodes and buckets.</summary>
    Admin,
}

/// <summary>A query parameter that, if true, makes a route require an administrator.</summary>
internal sealed record AdminQuery(string Parameter);

/// <summary>How a route declares its callers. A route without a declaration requires an administrator.</summary>
internal static class RolePolicies
{
    /// <summary>Registers one policy per role, named like the role.</summary>
    public static void AddRolePolicies(this AuthorizationBuilder authorization) => authorization
        .AddPolicy(nameof(Role.Any), policy => policy.RequireAuthenticatedUser())
        .AddPolicy(nameof(Role.Reader), policy => policy.RequireClaim(CallerClaims.Project).RequireRole(RoleNames.Reader))
        .AddPolicy(nameof(Role.Member), policy => policy.RequireClaim(CallerClaims.Project).RequireRole(RoleNames.Member))
        .AddFallbackPolicy(nameof(Role.Admin), policy => policy.RequireClaim(CallerClaims.Project).RequireRole(RoleNames.Admin));

    /// <summary>Requires a role.</summary>
    public static TBuilder RequiresRole<TBuilder>(this TBuilder builder, Role role)
        where TBuilder : IEndpointConventionBuilder
        => builder.RequireAuthorization(role.ToString());

    /// <summary>Requires an administrator if a query parameter is true.</summary>
    public static TBuilder RequiresAdminWith<TBuilder>(this TBuilder builder, string parameter)
        where TBuilder : IEndpointConventionBuilder
        => builder.WithMetadata(new AdminQuery(parameter));
}
