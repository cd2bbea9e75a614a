using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ImageBackup.Api.Http;
using ImageBackup.Core.Settings;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ImageBackup.Api.Swagger;

/// <summary>Writes each operation from its <see cref="DocumentedRoute"/>: parameters, body with examples, successful responses and errors.</summary>
internal sealed partial class RouteDocumentation : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var route = new DocumentedRoute(context.ApiDescription);
        operation.OperationId = OperationId(route);
        operation.Parameters = [.. PathParameters(route), .. route.Parameters.Select(Parameter)];
        operation.RequestBody = route.Body is { } body ? new OpenApiRequestBody { Required = !body.IsOptional, Content = BodyContent(route, body, context) } : null;
        operation.Responses = Responses(route, context);
        operation.Security = route.IsOpen ? [] : null;
    }

    private static IEnumerable<IOpenApiParameter> PathParameters(DocumentedRoute route)
        => PathParameter().Matches(route.Path).Select(match => match.Groups[1].Value).Select(name => new OpenApiParameter
        {
            Name = name,
            In = ParameterLocation.Path,
            Required = true,
            Description = name switch { "project_id" => "The id of the project: hex digits and dashes.", "tag" => "The tag.", "target" => "The id of the project that the quotas limit.", "name" => "The name of the snapshot.", _ => "The id of the item." },
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            Example = name switch { "project_id" or "target" => new AuthOptions().ProjectId, "tag" => "golden", "name" => "before", _ => route.ExampleId },
        });

    private static OpenApiParameter Parameter(RouteParameter parameter) => new()
    {
        Name = parameter.Name,
        In = parameter.IsHeader ? ParameterLocation.Header : ParameterLocation.Query,
        Required = parameter.IsRequired,
        Description = parameter.Description,
        Schema = new OpenApiSchema { Type = parameter.Type switch { "integer" => JsonSchemaType.Integer, "boolean" => JsonSchemaType.Boolean, _ => JsonSchemaType.String } },
        Example = parameter.Example is null ? null : parameter.Type == "integer" ? int.Parse(parameter.Example, CultureInfo.InvariantCulture) : parameter.Example,
    };

    private static Dictionary<string, IOpenApiMediaType> BodyContent(DocumentedRoute route, RequestBody body, OperationFilterContext context) => new()
    {
        [body.MediaType] = new OpenApiMediaType
        {
            Schema = Schema(IsEnveloped(body.Type) ? typeof(Enveloped<>).MakeGenericType(body.Type) : body.Type, context),
            Examples = route.Examples.Count == 0 ? null : route.Examples.Select((example, i) => (Key: $"{i + 1}", example)).ToDictionary(
                pair => pair.Key,
                pair => (IOpenApiExample)new OpenApiExample { Summary = pair.example.Summary, Value = JsonNode.Parse(pair.example.Json) }),
        },
    };

    private static bool IsEnveloped(Type body) => body.GetCustomAttribute<EnvelopeAttribute>() is { IsOptional: false };

    private static OpenApiResponses Responses(DocumentedRoute route, OperationFilterContext context)
    {
        var responses = new OpenApiResponses();
        foreach (var response in route.Responses)
        {
            responses[$"{response.Status}"] = Success(response, context);
        }

        if (route.Headers.Count > 0)
        {
            ((OpenApiResponse)responses[$"{route.Responses[0].Status}"]).Headers = route.Headers.ToDictionary(
                header => header.Name,
                IOpenApiHeader (header) => new OpenApiHeader { Description = header.Description, Schema = new OpenApiSchema { Type = JsonSchemaType.String } });
        }

        var isKeystone = route.Path.StartsWith(KeystoneAddress.Path, StringComparison.Ordinal);
        foreach (var status in ErrorResponses.Statuses.Where(status => route.CanFail(status) && !responses.ContainsKey($"{status}")))
        {
            responses[$"{status}"] = new OpenApiResponseReference(ErrorResponses.NameOf(status, isKeystone), context.Document);
        }

        return responses;
    }

    private static OpenApiResponse Success(RouteResponse response, OperationFilterContext context) => new()
    {
        Description = response.Description ?? InWords(response, context),
        Content = response.Type is { } type
            ? response.MediaTypes.ToDictionary(
                media => media,
                IOpenApiMediaType (media) => new OpenApiMediaType { Schema = Schema(media.StartsWith("text/", StringComparison.Ordinal) ? typeof(string) : type, context) })
            : null,
    };

    /// <summary>Returns what the status means, and what the body is: the summary of its record.</summary>
    private static string InWords(RouteResponse response, OperationFilterContext context)
    {
        var status = response.Status switch
        {
            201 => "Created.",
            202 => "Accepted. The work continues after the response.",
            204 => "Done.",
            300 => "The available versions.",
            _ => "",
        };
        return $"{status} {(response.Type is { } type ? Summary(type, context) : "")}".Trim() is { Length: > 0 } words ? words : "Done.";
    }

    private static string Summary(Type type, OperationFilterContext context)
    {
        if (type == typeof(Stream))
        {
            return "The bytes.";
        }

        if (type.IsGenericType)
        {
            var item = Summary(type.GenericTypeArguments[0], context);
            return type.GetGenericTypeDefinition() == typeof(ListResponse<>) ? $"A page of a list. Each item: {char.ToLowerInvariant(item[0])}{item[1..]}" : item;
        }

        return Schema(type, context) is OpenApiSchemaReference { Reference.Id: { } id } && context.SchemaRepository.Schemas[id].Description is { Length: > 0 } summary ? summary : "The response.";
    }

    private static IOpenApiSchema Schema(Type type, OperationFilterContext context) => type == typeof(Stream)
        ? new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" }
        : context.SchemaGenerator.GenerateSchema(type, context.SchemaRepository);

    private static string OperationId(DocumentedRoute route)
        => route.Method.ToLowerInvariant() + string.Concat(Words().Matches(route.Path.Replace("/v3/{project_id}", "", StringComparison.Ordinal)).Select(word => char.ToUpperInvariant(word.Value[0]) + word.Value[1..]));

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex PathParameter();

    [GeneratedRegex("[A-Za-z0-9]+")]
    private static partial Regex Words();
}
