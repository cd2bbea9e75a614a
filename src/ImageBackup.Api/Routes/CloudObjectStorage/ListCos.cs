using System.Globalization;
using ImageBackup.Api.Http;
using ImageBackup.Core.Buckets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.CloudObjectStorage;

/// <summary><c>GET /v3/{project_id}/cos</c></summary>
internal static class ListCos
{
    public static async Task<JsonHttpResult<Dictionary<string, object>>> HandleAsync(HttpContext context, CosStore store, CancellationToken cancellationToken)
    {
        var page = await store.ListAsync(context.Caller().ProjectId, context.QueryString("name"), context.QueryPage(), cancellationToken);
        return ListAnswer.For(context, "cos", page, CosView.Of, cos => cos.Id.ToString(CultureInfo.InvariantCulture));
    }
}
