using ImageBackup.Api.Http;

namespace ImageBackup.Api.Swagger;

/// <summary>What the document says of a route beyond what its handler shows.</summary>
internal sealed record RouteNote
{
    /// <summary>What the document writes JSON as.</summary>
    public const string Json = "application/json";

    public Type? Body { get; init; }

    public string MediaType { get; init; } = Json;

    /// <summary>Whether the route does without the body too.</summary>
    public bool IsBodyOptional { get; init; }

    /// <summary>Bodies that work as they stand; Swagger UI offers them.</summary>
    public IReadOnlyList<BodyExample> Examples { get; init; } = [];

    public IReadOnlyList<RouteParameter> Parameters { get; init; } = [];

    /// <summary>What stands for <c>{id}</c> as an example.</summary>
    public string Id { get; init; } = "1";

    public int Success { get; init; } = 200;

    /// <summary>The answer's shape, where the handler's type does not say it.</summary>
    public Type? Answer { get; init; }

    /// <summary>The answer's media types, its own first.</summary>
    public IReadOnlyList<string> AnswerTypes { get; init; } = [Json];

    /// <summary>Other answers that are no faults.</summary>
    public IReadOnlyList<OtherAnswer> Others { get; init; } = [];

    public DocumentedRoute Complete(DocumentedRoute route, Type? handlerAnswer) => route with
    {
        Body = Body is null ? null : new RequestBody(Body) { MediaType = MediaType, IsOptional = IsBodyOptional },
        Examples = [.. Examples.Select(example => new BodyExampleAttribute(example.Summary, example.Json))],
        Parameters = Parameters,
        ExampleId = Id,
        Responses = [new RouteResponse(Success, null, Answer ?? handlerAnswer, [.. AnswerTypes]), .. Others.Select(other => new RouteResponse(other.Status, other.Why, other.Body, AnswerTypes[0]))],
    };
}

/// <summary>One body as it can be sent.</summary>
internal sealed record BodyExample(string Summary, string Json);

/// <summary>An answer beside the usual one.</summary>
internal sealed record OtherAnswer(int Status, string Why, Type? Body = null);
