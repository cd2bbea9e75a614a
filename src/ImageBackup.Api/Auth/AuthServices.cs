using ImageBackup.Core.Persistence.PostgreSql;
using ImageBackup.Core.Settings;
using ImageBackup.Identity.Keystone;
using ImageBackup.Identity.Tokens;
using ImageBackup.Identity.Users;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace ImageBackup.Api.Auth;

/// <summary>Registers authentication and authorization.</summary>
internal static class AuthServices
{
    public static void AddAuth(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddValidated<IdentityOptions>(builder.Configuration, IdentityOptions.Section);
        services.AddSingleton(new SettingsFile($"{IdentityOptions.Section}:UsersFile", typeof(IdentityOptions), ["Projects", "Users"]));
        services.AddValidated<KeystoneOptions>(builder.Configuration, KeystoneOptions.Section);
        AddEmbeddedKeystone(services);
        AddRealKeystone(services);
        services.AddAuthentication()
            .AddScheme<AuthenticationSchemeOptions, AnonymousHandler>("None", null)
            .AddScheme<AuthenticationSchemeOptions, EmbeddedHandler>("Embedded", null)
            .AddScheme<AuthenticationSchemeOptions, KeystoneHandler>("Keystone", null);

        // From the options instead of the builder's configuration, because tests add settings later.
        services.AddOptions<AuthenticationOptions>().Configure<IOptions<AuthOptions>>((authentication, auth)
            => authentication.DefaultScheme = authentication.Schemes.Single(scheme => auth.Value.Is(scheme.Name)).Name);
        services.AddAuthorizationBuilder().AddRolePolicies();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, AuthorizationAnswers>();
    }

    private static void AddEmbeddedKeystone(IServiceCollection services)
    {
        services.AddSingleton(provider => new UserDirectory(
            provider.GetRequiredService<IOptions<IdentityOptions>>().Value,
            provider.GetRequiredService<IOptions<AuthOptions>>().Value.ProjectId,
            provider.GetRequiredService<IOptions<EmulatorOptions>>().Value.Enabled ? provider.GetRequiredService<DataPaths>().SeededUsers : null));
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<DatabaseOptions>>().Value.IsPostgreSql
            ? new SecretFingerprints(provider.GetRequiredService<SharedKeys>().ReadTokenFingerprints)
            : SecretFingerprints.InFile(provider.GetRequiredService<DataPaths>().TokenFingerprints));
        services.AddSingleton<ITokenRecords, TokenRecords>();
        services.AddSingleton<TokenStore>();
        services.AddSingleton<LogInThrottle>();
        services.AddSingleton<LogIns>();
    }

    private static void AddRealKeystone(IServiceCollection services)
    {
        services.AddSingleton<KeystoneClient>();
        services.AddSingleton<KeystoneTokens>();
        services.AddHttpClient(KeystoneClient.HttpClientName, (provider, client) =>
            {
                client.Timeout = provider.GetRequiredService<IOptions<KeystoneOptions>>().Value.Timeout;
                client.MaxResponseContentBufferSize = 1 << 20;
            })

            // A redirect would send tokens to another server, and log lines would contain them.
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
            .RemoveAllLoggers();
    }
}
