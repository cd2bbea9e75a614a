using ImageBackup.Api.Auth;
using ImageBackup.Api.Http;

namespace ImageBackup.Api.Routes.Services;

/// <summary>The routes of services, below <c>/v3/{project_id}</c>.</summary>
internal static class ServiceEndpoints
{
    public static void MapServices(this RouteGroupBuilder project)
    {
        var services = project.MapGroup("/os-services").WithTags("Services");
        services.MapGet("", ListServices.HandleAsync).RequiresRole(Role.Admin).WithParameters(ListServices.Host, ListServices.Binary).WithSummary("List the services that run operations");
        services.MapPut("/enable", SetServiceStatus.EnableAsync).RequiresRole(Role.Admin).WithSummary("Let a service take operations again");
        services.MapPut("/disable", SetServiceStatus.DisableAsync).RequiresRole(Role.Admin).WithSummary("Let a service finish its operations and take no new ones");
        services.MapPut("/disable-log-reason", SetServiceStatus.DisableWithReasonAsync).RequiresRole(Role.Admin).WithSummary("Disable a service and record why");
    }
}
