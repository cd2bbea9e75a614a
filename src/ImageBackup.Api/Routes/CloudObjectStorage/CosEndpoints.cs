using ImageBackup.Api.Auth;

namespace ImageBackup.Api.Routes.CloudObjectStorage;

/// <summary>PowerVC's registered buckets, below <c>/v3/{project_id}</c>.</summary>
internal static class CosEndpoints
{
    public static void MapCloudObjectStorage(this RouteGroupBuilder project)
    {
        var cos = project.MapGroup("/cos").WithTags("Cloud Object Storage");
        cos.MapPost("", RegisterCos.HandleAsync).RequiresRole(Role.Admin).WithSummary("Register a bucket");
        cos.MapGet("", ListCos.HandleAsync).RequiresRole(Role.Reader).WithSummary("List registered buckets");
        cos.MapGet("/detail", ListCos.HandleAsync).RequiresRole(Role.Reader).WithSummary("List registered buckets");
        cos.MapGet("/{id}", ShowCos.HandleAsync).RequiresRole(Role.Reader).WithSummary("Show a registered bucket");
        cos.MapPut("/{id}", UpdateCos.HandleAsync).RequiresRole(Role.Admin).WithSummary("Change a registration");
        cos.MapDelete("/{id}", DeleteCos.HandleAsync).RequiresRole(Role.Admin).WithSummary("Take a registration back");
        cos.MapGet("/{id}/list_images", ListCosImages.HandleAsync).RequiresRole(Role.Reader).WithSummary("List the archives in the bucket");
    }
}
