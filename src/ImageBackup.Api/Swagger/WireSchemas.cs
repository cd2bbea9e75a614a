using System.Text.Json;
using System.Text.Json.Nodes;
using ImageBackup.Api.Http;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ImageBackup.Api.Swagger;

/// <summary>Completes schemas with the rules of the wire: the names of envelopes, and for request records the rules of <see cref="RequestField"/>.</summary>
internal sealed class WireSchemas : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is not OpenApiSchema { Properties: { Count: > 0 } properties } record)
        {
            return;
        }

        if (context.Type.Name.EndsWith("Request", StringComparison.Ordinal))
        {
            ApplyRules(record, properties, RequestField.Of(context.Type));
        }
        else if (context.Type.IsGenericType)
        {
            record.Properties = properties.ToDictionary(property => EnvelopeAttribute.NameOf(context.Type, property.Key), property => property.Value);
            record.Required = context.Type.GetGenericTypeDefinition() == typeof(Enveloped<>)
                ? record.Properties.Keys.ToHashSet()
                : record.Required?.Select(name => EnvelopeAttribute.NameOf(context.Type, name)).ToHashSet();
        }
    }

    private static void ApplyRules(OpenApiSchema record, IDictionary<string, IOpenApiSchema> properties, IReadOnlyList<RequestField> fields)
    {
        record.Required = fields.Where(field => field.IsRequired).Select(field => field.Name).ToHashSet();
        foreach (var field in fields.Where(field => !field.IsRest))
        {
            if (properties[field.Name] is not OpenApiSchema schema)
            {
                continue;
            }

            schema.Type = field.RefusesNull && field.Type != typeof(JsonElement) ? schema.Type & ~JsonSchemaType.Null : schema.Type | JsonSchemaType.Null;
            schema.Enum = field.Words?.Words is { } words ? [.. words.Select(word => (JsonNode)word)] : schema.Enum;
        }
    }
}
