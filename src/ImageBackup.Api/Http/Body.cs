using System.Reflection;
using System.Text.Json;

namespace ImageBackup.Api.Http;

/// <summary>A handler parameter: the JSON body of the request, read by <see cref="RequestReader"/> and documented in OpenAPI.</summary>
/// <param name="Value">The body as a record.</param>
/// <param name="Json">The body as it was sent.</param>
internal sealed record Body<T>(T Value, JsonElement Json) : IBindableFromHttpContext<Body<T>>, Microsoft.AspNetCore.Http.Metadata.IEndpointParameterMetadataProvider
    where T : class
{
    public static async ValueTask<Body<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var json = await JsonBody.ReadAsync(context, context.RequestAborted);
        return new Body<T>(RequestReader.Read<T>(json), json);
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) => builder.Metadata.Add(new RequestBody(typeof(T)));
}
