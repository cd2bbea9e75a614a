using ImageBackup.Api.Auth;
using ImageBackup.Api.Http;

namespace ImageBackup.Api.Routes.Quotas;

/// <summary>The routes of quotas and limits, below <c>/v3/{project_id}</c>.</summary>
internal static class QuotaEndpoints
{
    public static void MapQuotas(this RouteGroupBuilder project)
    {
        project.MapGet("/limits", ShowLimits.HandleAsync).RequiresRole(Role.Reader).WithTags("Quotas").WithSummary("Show the limits of the project and what it uses");
        var quotas = project.MapGroup("/os-quota-sets/{target}").WithTags("Quotas");
        quotas.MapGet("", ShowQuotaSet.HandleAsync).RequiresRole(Role.Reader).WithParameters(ShowQuotaSet.Usage).WithSummary("Show the quotas of a project");
        quotas.MapGet("/defaults", ShowQuotaSet.HandleDefaults).RequiresRole(Role.Reader).WithSummary("Show the quotas of a project for which none was set: no limits");
        quotas.MapPut("", UpdateQuotaSet.HandleAsync).RequiresRole(Role.Admin).WithSummary("Set quotas of a project");
        quotas.MapDelete("", UpdateQuotaSet.HandleDeleteAsync).RequiresRole(Role.Admin).WithSummary("Remove the quotas of a project");
    }
}
