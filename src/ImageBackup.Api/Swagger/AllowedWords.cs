using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ImageBackup.Api.Swagger;

/// <summary>The words that a field takes, as the document's <c>enum</c>.</summary>
internal sealed class AllowedWords : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is OpenApiSchema field && context.MemberInfo?.GetCustomAttribute<AllowedValuesAttribute>() is { } allowed)
        {
            field.Enum = [.. allowed.Values.OfType<string>().Select(word => (JsonNode)word)];
        }
    }
}
