namespace ImageBackup.Api.CloudObjectStorage;

/// <summary>PowerVC's registered buckets, below <c>/v3/{project_id}</c>.</summary>
internal static class CosEndpoints
{
    public static void MapCloudObjectStorage(this RouteGroupBuilder project)
    {
        var cos = project.MapGroup("/cos").WithTags("Cloud Object Storage");
        cos.MapPost("", RegisterCos.HandleAsync).WithSummary("Register a bucket");
        cos.MapGet("", ListCos.HandleAsync).WithSummary("List registered buckets");
        cos.MapGet("/detail", ListCos.HandleAsync).WithSummary("List registered buckets");
        cos.MapGet("/{id}", ShowCos.HandleAsync).WithSummary("Show a registered bucket");
        cos.MapPut("/{id}", UpdateCos.HandleAsync).WithSummary("Change a registration");
        cos.MapDelete("/{id}", DeleteCos.HandleAsync).WithSummary("Take a registration back");
        cos.MapGet("/{id}/list_images", ListCosImages.HandleAsync).WithSummary("List the archives in the bucket");
    }
}
