using System.Text.Json.Serialization.Metadata;
using ImageBackup.Core.Settings;

namespace ImageBackup.Api.Http;

/// <summary>Registers limits, error responses and the JSON options of responses.</summary>
internal static class HttpServices
{
    /// <param name="builder">The application builder.</param>
    /// <param name="types">How the most frequent responses are serialized. Other types use reflection.</param>
    public static void AddHttp(this WebApplicationBuilder builder, IJsonTypeInfoResolver types)
    {
        builder.AddLimits();
        builder.Services.AddValidated<ApiOptions>(builder.Configuration, ApiOptions.Section);
        builder.Services.AddExceptionHandler<ErrorHandler>();
        builder.Services.AddProblemDetails();
        builder.Services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, types);
            ApiJson.Configure(options.SerializerOptions);
        });
    }
}
