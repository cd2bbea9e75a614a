using System.Text.Json.Nodes;
using NJsonSchema;

namespace ImageBackup.Api.Tests.Documentation;

/// <summary>The OpenAPI document, and the validation of responses against it.</summary>
internal sealed class ApiDocument
{
    private const string Components = "#/components/schemas/";

    private readonly JsonNode _root;
    private readonly Dictionary<string, string> _names = [];
    private JsonSchema? _judge;

    public ApiDocument(string json)
    {
        _root = JsonNode.Parse(json)!;
        Operations =
        [
            .. _root["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(operation => new ApiOperation(operation.Key.ToUpperInvariant(), path.Key, operation.Value!))),
        ];
    }

    public JsonObject Schemas => _root["components"]!["schemas"]!.AsObject();

    public IReadOnlyList<ApiOperation> Operations { get; }

    /// <summary>Returns the documented response of a status, with its reference resolved, or null for an undocumented status.</summary>
    public JsonNode? Response(ApiOperation operation, int status)
    {
        var response = operation.Node["responses"]![$"{status}"];
        return (string?)response?["$ref"] is { } reference ? _root["components"]!["responses"]![reference.Split('/')[^1]] : response;
    }

    /// <summary>Returns the differences between a response and its documentation.</summary>
    public async Task<string?> FindDifferenceAsync(ApiOperation operation, HttpResponseMessage answer)
    {
        var status = (int)answer.StatusCode;
        var text = await answer.Content.ReadAsStringAsync();
        if (Response(operation, status) is not { } response)
        {
            return $"{operation.Name} answers {status}, which is not documented: {text}";
        }

        if (response["content"] is not { } content)
        {
            return text.Length == 0 ? null : $"{operation.Name} answers {status} with a body that is not documented: {text}";
        }

        var type = answer.Content.Headers.ContentType?.MediaType ?? "";
        if (content[type] is not { } media)
        {
            return $"{operation.Name} answers {status} as '{type}', documented are {string.Join(", ", content.AsObject().Select(pair => pair.Key))}.";
        }

        var problems = type == "application/json" ? await ValidateAsync(media["schema"]!, text) : text.Length > 0 ? null : "empty";
        return problems is null ? null : $"{operation.Name} answers {status}: {problems} in {text}";
    }

    /// <summary>Returns the violations of a schema by a JSON text, or null if there are none.</summary>
    public async Task<string?> ValidateAsync(JsonNode schema, string json)
    {
        _judge ??= await CompileAsync();
        var problems = _judge.Validate($"{{\"{_names[schema.ToJsonString()]}\":{json}}}");
        return problems.Count == 0 ? null : string.Join("; ", problems.Select(problem => $"{problem.Path} {problem.Kind}"));
    }

    /// <summary>One schema for all: compiling each schema with everything it refers to takes a minute.</summary>
    private async Task<JsonSchema> CompileAsync()
    {
        var media = Operations.SelectMany(operation => operation.Node["responses"]!.AsObject().Select(response => Response(operation, int.Parse(response.Key, null))!["content"])
            .Append(operation.Node["requestBody"]?["content"])).OfType<JsonObject>();
        foreach (var schema in media.SelectMany(content => content.Select(pair => pair.Value!["schema"]!)))
        {
            _names.TryAdd(schema.ToJsonString(), $"schema{_names.Count}");
        }

        var whole = new JsonObject
        {
            ["properties"] = new JsonObject(_names.Select(pair => KeyValuePair.Create(pair.Value, JsonNode.Parse(pair.Key)))),
            ["definitions"] = Schemas.DeepClone(),
        };
        return await JsonSchema.FromJsonAsync(Dialect(whole).ToJsonString().Replace(Components, "#/definitions/", StringComparison.Ordinal));
    }

    /// <summary>OpenAPI 3.0 has <c>nullable</c> instead of JSON Schema's type <c>null</c>.</summary>
    private static JsonNode Dialect(JsonNode node)
    {
        foreach (var child in node is JsonObject parent ? parent.Select(pair => pair.Value).ToList() : node is JsonArray list ? [.. list] : [])
        {
            if (child is not null)
            {
                Dialect(child);
            }
        }

        if (node is JsonObject schema && schema["nullable"] is JsonValue nullable && nullable.TryGetValue<bool>(out var isNullable) && isNullable)
        {
            schema["type"] = new JsonArray((string?)schema["type"], "null");
            (schema["enum"] as JsonArray)?.Add((JsonNode?)null);
        }

        return node;
    }
}

/// <summary>One operation of the document.</summary>
internal sealed record ApiOperation(string Method, string Path, JsonNode Node)
{
    /// <summary>Such as <c>GET /v3/{project_id}/volumes</c>.</summary>
    public string Name => $"{Method} {Path}";

    public IEnumerable<JsonNode> Parameters => Node["parameters"]?.AsArray().Select(parameter => parameter!) ?? [];

    /// <summary>True if a token is required: the document's rule, unless the operation overrides it.</summary>
    public bool IsGuarded => Node["security"] is not JsonArray { Count: 0 };

    public int Success => Node["responses"]!.AsObject().Select(response => int.Parse(response.Key, null)).First(status => status < 400);

    /// <summary>The media type and schema of the request body, or null without a body.</summary>
    public (string Type, JsonNode Media)? Body
        => Node["requestBody"]?["content"]?.AsObject().Select(pair => ((string, JsonNode)?)(pair.Key, pair.Value!)).Single();

    public bool IsBodyRequired => (bool?)Node["requestBody"]?["required"] == true;

    /// <summary>The example bodies, or one empty body.</summary>
    public IReadOnlyList<string?> Examples
        => Body?.Media["examples"]?.AsObject().Select(example => (string?)example.Value!["value"]!.ToJsonString()).ToList() ?? [null];
}
