using ImageBackup.Api.Hosting;
using ImageBackup.Api.Http;
using ImageBackup.Core;
using ImageBackup.Core.Settings;
using Microsoft.Extensions.Options;

namespace ImageBackup.Api.Auth;

/// <summary>Registers what <c>Auth:Mode</c> asks for.</summary>
internal static class IdentityServices
{
    public static void AddIdentity(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddValidated<IdentityOptions>(builder.Configuration, IdentityOptions.Section);
        services.AddValidated<KeystoneOptions>(builder.Configuration, KeystoneOptions.Section);
        services.AddSingleton<AnonymousCallerSource>();
        services.AddHostedService<AnonymousListening>();
        services.AddSingleton<UserDirectory>();
        services.AddSingleton<SecretFingerprints>();
        services.AddSingleton<TokenStore>();
        services.AddSingleton<LoginThrottle>();
        services.AddSingleton<LogIns>();
        services.AddSingleton<EmbeddedCallerSource>();
        services.AddSingleton<KeystoneClient>();
        services.AddSingleton<KeystoneCallerSource>();
        services.AddHttpClient(KeystoneClient.HttpClientName, (provider, client) =>
            {
                client.Timeout = provider.GetRequiredService<IOptions<KeystoneOptions>>().Value.Timeout;
                client.MaxResponseContentBufferSize = 1 << 20;
            })

            // A redirect would carry tokens elsewhere, a log line would keep them.
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
            .RemoveAllLoggers();

        // By the options, not by the builder's configuration: tests add settings after this has run.
        services.AddSingleton<ICallerSource>(provider =>
        {
            var auth = provider.GetRequiredService<IOptions<AuthOptions>>().Value;
            return auth.Is("Embedded") ? provider.GetRequiredService<EmbeddedCallerSource>()
                : auth.Is("Keystone") ? provider.GetRequiredService<KeystoneCallerSource>()
                : provider.GetRequiredService<AnonymousCallerSource>();
        });
    }
}
