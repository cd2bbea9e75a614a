using ImageBackup.Core.Backups;
using ImageBackup.Core.Emulator;
using ImageBackup.Core.Flows;
using ImageBackup.Core.ObjectStorage;
using ImageBackup.Core.Operations;
using ImageBackup.Core.Operations.Download;
using ImageBackup.Core.Operations.Export;
using ImageBackup.Core.Operations.Import;
using ImageBackup.Core.Operations.Upload;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Settings;
using ImageBackup.Core.Startup;
using ImageBackup.Ova.Archive;
using ImageBackup.Ova.Blocks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ImageBackup.Core;

/// <summary>Registers backups, the engine, what it runs, and its worker.</summary>
internal static class FlowRegistration
{
    public static IServiceCollection AddFlows(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddValidated<FlowOptions>(configuration, FlowOptions.Section);
        services.AddSingleton<BackupStore>();

        services.AddSingleton<FlowStore>();
        services.AddSingleton<FlowQueue>();
        services.AddSingleton<FlowProgress>();
        services.AddSingleton<RunningFlows>();
        services.AddSingleton<FaultInjector>();
        services.AddSingleton<FlowMetrics>();
        services.AddSingleton<FlowEngine>();

        services.AddSingleton<OvaWriter>();
        services.AddSingleton(DataPath);
        services.AddSingleton<UploadFlow>();
        services.AddSingleton<DownloadFlow>();
        services.AddSingleton<ArchivePlaces>();
        services.AddSingleton<ExportPlanner>();
        services.AddSingleton<ImportPlanner>();
        services.AddSingleton<TransferPlanner>();

        services.AddSingleton<OperationFactory>();
        services.AddSingleton<OperationStarter>();
        services.AddSingleton<OperationStopper>();
        services.AddSingleton<ImageBackupService>();
        services.AddSingleton<BackupFlowListener>();
        services.AddSingleton<FlowRecovery>();
        services.AddHostedService<FlowWorker>();

        services.AddValidated<EmulatorOptions>(configuration, EmulatorOptions.Section);
        services.AddSingleton(provider => new EmulatorReset(
            provider.GetRequiredService<FaultInjector>(),
            provider.GetRequiredService<FlowStore>(),
            provider.GetRequiredService<RunningFlows>(),
            provider.GetRequiredService<ObjectStores>(),
            provider.GetRequiredService<IOptions<CosOptions>>(),
            provider.GetRequiredService<DataPaths>(),
            provider.GetRequiredService<FirstStart>(),
            provider.GetRequiredService<IDbContextFactory<ImageBackupDbContext>>(),
            provider.GetRequiredService<TimeProvider>()));
        return services;
    }

    private static DataPathOptions DataPath(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<FlowOptions>>().Value;
        return new DataPathOptions { Workers = options.Workers, MemoryBytes = (long)options.MemoryMiB << 20 };
    }
}
