namespace ImageBackup.Api.Http;

/// <summary>The group all block storage routes stand in.</summary>
internal static class ProjectRoutes
{
    /// <summary><c>/v3/{project_id}</c>; a project that is not hex digits and dashes is no route at all, as in Cinder.</summary>
    public static RouteGroupBuilder MapProjectRoutes(this IEndpointRouteBuilder app)
        => app.MapGroup(@"/v3/{project_id:regex(^[0-9a-f\-]+$)}");
}
