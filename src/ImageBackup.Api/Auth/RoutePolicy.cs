namespace ImageBackup.Api.Auth;

/// <summary>What a route asks of its caller. The innermost one counts, so a route can differ from its group.</summary>
/// <param name="Role">The least role.</param>
internal sealed record RequiredRole(Role Role);

/// <summary>A query parameter that makes an operation an administrator's, such as <c>force</c>.</summary>
/// <param name="Parameter">The parameter's name; it counts where its value is true.</param>
internal sealed record AdminQuery(string Parameter);

/// <summary>How a route says who may call it. One that says nothing is an administrator's.</summary>
internal static class RoutePolicy
{
    /// <summary>Asks for a role.</summary>
    public static TBuilder RequiresRole<TBuilder>(this TBuilder builder, Role role)
        where TBuilder : IEndpointConventionBuilder
        => builder.WithMetadata(new RequiredRole(role));

    /// <summary>Asks for an administrator where the query parameter is true.</summary>
    public static TBuilder RequiresAdminWith<TBuilder>(this TBuilder builder, string parameter)
        where TBuilder : IEndpointConventionBuilder
        => builder.WithMetadata(new AdminQuery(parameter));
}
