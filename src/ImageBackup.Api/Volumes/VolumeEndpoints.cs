namespace ImageBackup.Api.Volumes;

/// <summary>Cinder's volumes and storage templates, below <c>/v3/{project_id}</c>.</summary>
internal static class VolumeEndpoints
{
    public static void MapVolumes(this RouteGroupBuilder project)
    {
        var volumes = project.MapGroup("/volumes").WithTags("Volumes");
        volumes.MapGet("", ListVolumes.HandleAsync).WithSummary("List volumes: id, name, links");
        volumes.MapGet("/detail", ListVolumes.HandleDetailAsync).WithSummary("List volumes in full");
        volumes.MapGet("/{id}", ShowVolume.HandleAsync).WithSummary("Show a volume");
        volumes.MapPost("", CreateVolume.HandleAsync).WithSummary("Create a volume, empty or from an image or a volume");
        volumes.MapDelete("/{id}", DeleteVolume.HandleAsync).WithSummary("Delete a volume");

        var types = project.MapGroup("/types").WithTags("Storage templates");
        types.MapGet("", ListVolumeTypes.HandleAsync).WithSummary("List storage templates");
        types.MapGet("/{id}", ShowVolumeType.HandleAsync).WithSummary("Show a storage template; 'default' shows the default one");
    }
}
