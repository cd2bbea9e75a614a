using System.Text.Json.Serialization;
using ImageBackup.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.Identity;

/// <summary><c>GET /identity</c> and <c>GET /identity/v3</c>: Keystone's version discovery, without authentication.</summary>
internal static class IdentityVersions
{
    public static JsonHttpResult<IdentityVersionListResponse> List(HttpContext context)
        => TypedResults.Json(new IdentityVersionListResponse(new IdentityVersionValuesResponse([V3(context)])), statusCode: StatusCodes.Status300MultipleChoices);

    public static Ok<Enveloped<IdentityVersionResponse>> Show(HttpContext context) => Enveloped.Ok(V3(context));

    private static IdentityVersionResponse V3(HttpContext context) => new(
        "v3.14",
        "stable",
        "2020-04-07T00:00:00Z",
        [new Link("self", $"{context.ServiceUrl()}{KeystoneAddress.Path}/v3/")],
        [new MediaTypeResponse("application/json", "application/vnd.openstack.identity-v3+json")]);
}

/// <summary>Version discovery.</summary>
/// <param name="Versions">The versions.</param>
internal sealed record IdentityVersionListResponse(IdentityVersionValuesResponse Versions);

/// <summary>The versions.</summary>
/// <param name="Values">The only version.</param>
internal sealed record IdentityVersionValuesResponse(IReadOnlyList<IdentityVersionResponse> Values);

/// <summary>A version.</summary>
/// <param name="Id" example="v3.14">Keystone's name of the version.</param>
/// <param name="Status" example="stable">Always stable.</param>
/// <param name="Updated" example="2020-04-07T00:00:00Z">When Keystone published the version.</param>
/// <param name="Links">The address.</param>
/// <param name="MediaTypes">The media types.</param>
[Envelope("version")]
internal sealed record IdentityVersionResponse(
    string Id,
    string Status,
    string Updated,
    IReadOnlyList<Link> Links,
    [property: JsonPropertyName("media-types")] IReadOnlyList<MediaTypeResponse> MediaTypes);

/// <summary>A media type.</summary>
/// <param name="Base" example="application/json">The general type.</param>
/// <param name="Type" example="application/vnd.openstack.identity-v3+json">The type of the version.</param>
internal sealed record MediaTypeResponse(string Base, string Type);
