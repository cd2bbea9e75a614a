using ImageBackup.Api.Http;
using ImageBackup.Api.Routes.Images;
using ImageBackup.Identity.Users;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace ImageBackup.Api.Routes.Identity;

/// <summary><c>GET /identity/v3/auth/catalog</c>: the services in the token's project.</summary>
internal static class Catalog
{
    public static Ok<CatalogResponse> Handle(HttpContext context, IOptions<IdentityOptions> options)
        => TypedResults.Ok(new CatalogResponse(
            CatalogResponse.Services(context, context.Caller().ProjectId, options.Value.Region), PageLinksResponse.For(context)));
}

/// <summary>The catalog.</summary>
/// <param name="Catalog">The services.</param>
/// <param name="Links">The page of the list.</param>
internal sealed record CatalogResponse(IReadOnlyList<CatalogServiceResponse> Catalog, PageLinksResponse Links)
{
    private static readonly string[] Interfaces = ["public", "internal", "admin"];

    /// <summary>Returns the services in a project: Cinder under the types that its clients ask for, Glance and Keystone.</summary>
    public static IReadOnlyList<CatalogServiceResponse> Services(HttpContext context, string projectId, string region)
    {
        var service = context.ServiceUrl();
        return
        [
            Service("block-storage", "cinder", $"{service}/v3/{projectId}", region),
            Service("volume", "cinder", $"{service}/v3/{projectId}", region),
            Service("volumev2", "cinderv2", $"{service}/v3/{projectId}", region),
            Service("volumev3", "cinderv3", $"{service}/v3/{projectId}", region),
            Service("image", "glance", service + ImagePrefix.Path, region),
            Service("identity", "keystone", $"{service}{KeystoneAddress.Path}/v3/", region),
        ];
    }

    private static CatalogServiceResponse Service(string type, string name, string url, string region)
        => new(type, type, name, [.. Interfaces.Select(access => new CatalogEndpointResponse($"{type}-{access}", access, region, region, url))]);
}

/// <summary>A service.</summary>
/// <param name="Id" example="image">The id.</param>
/// <param name="Type" example="image">The type.</param>
/// <param name="Name" example="glance">The name.</param>
/// <param name="Endpoints">The addresses.</param>
internal sealed record CatalogServiceResponse(string Id, string Type, string Name, IReadOnlyList<CatalogEndpointResponse> Endpoints);

/// <summary>The address of a service.</summary>
/// <param name="Id" example="image-public">The id.</param>
/// <param name="Interface" example="public">public, internal or admin.</param>
/// <param name="Region" example="RegionOne">The region.</param>
/// <param name="RegionId" example="RegionOne">The region.</param>
/// <param name="Url" example="http://127.0.0.1:9000/image">The address.</param>
internal sealed record CatalogEndpointResponse(string Id, string Interface, string Region, string RegionId, string Url);
