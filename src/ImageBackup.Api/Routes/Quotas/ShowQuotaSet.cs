using ImageBackup.Api.Http;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Quotas;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.Quotas;

/// <summary>GET /v3/{project_id}/os-quota-sets/{target} and /v3/{project_id}/os-quota-sets/{target}/defaults</summary>
internal static class ShowQuotaSet
{
    public static readonly RouteParameter Usage = new("usage", "boolean", "Whether each quota is an object that also has what the project uses.");

    public static async Task<Ok<Enveloped<QuotaSetResponse>>> HandleAsync(string target, HttpContext context, QuotaStore quotas, CancellationToken cancellationToken)
    {
        var caller = context.Caller();
        return caller.IsAdmin || caller.ProjectId == target
            ? Enveloped.Ok(QuotaSetResponse.Of(target, await quotas.GetAsync(target, cancellationToken), context.QueryBoolean("usage")))
            : throw new NotFoundException($"Quotas of project {target} could not be found. Only an administrator sees those of another project.");
    }

    public static Ok<Enveloped<QuotaSetResponse>> HandleDefaults(string target)
        => Enveloped.Ok(QuotaSetResponse.Of(target, new Dictionary<string, Quota>(), withUsage: false));
}
