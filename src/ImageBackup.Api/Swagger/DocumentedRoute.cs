using System.Reflection;
using System.Text.RegularExpressions;
using ImageBackup.Api.Http;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.ApiExplorer;

namespace ImageBackup.Api.Swagger;

/// <summary>A route as its handler and its metadata declare it.</summary>
internal sealed partial record DocumentedRoute
{
    public DocumentedRoute(ApiDescription description)
    {
        var metadata = description.ActionDescriptor.EndpointMetadata;
        Method = description.HttpMethod!.ToUpperInvariant();
        Path = Constraint().Replace("/" + (description.RelativePath ?? "").Trim('/'), "{$1}");
        IsOpen = metadata.OfType<IAllowAnonymous>().Any();
        Parameters = [.. metadata.OfType<RouteParameter>()];
        Headers = [.. metadata.OfType<ResponseHeader>()];
        Errors = [.. metadata.OfType<RouteError>().Select(error => error.Status)];
        Body = Method == HttpMethods.Get ? null : metadata.OfType<RequestBody>().LastOrDefault();
        Examples = [.. (Body?.Type.GetElementType() ?? Body?.Type)?.GetCustomAttributes<BodyExampleAttribute>() ?? []];
        ExampleId = metadata.OfType<ExampleId>().LastOrDefault()?.Value ?? "1";
        Responses = [.. metadata.OfType<RouteResponse>()];
        if (Responses.Count == 0)
        {
            Responses = [.. description.SupportedResponseTypes.Select(type => new RouteResponse(type.StatusCode, null, type.Type == typeof(void) ? null : type.Type, JsonType))];
        }
    }

    /// <summary>The media type of JSON.</summary>
    public const string JsonType = "application/json";

    public string Method { get; }

    /// <summary>The path without constraints, such as <c>/v3/{project_id}/volumes</c>.</summary>
    public string Path { get; }

    /// <summary>True if no token is needed.</summary>
    public bool IsOpen { get; }

    public RequestBody? Body { get; init; }

    public IReadOnlyList<BodyExampleAttribute> Examples { get; init; }

    /// <summary>The parameters beyond those of the path.</summary>
    public IReadOnlyList<RouteParameter> Parameters { get; init; }

    /// <summary>The example for <c>{id}</c> in the path.</summary>
    public string ExampleId { get; init; }

    /// <summary>The successful responses, the usual one first.</summary>
    public IReadOnlyList<RouteResponse> Responses { get; init; }

    /// <summary>The headers of the successful response.</summary>
    public IReadOnlyList<ResponseHeader> Headers { get; init; }

    /// <summary>The statuses of errors beyond the usual ones.</summary>
    public IReadOnlyList<int> Errors { get; init; }

    /// <summary>Returns true if the route can answer with an error of the status.</summary>
    public bool CanFail(int status) => Errors.Contains(status) || status switch
    {
        401 or 403 or 503 => !IsOpen,
        404 => Path.Contains("id}", StringComparison.Ordinal),
        406 => Path.StartsWith("/v3/", StringComparison.Ordinal),
        409 => Method != HttpMethods.Get && Path.StartsWith("/v", StringComparison.Ordinal),
        413 => Body is not null && Body.Type != typeof(Stream),
        415 => Body is not null,
        _ => true,
    };

    [GeneratedRegex(@"\{(\w+):[^/]*\}")]
    private static partial Regex Constraint();
}
