using ImageBackup.Api.Http;
using ImageBackup.Core;
using ImageBackup.Core.Settings;

namespace ImageBackup.Api.Identity;

/// <summary>Registers what <c>Auth:Mode</c> asks for.</summary>
internal static class IdentityServices
{
    public static void AddIdentity(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddValidated<IdentityOptions>(builder.Configuration, IdentityOptions.Section);
        services.AddValidated<KeystoneOptions>(builder.Configuration, KeystoneOptions.Section);
        services.AddSingleton<AnonymousCallerSource>();
        services.AddSingleton<UserDirectory>();
        services.AddSingleton<TokenStore>();
        services.AddSingleton<LoginThrottle>();
        services.AddSingleton<LogIns>();
        services.AddSingleton<EmbeddedCallerSource>();

        // By the options, not by the builder's configuration: tests add settings after this has run.
        services.AddSingleton<ICallerSource>(provider =>
        {
            var auth = provider.GetRequiredService<Microsoft.Extensions.Options.IOptions<AuthOptions>>().Value;
            return auth.Is("Embedded") ? provider.GetRequiredService<EmbeddedCallerSource>()
                : auth.Is("None") ? provider.GetRequiredService<AnonymousCallerSource>()
                : throw new InvalidOperationException("ImageBackup:Auth:Mode Keystone is not there yet; use Embedded or None.");
        });
    }
}
