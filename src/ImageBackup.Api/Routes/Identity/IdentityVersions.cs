using ImageBackup.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.Identity;

/// <summary><c>GET /identity</c> and <c>GET /identity/v3</c>: Keystone's version discovery, which asks for no token.</summary>
internal static class IdentityVersions
{
    private static readonly object[] MediaTypes =
    [
        new Dictionary<string, string> { ["base"] = "application/json", ["type"] = "application/vnd.openstack.identity-v3+json" },
    ];

    /// <summary>The list, which Keystone answers with 300.</summary>
    public static JsonHttpResult<object> List(HttpContext context) => TypedResults.Json<object>(
        new { versions = new { values = new[] { V3(context) } } }, statusCode: StatusCodes.Status300MultipleChoices);

    /// <summary>The one version.</summary>
    public static JsonHttpResult<object> One(HttpContext context) => TypedResults.Json<object>(new { version = V3(context) });

    private static Dictionary<string, object> V3(HttpContext context) => new()
    {
        ["id"] = "v3.14",
        ["status"] = "stable",
        ["updated"] = "2020-04-07T00:00:00Z",
        ["links"] = new[] { new Link("self", $"{context.ServiceUrl()}{IdentityRoutes.Prefix}/v3/") },
        ["media-types"] = MediaTypes,
    };
}
