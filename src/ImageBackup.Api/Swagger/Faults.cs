using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ImageBackup.Api.Swagger;

/// <summary>One fault: its status, the key of its body, when it comes, and what it says for example.</summary>
internal sealed record Fault(int Status, string Key, string Why, string Example)
{
    /// <summary>The name of the document's response; Keystone's routes have a shape of their own.</summary>
    public string ResponseName(bool isKeystone) => (isKeystone ? "Keystone" : "Fault") + Status;
}

/// <summary>Every fault there is, once in the document; operations refer to them.</summary>
internal sealed class Faults : IDocumentFilter
{
    private const string Error = "error";

    public static readonly Fault[] All =
    [
        new(400, "badRequest", "A field or its value is wrong, or the present state does not allow it; the message says which, and what is accepted.", "Invalid input for field/attribute compression. Value: bzip2. 'bzip2' is not one of ['True', 'Fast', 'False'] (in any case, or a boolean)"),
        new(401, Error, "There is no token, or it is not valid any more.", "The request you have made requires authentication."),
        new(403, "forbidden", "The token's role is not enough.", "Policy doesn't allow this: it asks for the role admin."),
        new(404, "itemNotFound", "There is nothing of that id, for this project.", "The resource could not be found."),
        new(406, "computeFault", "The microversion in OpenStack-API-Version is out of range.", "Version 3.99 is not supported by the API. Minimum is 3.0 and maximum is 3.71."),
        new(409, "conflictingRequest", "A name is taken, or something else holds what is to change.", "Property release does not exist."),
        new(413, "overLimit", "The body is larger than 114688 bytes.", "Request is too large."),
        new(415, "badMediaType", "The body has another media type.", "Unsupported Content-Type"),
        new(429, "overLimit", "This client has sent too many requests; Retry-After says when to go on.", "This client has sent too many requests. Retry after 1 second."),
        new(500, "computeFault", "A fault of the service; its log has the reason under the request id.", "The server has either erred or is incapable of performing the requested operation."),
        new(503, "serviceUnavailable", "A node, a store or a disk that is needed is not available.", "Bucket 'bucket-1' at http://127.0.0.1:9: the store is unavailable (Connection refused)."),
    ];

    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        var fault = context.SchemaGenerator.GenerateSchema(typeof(FaultFields), context.SchemaRepository);
        var keystone = context.SchemaGenerator.GenerateSchema(typeof(KeystoneFaultFields), context.SchemaRepository);
        swaggerDoc.Components ??= new OpenApiComponents();
        swaggerDoc.Components.Responses ??= new Dictionary<string, IOpenApiResponse>();
        foreach (var entry in All)
        {
            swaggerDoc.Components.Responses[entry.ResponseName(false)] = Response(entry, entry.Key, entry.Key == Error ? keystone : fault);
            if (entry.Status is not (406 or 409))
            {
                swaggerDoc.Components.Responses[entry.ResponseName(true)] = Response(entry, Error, keystone);
            }
        }
    }

    private static JsonObject Keystone(Fault entry)
        => new() { ["code"] = entry.Status, ["title"] = ReasonPhrases.GetReasonPhrase(entry.Status), ["message"] = entry.Example };

    private static OpenApiResponse Response(Fault entry, string key, IOpenApiSchema fields) => new()
    {
        Description = entry.Why,
        Content = new Dictionary<string, IOpenApiMediaType>
        {
            [DocumentedRoute.JsonType] = new OpenApiMediaType
            {
                Example = new JsonObject { [key] = key == Error ? Keystone(entry) : new JsonObject { ["code"] = entry.Status, ["message"] = entry.Example } },
                Schema = new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    Required = new HashSet<string> { key },
                    Properties = new Dictionary<string, IOpenApiSchema> { [key] = fields },
                    AdditionalPropertiesAllowed = false,
                },
            },
        },
    };
}

/// <summary>What is wrong.</summary>
/// <param name="Code" example="400">The status of the answer.</param>
/// <param name="Message" example="Invalid input for field/attribute compression. Value: bzip2. 'bzip2' is not one of ['True', 'Fast', 'False'] (in any case, or a boolean)">What is wrong, naming field, value and what is accepted.</param>
internal sealed record FaultFields(int Code, string Message);

/// <summary>What is wrong, as Keystone says it.</summary>
/// <param name="Code" example="401">The status of the answer.</param>
/// <param name="Title" example="Unauthorized">The status in words.</param>
/// <param name="Message" example="The request you have made requires authentication.">What is wrong.</param>
internal sealed record KeystoneFaultFields(int Code, string Title, string Message);
