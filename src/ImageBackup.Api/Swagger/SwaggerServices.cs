using System.Text.Json;
using System.Text.Json.Nodes;
using ImageBackup.Api.Http;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerUI;

namespace ImageBackup.Api.Swagger;

/// <summary>Registers the OpenAPI document at <c>/swagger/v1/swagger.json</c>. Swagger UI shows it at <c>/swagger</c>.</summary>
internal static class SwaggerServices
{
    private const string Root = "/swagger";
    private const string Token = "X-Auth-Token";

    public static void AddApiDocument(this IServiceCollection services)
    {
        services.AddEndpointsApiExplorer();
        services.AddSwaggerGen(options =>
        {
            options.SwaggerDoc("v1", new OpenApiInfo
            {
                Title = "ImageBackup",
                Version = "1",
                Description = "PowerVC's image-backup REST API, and the parts of Cinder, Glance and Keystone around it. An error is `{\"<error>\":{\"code\":N,\"message\":\"…\"}}`. docs/api.md shows a request and a response of every route. "
                    + "The examples work as they stand on a first start, in the order of the page. The [web page](/ui/) shows the same data. If the service requires a token, log in below *Identity* and give the token to *Authorize*.",
            });
            options.AddServer(new OpenApiServer { Url = "/", Description = "This service" });
            options.AddSecurityDefinition(Token, new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Header,
                Name = Token,
                Description = "A Keystone token, from POST /identity/v3/auth/tokens or from the configured Keystone. Leave it empty if the service requires no token.",
            });
            options.AddSecurityRequirement(document => new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Token, document)] = [] });
            options.MapType<JsonNode>(() => new OpenApiSchema { Description = "Any JSON." });
            options.OperationFilter<RouteDocumentation>();
            options.DocumentFilter<ErrorResponses>();
            options.DocumentFilter<Tags>();
            options.SchemaFilter<WireSchemas>();
            options.MapType<Optional<string>>(() => new OpenApiSchema { Type = JsonSchemaType.String });
            options.MapType<Optional<JsonElement>>(() => new OpenApiSchema { Type = JsonSchemaType.String });
            options.MapType<JsonElement>(() => new OpenApiSchema { Type = JsonSchemaType.String });
            options.CustomSchemaIds(SchemaId);
            options.IncludeXmlComments(Path.Combine(AppContext.BaseDirectory, "ImageBackup.Api.xml"));
            options.IncludeXmlComments(Path.Combine(AppContext.BaseDirectory, "ImageBackup.Core.xml"));
            options.SupportNonNullableReferenceTypes();
            options.NonNullableReferenceTypesAsRequired();
        });
    }

    /// <summary>Serves the document and Swagger UI.</summary>
    public static void UseApiDocument(this IApplicationBuilder app) => app.UseWhen(
        context => context.Request.Path.StartsWithSegments(Root),
        pages => pages.UseSwagger().UseSwaggerUI(Configure));

    private static void Configure(SwaggerUIOptions options)
    {
        options.DocumentTitle = "ImageBackup: API";
        options.DisplayRequestDuration();

        // Each operation has an address of its own, and the long list of schemas is folded.
        options.EnableDeepLinking();
        options.DefaultModelsExpandDepth(0);
    }

    private static string SchemaId(Type type) => type switch
    {
        { IsGenericType: true } => type.Name.Split('`')[0] + SchemaId(type.GenericTypeArguments[0]),
        { DeclaringType: { } owner } when !type.Name.EndsWith("Request", StringComparison.Ordinal) => owner.Name + type.Name,
        _ => type.Name,
    };
}
