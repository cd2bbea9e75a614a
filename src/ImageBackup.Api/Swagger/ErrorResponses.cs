using System.Text.Json.Nodes;
using ImageBackup.Api.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ImageBackup.Api.Swagger;

/// <summary>Describes every error once. Operations refer to these descriptions.</summary>
internal sealed class ErrorResponses : IDocumentFilter
{
    private static readonly Dictionary<int, (string Reason, string Message)> All = new()
    {
        [400] = ("A field or its value is wrong, or the current status does not allow the operation. The message names the field and what is accepted.", "Invalid input for field/attribute compression. Value: bzip2. 'bzip2' is not one of ['True', 'Fast', 'False'] (in any case, or a boolean)"),
        [401] = ("The token is missing or no longer valid.", "The request you have made requires authentication."),
        [403] = ("The token's role is not sufficient.", "Policy doesn't allow this: it asks for the role admin."),
        [404] = ("The project has no item with this id.", "The resource could not be found."),
        [406] = ("The microversion in OpenStack-API-Version is out of range.", "Version 3.99 is not supported by the API. Minimum is 3.0 and maximum is 3.71."),
        [409] = ("A name is already taken, or the item is in use.", "Property release does not exist."),
        [413] = ("The body is larger than 114688 bytes, or the disk in the file of an image is larger than 64 TiB.", "Request is too large."),
        [415] = ("The body has another media type, or the file of an image is not a disk of the declared format.", "Unsupported Content-Type"),
        [429] = ("This client has sent too many requests. Retry-After has the seconds to wait.", "This client has sent too many requests. Retry after 1 second."),
        [500] = ("An unexpected error of the service. Its log has the reason under the request id.", ErrorWriter.UnexpectedError),
        [503] = ("A required backup node, object store or disk is not available.", "Bucket 'bucket-1' at http://127.0.0.1:9: the store is unavailable (Connection refused)."),
    };

    /// <summary>The statuses of the errors.</summary>
    public static IEnumerable<int> Statuses => All.Keys;

    /// <summary>Returns the name of an error's description. The routes of Keystone have a shape of their own.</summary>
    public static string NameOf(int status, bool isKeystone) => (isKeystone ? "KeystoneError" : "Error") + status;

    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        var error = context.SchemaGenerator.GenerateSchema(typeof(ErrorResponse), context.SchemaRepository);
        var keystoneError = context.SchemaGenerator.GenerateSchema(typeof(KeystoneErrorResponse), context.SchemaRepository);
        swaggerDoc.Components ??= new OpenApiComponents();
        swaggerDoc.Components.Responses ??= new Dictionary<string, IOpenApiResponse>();
        foreach (var (status, (reason, message)) in All)
        {
            var keystone = Response(reason, ErrorWriter.KeystoneKey, keystoneError, new JsonObject { ["code"] = status, ["title"] = ReasonPhrases.GetReasonPhrase(status), ["message"] = message });
            swaggerDoc.Components.Responses[NameOf(status, isKeystone: false)] = status == StatusCodes.Status401Unauthorized
                ? keystone
                : Response(reason, ErrorWriter.KeyOf(status), error, new JsonObject { ["code"] = status, ["message"] = message });
            if (status is not (406 or 409))
            {
                swaggerDoc.Components.Responses[NameOf(status, isKeystone: true)] = keystone;
            }
        }
    }

    private static OpenApiResponse Response(string reason, string key, IOpenApiSchema schema, JsonObject example) => new()
    {
        Description = reason,
        Content = new Dictionary<string, IOpenApiMediaType>
        {
            [DocumentedRoute.JsonType] = new OpenApiMediaType
            {
                Example = new JsonObject { [key] = example },
                Schema = new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    Required = new HashSet<string> { key },
                    Properties = new Dictionary<string, IOpenApiSchema> { [key] = schema },
                    AdditionalPropertiesAllowed = false,
                },
            },
        },
    };
}
