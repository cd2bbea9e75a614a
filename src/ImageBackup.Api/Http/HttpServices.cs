using ImageBackup.Core.Settings;

namespace ImageBackup.Api.Http;

/// <summary>Registers limits, error responses and the JSON options of responses.</summary>
internal static class HttpServices
{
    public static void AddHttp(this WebApplicationBuilder builder)
    {
        builder.AddLimits();
        builder.Services.AddValidated<ApiOptions>(builder.Configuration, ApiOptions.Section);
        builder.Services.AddExceptionHandler<ErrorHandler>();
        builder.Services.AddProblemDetails();
        builder.Services.ConfigureHttpJsonOptions(options => ApiJson.Configure(options.SerializerOptions));
    }
}
