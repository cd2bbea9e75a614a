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

    public IReadOnlyList<ParameterNote> Parameters { get; init; } = [];

    /// <summary>What stands for <c>{id}</c> as an example.</summary>
    public string Id { get; init; } = "1";

    public int Success { get; init; } = 200;

    /// <summary>The answer's shape, where the handler's type does not say it.</summary>
    public Type? Answer { get; init; }

    /// <summary>The answer's media types, its own first.</summary>
    public IReadOnlyList<string> AnswerTypes { get; init; } = [Json];

    /// <summary>Other answers that are no faults.</summary>
    public IReadOnlyList<OtherAnswer> Others { get; init; } = [];

    /// <summary>True where a log-in's token stands in the answer's header.</summary>
    public bool AnswersToken { get; init; }
}

/// <summary>A parameter beyond those of the path. <paramref name="Type"/> is OpenAPI's: string, integer or boolean.</summary>
internal sealed record ParameterNote(string Name, string Type, string Description, string? Example = null, bool Required = false, bool IsHeader = false);

/// <summary>One body as it can be sent.</summary>
internal sealed record BodyExample(string Summary, string Json);

/// <summary>An answer beside the usual one.</summary>
internal sealed record OtherAnswer(int Status, string Why, Type? Body = null);
