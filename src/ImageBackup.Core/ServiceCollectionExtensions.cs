using ImageBackup.Core.Access;
using ImageBackup.Core.BackupNodes;
using ImageBackup.Core.Buckets;
using ImageBackup.Core.Catalog;
using ImageBackup.Core.Emulator;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Persistence.PostgreSql;
using ImageBackup.Core.Quotas;
using ImageBackup.Core.Settings;
using ImageBackup.Core.Startup;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Internal;
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
        services.AddValidated<DatabaseOptions>(configuration, DatabaseOptions.Section);
        services.AddValidated<ClusterOptions>(configuration, ClusterOptions.Section);
        services.AddSingleton<IValidateOptions<DatabaseOptions>, DatabaseValidation>();
        services.AddValidated<ProjectAccessOptions>(configuration, ProjectAccessOptions.Section);
        services.AddSingleton<ProjectAccess>();
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
        services.AddPooledDbContextFactory<PostgreSqlDbContext>((provider, builder) => PostgreSqlConnection.Configure(builder, Database(provider).Secret.Read()!)
            .ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.PendingModelChangesWarning))
            .AddInterceptors(new RowLocks(), new FenceCheck(), new ImageIndex()));

        // The last registration counts. The settings are read late, because tests add settings after the registration.
#pragma warning disable EF1001 // The registered pool, because the container disposes it and so closes its connections.
        services.AddSingleton<IDbContextFactory<ImageBackupDbContext>>(provider => Database(provider).IsPostgreSql
            ? new PostgreSqlContexts(provider.GetRequiredService<IDbContextFactory<PostgreSqlDbContext>>())
            : new PooledDbContextFactory<ImageBackupDbContext>(provider.GetRequiredService<IDbContextPool<ImageBackupDbContext>>()));
#pragma warning restore EF1001
        services.AddSingleton<PostgreSqlBell>();
        services.AddSingleton<NameLock>();
        services.AddSingleton<ClusterCipher>();
        services.AddSingleton<SharedKeys>();
        services.AddDataProtection().SetApplicationName("ImageBackup");
        services.AddOptions<KeyManagementOptions>().Configure<IServiceProvider>((options, provider) => options.XmlRepository = Database(provider).IsPostgreSql
            ? provider.GetRequiredService<SharedKeys>()
            : new FileSystemXmlRepository(new DirectoryInfo(provider.GetRequiredService<DataPaths>().Keys), provider.GetRequiredService<ILoggerFactory>()));

        services.AddSingleton(provider => new DirectoryMarkers(
            provider.GetRequiredService<IDbContextFactory<PostgreSqlDbContext>>(), provider.GetRequiredService<DataPaths>(), Database(provider).IsPostgreSql));
        services.AddSingleton<DataDirectoryLock>();
        services.AddSingleton<IDatabaseSetup>(provider => Database(provider).IsPostgreSql
            ? ActivatorUtilities.CreateInstance<PostgreSqlSetup>(provider)
            : ActivatorUtilities.CreateInstance<SqliteSetup>(provider));

        // First, because it locks the data directory before another hosted service writes there.
        services.AddHostedService<DataStartup>();
    }

    private static DatabaseOptions Database(IServiceProvider provider) => provider.GetRequiredService<IOptions<DatabaseOptions>>().Value;

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
        services.AddSingleton<NodeContents>();
    }
}
