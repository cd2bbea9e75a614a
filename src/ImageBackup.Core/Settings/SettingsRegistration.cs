using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ImageBackup.Core.Settings;

/// <summary>Registers options classes.</summary>
public static class SettingsRegistration
{
    /// <summary>Binds one options class to its section, which <see cref="SettingsCheck"/> compares with it.</summary>
    public static IServiceCollection AddValidated<T>(this IServiceCollection services, IConfiguration configuration, string section)
        where T : class
    {
        services.AddSingleton(new SettingsSection(section, typeof(T)));
        services.AddOptions<T>().Bind(configuration.GetSection(section)).ValidateDataAnnotations().ValidateOnStart();
        return services;
    }
}
