using ImageBackup.Api.Auth;
using ImageBackup.Api.Http;

namespace ImageBackup.Api.Routes.CloudObjectStorage;

/// <summary>The routes of PowerVC's registered buckets, below <c>/v3/{project_id}</c>.</summary>
internal static class CosEndpoints
{
    public static void MapCloudObjectStorage(this RouteGroupBuilder project)
    {
        var cos = project.MapGroup("/cos").WithTags("Cloud Object Storage");
        cos.MapPost("", RegisterCos.HandleAsync).RequiresRole(Role.Admin).WithSummary("Register a bucket");
        cos.MapGet("", ListCos.HandleAsync).RequiresRole(Role.Reader).WithParameters(RouteParameter.List).WithSummary("List registered buckets");
        cos.MapGet("/detail", ListCos.HandleAsync).RequiresRole(Role.Reader).WithParameters(RouteParameter.List).WithSummary("List registered buckets");
        cos.MapGet("/{id}", ShowCos.HandleAsync).RequiresRole(Role.Reader).WithSummary("Show a registered bucket");
        cos.MapGet("/{id}/health", ShowCosHealth.HandleAsync).RequiresRole(Role.Reader).WithSummary("Show whether a registered bucket can be used");
        cos.MapPut("/{id}", UpdateCos.HandleAsync).RequiresRole(Role.Admin).WithSummary("Change a registered bucket");
        cos.MapDelete("/{id}", DeleteCos.HandleAsync).RequiresRole(Role.Admin).WithSummary("Remove the registration of a bucket; the bucket stays");
        cos.MapGet("/{id}/list_images", ListCosImages.HandleAsync).RequiresRole(Role.Reader).WithParameters(RouteParameter.Page).WithSummary("List the archives in the bucket");
    }
}
