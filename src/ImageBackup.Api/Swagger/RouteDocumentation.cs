using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ImageBackup.Api.Auth;
using ImageBackup.Api.Routes.Identity;
using ImageBackup.Core.Settings;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ImageBackup.Api.Swagger;

/// <summary>Completes each operation: parameters that handlers read by hand, bodies with examples, what success looks like, and every fault.</summary>
internal sealed partial class RouteDocumentation : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var description = context.ApiDescription;
        var method = description.HttpMethod!.ToUpperInvariant();
        var path = Constraint().Replace("/" + (description.RelativePath ?? "").Trim('/'), "{$1}");
        var note = RouteNotes.Find(method, path);
        var isOpen = description.ActionDescriptor.EndpointMetadata.OfType<IAllowAnonymous>().Any();
        operation.OperationId = OperationId(method, path);
        operation.Parameters = [.. PathParameters(path, note), .. note.Parameters.Select(Parameter)];
        operation.RequestBody = note.Body is { } body
            ? new OpenApiRequestBody { Required = !note.IsBodyOptional, Content = BodyContent(note, body, context) }
            : null;
        operation.Responses = Responses(method, path, note, isOpen, context);
        operation.Security = isOpen ? [] : null;
    }

    private static IEnumerable<IOpenApiParameter> PathParameters(string path, RouteNote note)
        => PathParameter().Matches(path).Select(match => match.Groups[1].Value).Select(name => new OpenApiParameter
        {
            Name = name,
            In = ParameterLocation.Path,
            Required = true,
            Description = name switch { "project_id" => "The project: hex digits and dashes.", "tag" => "The tag.", _ => "The item's id." },
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            Example = name switch { "project_id" => new AuthOptions().ProjectId, "tag" => "golden", _ => note.Id },
        });

    private static OpenApiParameter Parameter(ParameterNote note) => new()
    {
        Name = note.Name,
        In = note.IsHeader ? ParameterLocation.Header : ParameterLocation.Query,
        Required = note.Required,
        Description = note.Description,
        Schema = new OpenApiSchema { Type = note.Type switch { "integer" => JsonSchemaType.Integer, "boolean" => JsonSchemaType.Boolean, _ => JsonSchemaType.String } },
        Example = note.Example is null ? null : note.Type == "integer" ? int.Parse(note.Example, CultureInfo.InvariantCulture) : note.Example,
    };

    private static Dictionary<string, IOpenApiMediaType> BodyContent(RouteNote note, Type body, OperationFilterContext context) => new()
    {
        [note.MediaType] = new OpenApiMediaType
        {
            Schema = Schema(body, context),
            Examples = note.Examples.Count == 0 ? null : note.Examples.Select((example, i) => (Key: $"{i + 1}", example)).ToDictionary(
                pair => pair.Key,
                pair => (IOpenApiExample)new OpenApiExample { Summary = pair.example.Summary, Value = JsonNode.Parse(pair.example.Json) }),
        },
    };

    private static OpenApiResponses Responses(string method, string path, RouteNote note, bool isOpen, OperationFilterContext context)
    {
        var responses = new OpenApiResponses { [$"{note.Success}"] = Success(note, context) };
        foreach (var other in note.Others)
        {
            responses[$"{other.Status}"] = new OpenApiResponse
            {
                Description = other.Why,
                Content = other.Body is null ? null : note.AnswerTypes.Take(1).ToDictionary(type => type, IOpenApiMediaType (_) => Media(other.Body, context)),
            };
        }

        var isKeystone = path.StartsWith(IdentityRoutes.Prefix, StringComparison.Ordinal);
        foreach (var fault in Faults.All.Where(fault => CanFail(fault.Status, method, path, note, isOpen) && !responses.ContainsKey($"{fault.Status}")))
        {
            responses[$"{fault.Status}"] = new OpenApiResponseReference(fault.ResponseName(isKeystone), context.Document);
        }

        return responses;
    }

    private static bool CanFail(int status, string method, string path, RouteNote note, bool isOpen) => status switch
    {
        401 => !isOpen || note.AnswersToken,
        403 or 503 => !isOpen,
        404 => path.Contains("id}", StringComparison.Ordinal) || note.Parameters.Any(parameter => parameter.Name == TokenHeaders.Subject),
        406 => path.StartsWith("/v3/", StringComparison.Ordinal),
        409 => method != "GET" && path.StartsWith("/v", StringComparison.Ordinal),
        413 => note.Body is not null && note.Body != typeof(Stream),
        415 => note.Body is not null,
        _ => true,
    };

    private static OpenApiResponse Success(RouteNote note, OperationFilterContext context) => new()
    {
        Description = note.Success switch { 201 => "Created.", 202 => "Accepted; the work goes on.", 204 => "Done.", 300 => "The versions there are.", _ => "The answer." },
        Content = (note.Answer ?? Answer(context.MethodInfo)) is { } answer
            ? note.AnswerTypes.ToDictionary(type => type, IOpenApiMediaType (type) => type.StartsWith("text/", StringComparison.Ordinal) ? Media(typeof(string), context) : Media(answer, context))
            : null,
        Headers = note.AnswersToken
            ? new Dictionary<string, IOpenApiHeader>
            {
                [TokenHeaders.Subject] = new OpenApiHeader { Description = "The token, for X-Auth-Token.", Schema = new OpenApiSchema { Type = JsonSchemaType.String } },
            }
            : null,
    };

    private static OpenApiMediaType Media(Type type, OperationFilterContext context) => new() { Schema = Schema(type, context) };

    private static IOpenApiSchema Schema(Type type, OperationFilterContext context) => type == typeof(Stream)
        ? new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" }
        : context.SchemaGenerator.GenerateSchema(type, context.SchemaRepository);

    /// <summary>What a handler answers with: the T of its <c>JsonHttpResult&lt;T&gt;</c>.</summary>
    private static Type? Answer(MethodInfo handler)
    {
        var result = handler.ReturnType;
        result = result.IsGenericType && result.GetGenericTypeDefinition() == typeof(Task<>) ? result.GetGenericArguments()[0] : result;
        return result.IsGenericType && result.GetGenericTypeDefinition() == typeof(JsonHttpResult<>) ? result.GetGenericArguments()[0] : null;
    }

    private static string OperationId(string method, string path)
        => method.ToLowerInvariant() + string.Concat(Words().Matches(path.Replace("/v3/{project_id}", "", StringComparison.Ordinal)).Select(word => char.ToUpperInvariant(word.Value[0]) + word.Value[1..]));

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex PathParameter();

    [GeneratedRegex(@"\{(\w+):[^/]*\}")]
    private static partial Regex Constraint();

    [GeneratedRegex("[A-Za-z0-9]+")]
    private static partial Regex Words();
}
