using ImageBackup.Core.Backups;
using ImageBackup.Core.Emulator;
using ImageBackup.Core.Flows;
using ImageBackup.Core.ObjectStorage;
using ImageBackup.Core.Operations;
using ImageBackup.Core.Operations.Delete;
using ImageBackup.Core.Operations.Discover;
using ImageBackup.Core.Operations.Download;
using ImageBackup.Core.Operations.Export;
using ImageBackup.Core.Operations.Import;
using ImageBackup.Core.Operations.Retry;
using ImageBackup.Core.Operations.Upload;
using ImageBackup.Core.Operations.Verify;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Persistence.PostgreSql;
using ImageBackup.Core.Settings;
using ImageBackup.Core.Startup;
using ImageBackup.Ova.Blocks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ImageBackup.Core;

/// <summary>Registers the engine and the operations.</summary>
internal static class FlowRegistration
{
    public static IServiceCollection AddFlows(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddValidated<FlowOptions>(configuration, FlowOptions.Section);
        services.AddSingleton<FlowStore>();
        services.AddSingleton<FlowJournal>();
        services.AddSingleton<FlowActions>();
        services.AddSingleton<FlowQueue>();
        services.AddSingleton<WorkerStore>();
        services.AddSingleton<LeaseKeeper>();
        services.AddSingleton<FlowProgress>();
        services.AddSingleton<RunningFlows>();
        services.AddSingleton<FaultInjector>();
        services.AddSingleton<FlowMetrics>();
        services.AddSingleton<FlowEngine>();
        services.AddHostedService<FlowWorker>();
        return services;
    }

    public static IServiceCollection AddOperations(this IServiceCollection services)
    {
        services.AddSingleton<BackupStore>();
        services.AddSingleton<IFlowListener, BackupFlowListener>();
        services.AddSingleton<IdempotencyKeys>();
        services.AddSingleton<SpaceReservations>();
        services.AddSingleton<OperationStarter>();
        services.AddSingleton<ArchivePlaces>();
        services.AddSingleton<ArchiveMembers>();
        services.AddSingleton<BackupReset>();
        services.AddSingleton<OperationLook>();
        services.AddSingleton<OvaDiscovery>();
        services.AddSingleton<Discoveries>();
        services.AddHostedService(provider => provider.GetRequiredService<Discoveries>());
        services.AddHostedService<LeftoverCleanup>();

        services.AddSingleton<ExportPlanner>();
        services.AddSingleton(DataPath);
        services.AddFlowAction<ExportOperation, ExportState>(BackupActions.Export);

        services.AddSingleton<ImportPlanner>();
        services.AddFlowAction<ImportOperation, ImportState>(BackupActions.Import);

        services.AddSingleton<UploadPlanner>();
        services.AddSingleton<UploadFlow>();
        services.AddFlowAction<UploadOperation, UploadState>(BackupActions.Upload);

        services.AddSingleton<DownloadPlanner>();
        services.AddSingleton<DownloadFlow>();
        services.AddSingleton<BucketArchives>();
        services.AddFlowAction<DownloadOperation, DownloadState>(BackupActions.Download);

        services.AddSingleton<VerifyPlanner>();
        services.AddFlowAction<VerifyOperation, VerifyState>(BackupActions.Verify);

        services.AddSingleton<DeletePlanner>();
        services.AddSingleton<RetryPlanner>();
        services.AddFlowAction<DeleteOperation, DeleteState>(BackupActions.Delete, WorkerPool.Quick);
        return services;
    }

    public static IServiceCollection AddEmulator(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddValidated<EmulatorOptions>(configuration, EmulatorOptions.Section);
        services.AddSingleton<OperationStop>();
        services.AddSingleton<EmulatorClock>();
        services.AddSingleton(provider => new EmulatorReset(
            provider.GetRequiredService<OperationStop>(),
            provider.GetRequiredService<IOptions<CosOptions>>(),
            provider.GetRequiredService<DataPaths>(),
            provider.GetRequiredService<FirstStart>(),
            provider.GetRequiredService<DirectoryMarkers>(),
            provider.GetRequiredService<IDbContextFactory<ImageBackupDbContext>>()));
        services.AddSingleton(provider => new EmulatorSnapshots(
            provider.GetRequiredService<OperationStop>(),
            provider.GetRequiredService<DataPaths>(),
            provider.GetRequiredService<IOptions<CosOptions>>(),
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
