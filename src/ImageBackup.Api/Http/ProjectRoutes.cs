namespace ImageBackup.Api.Http;

/// <summary>The group of all block storage routes.</summary>
internal static class ProjectRoutes
{
    /// <summary>Returns the group <c>/v3/{project_id}</c>. As in Cinder, a project with other characters than hex digits and dashes is an unknown route.</summary>
    public static RouteGroupBuilder MapProjectRoutes(this IEndpointRouteBuilder app)
        => app.MapGroup(@"/v3/{project_id:regex(^[0-9a-f\-]+$)}");
}
