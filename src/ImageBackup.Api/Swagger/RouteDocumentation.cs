using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using ImageBackup.Core.Settings;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ImageBackup.Api.Swagger;

/// <summary>Completes each operation: parameters that handlers read by hand, bodies, what success looks like, and every fault.</summary>
internal sealed partial class RouteDocumentation : IOperationFilter
{
    private const string Json = "application/json";

    private static readonly (int Status, string Why)[] Faults =
    [
        (400, "A field or its value is wrong, or the present state does not allow it; the message says which, and what is accepted."),
        (404, "There is nothing of that id in this project."),
        (409, "A name is taken, or something else holds what is to change."),
        (413, "The body is larger than 114688 bytes."),
        (415, "The body has another media type."),
        (429, "This client has sent too many requests; Retry-After says when to go on."),
        (500, "A fault of the service; its log has the reason under the request id."),
        (503, "A node, a store or a disk that is needed is not available."),
    ];

    private static readonly (int Status, string Why)[] TokenFaults =
    [
        (401, "There is no token, or it is not valid any more."),
        (403, "The token's role is not enough."),
    ];

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var description = context.ApiDescription;
        var method = description.HttpMethod!.ToUpperInvariant();
        var path = Constraint().Replace("/" + (description.RelativePath ?? "").Trim('/'), "{$1}");
        var note = RouteNotes.Find(method, path);
        operation.OperationId = OperationId(method, path);
        operation.Parameters = [.. Parameters(path, note)];
        if (note?.Body is { } body)
        {
            operation.RequestBody = new OpenApiRequestBody { Required = true, Content = Content(body, note.MediaType, context) };
        }

        operation.Responses = Responses(note?.Success ?? (method == "DELETE" ? 204 : 200), context);
    }

    private static IEnumerable<IOpenApiParameter> Parameters(string path, RouteNote? note)
    {
        foreach (Match name in PathParameter().Matches(path))
        {
            yield return new OpenApiParameter
            {
                Name = name.Groups[1].Value,
                In = ParameterLocation.Path,
                Required = true,
                Description = name.Groups[1].Value == "project_id" ? "The project: hex digits and dashes." : "The item's id.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                Example = name.Groups[1].Value == "project_id" ? new AuthOptions().ProjectId : path.StartsWith("/v2", StringComparison.Ordinal) ? "9c219888-1ab0-429e-9282-7cbc6957c839" : "1",
            };
        }

        foreach (var query in note?.Query ?? [])
        {
            yield return new OpenApiParameter
            {
                Name = query.Name,
                In = ParameterLocation.Query,
                Required = query.Required,
                Description = query.Description,
                Schema = new OpenApiSchema { Type = TypeOf(query.Type) },
                Example = query.Example is null ? null : query.Type == "integer" ? int.Parse(query.Example, CultureInfo.InvariantCulture) : query.Example,
            };
        }
    }

    private static OpenApiResponses Responses(int success, OperationFilterContext context)
    {
        var responses = new OpenApiResponses
        {
            [$"{success}"] = new OpenApiResponse
            {
                Description = success switch { 201 => "Created.", 202 => "Accepted; the work goes on.", 204 => "Done.", 300 => "The versions there are.", _ => "The answer." },
                Content = Answer(context.MethodInfo) is { } answer ? Content(answer, Json, context) : null,
            },
        };
        var isOpen = context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<IAllowAnonymous>().Any();
        foreach (var (status, why) in Faults.Concat(isOpen ? [] : TokenFaults).OrderBy(fault => fault.Status))
        {
            responses[$"{status}"] = new OpenApiResponse { Description = why, Content = Content(typeof(FaultDocument), Json, context) };
        }

        return responses;
    }

    private static Dictionary<string, IOpenApiMediaType> Content(Type type, string mediaType, OperationFilterContext context) => new()
    {
        [mediaType] = new OpenApiMediaType
        {
            Schema = type == typeof(Stream)
                ? new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" }
                : context.SchemaGenerator.GenerateSchema(type, context.SchemaRepository),
        },
    };

    /// <summary>What a handler answers with: the T of its <c>JsonHttpResult&lt;T&gt;</c>.</summary>
    private static Type? Answer(MethodInfo handler)
    {
        var result = handler.ReturnType;
        result = result.IsGenericType && result.GetGenericTypeDefinition() == typeof(Task<>) ? result.GetGenericArguments()[0] : result;
        return result.IsGenericType && result.GetGenericTypeDefinition() == typeof(JsonHttpResult<>) ? result.GetGenericArguments()[0] : null;
    }

    private static string OperationId(string method, string path)
        => method.ToLowerInvariant() + string.Concat(Words().Matches(path.Replace("/v3/{project_id}", "", StringComparison.Ordinal)).Select(word => char.ToUpperInvariant(word.Value[0]) + word.Value[1..]));

    private static JsonSchemaType TypeOf(string type) => type switch
    {
        "integer" => JsonSchemaType.Integer,
        "boolean" => JsonSchemaType.Boolean,
        _ => JsonSchemaType.String,
    };

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex PathParameter();

    [GeneratedRegex(@"\{(\w+):[^/]*\}")]
    private static partial Regex Constraint();

    [GeneratedRegex("[A-Za-z0-9]+")]
    private static partial Regex Words();
}
