using ImageBackup.Core.BackupNodes;
using ImageBackup.Core.Buckets;
using ImageBackup.Core.Catalog;
using ImageBackup.Core.Emulator;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Quotas;
using ImageBackup.Core.Settings;
using ImageBackup.Core.Startup;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ImageBackup.Core;

/// <summary>Registers the services of this project.</summary>
public static class ServiceCollectionExtensions
{
    /// <summary>Adds settings, database, encryption keys, stores, flows and operations.</summary>
    public static IServiceCollection AddImageBackupCore(this IServiceCollection services, IConfiguration configuration)
    {
        AddSettings(services, configuration);
        AddPersistence(services);
        AddStores(services);
        services.AddBuckets(configuration);
        services.AddFlows(configuration);
        services.AddOperations();
        services.AddEmulator(configuration);
        return services;
    }

    private static void AddSettings(IServiceCollection services, IConfiguration configuration)
    {
        services.AddValidated<ImageBackupOptions>(configuration, ImageBackupOptions.Section);
        services.AddValidated<AuthOptions>(configuration, AuthOptions.Section);
        services.AddValidated<DemoOptions>(configuration, DemoOptions.Section);
        services.AddSingleton<SettingsCheck>();
        services.AddSingleton<DataPaths>();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<EmulatorOptions>>().Value.Enabled ? provider.GetRequiredService<EmulatorClock>() : TimeProvider.System);
    }

    private static void AddPersistence(IServiceCollection services)
    {
        services.AddSingleton<DatabaseGuard>();
        services.AddSingleton<CommitFlush>();
        services.AddSingleton<WriteQueue>();
        services.AddPooledDbContextFactory<ImageBackupDbContext>((provider, builder) => builder
            .UseSqlite($"Data Source={provider.GetRequiredService<DataPaths>().Database}")

            // A test compares the migrations with the model. The check at each start would build a second model.
            .ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.PendingModelChangesWarning))
            .AddInterceptors(
                provider.GetRequiredService<DatabaseGuard>(), provider.GetRequiredService<WriteQueue>(), new KeptConnections(), new ImageIndex()));
        services.AddDataProtection().SetApplicationName("ImageBackup");
        services.AddOptions<KeyManagementOptions>().Configure<DataPaths, ILoggerFactory>((options, paths, loggers) =>
            options.XmlRepository = new FileSystemXmlRepository(new DirectoryInfo(paths.Keys), loggers));

        services.AddSingleton<DataDirectoryLock>();
        services.AddSingleton<DatabaseSetup>();

        // First, because it locks the data directory before another hosted service writes there.
        services.AddHostedService<DataStartup>();
    }

    private static void AddStores(IServiceCollection services)
    {
        services.AddSingleton<QuotaStore>();
        services.AddSingleton<VolumeTypeStore>();
        services.AddSingleton<VolumeRemover>();
        services.AddSingleton<VolumeStore>();
        services.AddSingleton<OperationVolumeStore>();
        services.AddSingleton<ImageStore>();
        services.AddSingleton<ImageFileStore>();
        services.AddSingleton<ImportedImageStore>();
        services.AddSingleton<DemoImage>();
        services.AddSingleton<FirstStart>();
        services.AddSingleton<BackupNodeStore>();
        services.AddSingleton<BackupNodeResolver>();
    }
}
