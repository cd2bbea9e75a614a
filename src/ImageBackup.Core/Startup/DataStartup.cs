using ImageBackup.Core.Catalog;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Settings;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;

namespace ImageBackup.Core.Startup;

/// <summary>Before anything is served or resumed: the directories and the database, and on a first start what they begin with.</summary>
internal sealed class DataStartup(
    DataPaths paths,
    IDbContextFactory<ImageBackupDbContext> contexts,
    ModelAhead model,
    VolumeStore volumes,
    ImageStore images,
    FirstStart firstStart) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        foreach (var directory in (string[])[paths.Root, paths.Volumes, paths.BackupNodes, paths.Keys])
        {
            Directory.CreateDirectory(directory);
        }

        await CreateDatabaseAsync(cancellationToken);
        await images.ForgetUploadsAsync(cancellationToken);
        await volumes.FinishDeletionsAsync(cancellationToken);
        await firstStart.SeedAsync(cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task CreateDatabaseAsync(CancellationToken cancellationToken)
    {
        await model.WaitAsync(cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await context.Database.MigrateAsync(cancellationToken);

        // Kept in the file: readers never wait for the writer.
        await context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL;", cancellationToken);
    }
}
