using ImageBackup.Core.Catalog;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Settings;
using Microsoft.Extensions.Hosting;

namespace ImageBackup.Core.Startup;

/// <summary>Prepares the data directory before the service resumes work and answers requests.</summary>
internal sealed class DataStartup(
    DataPaths paths,
    DataDirectoryLock directoryLock,
    ModelAhead model,
    DatabaseSetup database,
    VolumeStore volumes,
    ImageStore images,
    FirstStart firstStart) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        directoryLock.Take();
        foreach (var directory in (string[])[paths.Volumes, paths.BackupNodes, paths.Keys])
        {
            Directory.CreateDirectory(directory);
        }

        await model.WaitAsync(cancellationToken);
        await database.PrepareAsync(cancellationToken);
        await images.ForgetUploadsAsync(cancellationToken);
        await volumes.FinishDeletionsAsync(cancellationToken);
        await firstStart.SeedAsync(cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
