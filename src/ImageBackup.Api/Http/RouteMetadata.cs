namespace ImageBackup.Api.Http;

/// <summary>Endpoint metadata for OpenAPI: the body that a route reads.</summary>
/// <param name="Type">The request record.</param>
internal sealed record RequestBody(Type Type)
{
    public bool IsOptional { get; init; }

    public string MediaType { get; init; } = "application/json";
}

/// <summary>Endpoint metadata for OpenAPI: a query parameter or header. <paramref name="Type"/> is OpenAPI's: string, integer or boolean.</summary>
internal sealed record RouteParameter(string Name, string Type, string Description, string? Example = null, bool IsRequired = false, bool IsHeader = false)
{
    /// <summary>The parameters of one page of a list.</summary>
    public static readonly RouteParameter[] Page =
    [
        new("limit", "integer", "Maximum number of items, up to 1000.", "100"),
        new("marker", "string", "The last item of the previous page. Each page contains the full address of the next page."),
        new("offset", "integer", "Number of items to skip."),
    ];

    /// <summary>The parameters of most lists.</summary>
    public static readonly RouteParameter[] List =
    [
        .. Page,
        new("sort", "string", "Sort keys, separated by commas: key[:asc|desc]. The default direction is desc.", "created_at:desc"),
        new("with_count", "boolean", "Whether the response contains the number of items on all pages."),
        new("name", "string", "Only items with this name."),
        new("name~", "string", "Only items whose name contains this text, in upper or lower case. A page can have fewer items than the limit while a next page follows."),
    ];
}

/// <summary>Endpoint metadata for OpenAPI: a successful response that the handler's result type does not declare.</summary>
/// <param name="Status">The status code.</param>
/// <param name="Description">When the service answers so; null for the usual text of the status.</param>
/// <param name="Type">The body; null if there is none.</param>
/// <param name="MediaTypes">The body's media types, the usual one first.</param>
internal sealed record RouteResponse(int Status, string? Description, Type? Type, params string[] MediaTypes);

/// <summary>Endpoint metadata for OpenAPI: an example for <c>{id}</c> in the path.</summary>
internal sealed record ExampleId(string Value);

/// <summary>Endpoint metadata for OpenAPI: a header of the successful response.</summary>
internal sealed record ResponseHeader(string Name, string Description);

/// <summary>Endpoint metadata for OpenAPI: an error beyond those that every route of its kind has.</summary>
internal sealed record RouteError(int Status);

/// <summary>Adds OpenAPI metadata to routes.</summary>
internal static class RouteMetadata
{
    /// <summary>Declares query parameters and headers.</summary>
    public static TBuilder WithParameters<TBuilder>(this TBuilder builder, params RouteParameter[] parameters)
        where TBuilder : IEndpointConventionBuilder
        => builder.WithMetadata([.. parameters]);

    /// <summary>Declares a body that the route reads only if one is sent.</summary>
    public static TBuilder WithOptionalBody<TBuilder>(this TBuilder builder, Type type)
        where TBuilder : IEndpointConventionBuilder
        => builder.WithMetadata(new RequestBody(type) { IsOptional = true });

    /// <summary>Declares a successful response. Its media type is JSON unless others are given.</summary>
    public static TBuilder WithResponse<TBuilder>(this TBuilder builder, int status, Type? type, string? description = null, params string[] mediaTypes)
        where TBuilder : IEndpointConventionBuilder
        => builder.WithMetadata(new RouteResponse(status, description, type, mediaTypes is [] ? ["application/json"] : mediaTypes));

    /// <summary>Declares a header of the successful response.</summary>
    public static TBuilder WithResponseHeader<TBuilder>(this TBuilder builder, string name, string description)
        where TBuilder : IEndpointConventionBuilder
        => builder.WithMetadata(new ResponseHeader(name, description));

    /// <summary>Declares an error beyond those that every route of its kind has.</summary>
    public static TBuilder WithError<TBuilder>(this TBuilder builder, int status)
        where TBuilder : IEndpointConventionBuilder
        => builder.WithMetadata(new RouteError(status));

    /// <summary>Declares the example for <c>{id}</c> in the path. The default is 1.</summary>
    public static TBuilder WithExampleId<TBuilder>(this TBuilder builder, string id)
        where TBuilder : IEndpointConventionBuilder
        => builder.WithMetadata(new ExampleId(id));
}
