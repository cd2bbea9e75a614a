namespace ImageBackup.Api.Emulator;

/// <summary>Registers the emulator's services. Nothing of them runs without <c>Emulator:Enabled</c>.</summary>
internal static class EmulatorServices
{
    /// <summary>Call it after the workers were registered, because the seed file is exported by them.</summary>
    public static IServiceCollection AddEmulatorServices(this IServiceCollection services)
    {
        services.AddSingleton<SeedScope>();
        services.AddSingleton<SeededUsers>();
        services.AddSingleton<SeedCatalog>();
        services.AddSingleton<SeedBackups>();
        services.AddSingleton<Seeder>();
        services.AddSingleton<RequestJournal>();
        services.AddSingleton<SeedFile>();
        services.AddHostedService(provider => provider.GetRequiredService<SeedFile>());
        return services;
    }
}
