using ImageBackup.Api.Auth;
using ImageBackup.Api.Http;

namespace ImageBackup.Api.Routes.Volumes;

/// <summary>The routes of Cinder's volumes and volume types, below <c>/v3/{project_id}</c>.</summary>
internal static class VolumeEndpoints
{
    private const string VolumeId = "283332d7-a5e4-4df8-9480-08fbae18875b";
    private const string TemplateId = "9c219888-1ab0-429e-9282-7cbc6957c839";

    public static void MapVolumes(this RouteGroupBuilder project)
    {
        var volumes = project.MapGroup("/volumes").WithTags("Volumes").WithExampleId(VolumeId);
        volumes.MapGet("", ListVolumes.HandleAsync).RequiresRole(Role.Reader).WithParameters(ListVolumes.Parameters).WithSummary("List volumes: id, name and links");
        volumes.MapGet("/detail", ListVolumes.HandleDetailAsync).RequiresRole(Role.Reader).WithParameters(ListVolumes.Parameters).WithSummary("List volumes in full");
        volumes.MapGet("/{id}", ShowVolume.HandleAsync).RequiresRole(Role.Reader).WithSummary("Show a volume");
        volumes.MapPost("", CreateVolume.HandleAsync).RequiresRole(Role.Member).WithSummary("Create a volume: empty, or a copy of an image or a volume");
        volumes.MapDelete("/{id}", DeleteVolume.HandleAsync).RequiresRole(Role.Member).WithSummary("Delete a volume");

        foreach (var path in (string[])["/snapshots", "/snapshots/detail"])
        {
            project.MapGet(path, ListSnapshots.Handle).RequiresRole(Role.Reader).WithTags("Volumes").WithSummary("List snapshots of volumes: none");
        }

        project.MapGet("/os-availability-zone", ListAvailabilityZones.Handle).RequiresRole(Role.Reader).WithTags("Volumes").WithSummary("List the zones for volumes: one");

        var types = project.MapGroup("/types").WithTags("Storage templates").WithExampleId(TemplateId);
        types.MapGet("", ListVolumeTypes.HandleAsync).RequiresRole(Role.Reader).WithParameters(RouteParameter.Page).WithSummary("List storage templates");
        types.MapGet("/{id}", ShowVolumeType.HandleAsync).RequiresRole(Role.Reader).WithSummary("Show a storage template; the id default stands for the default template");
    }
}
