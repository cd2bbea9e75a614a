using ImageBackup.Api.Auth;

namespace ImageBackup.Api.Routes.Volumes;

/// <summary>Cinder's volumes and storage templates, below <c>/v3/{project_id}</c>.</summary>
internal static class VolumeEndpoints
{
    public static void MapVolumes(this RouteGroupBuilder project)
    {
        var volumes = project.MapGroup("/volumes").WithTags("Volumes");
        volumes.MapGet("", ListVolumes.HandleAsync).RequiresRole(Role.Reader).WithSummary("List volumes: id, name, links");
        volumes.MapGet("/detail", ListVolumes.HandleDetailAsync).RequiresRole(Role.Reader).WithSummary("List volumes in full");
        volumes.MapGet("/{id}", ShowVolume.HandleAsync).RequiresRole(Role.Reader).WithSummary("Show a volume");
        volumes.MapPost("", CreateVolume.HandleAsync).RequiresRole(Role.Member).WithSummary("Create a volume, empty or from an image or a volume");
        volumes.MapDelete("/{id}", DeleteVolume.HandleAsync).RequiresRole(Role.Member).WithSummary("Delete a volume");

        var types = project.MapGroup("/types").WithTags("Storage templates");
        types.MapGet("", ListVolumeTypes.HandleAsync).RequiresRole(Role.Reader).WithSummary("List storage templates");
        types.MapGet("/{id}", ShowVolumeType.HandleAsync).RequiresRole(Role.Reader).WithSummary("Show a storage template; 'default' shows the default one");
    }
}
