using ImageBackup.Core.BackupNodes;
using ImageBackup.Core.Images;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Settings;
using ImageBackup.Core.Volumes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ImageBackup.Core;

/// <summary>Before anything is served or resumed: the directories and the database, and on a first start what they begin with.</summary>
internal sealed class DataStartup(
    DataPaths paths,
    IDbContextFactory<ImageBackupDbContext> contexts,
    VolumeTypeStore volumeTypes,
    VolumeStore volumes,
    ImageStore images,
    BackupNodeStore nodes,
    DemoImage demo,
    IOptions<DemoOptions> demoOptions) : IHostedLifecycleService
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
        if (!await volumeTypes.AnyAsync(cancellationToken))
        {
            await SeedAsync(cancellationToken);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task SeedAsync(CancellationToken cancellationToken)
    {
        // The templates last: while there are none, the next start is still the first one.
        if (!await nodes.AnyAsync(cancellationToken))
        {
            await nodes.SeedAsync(cancellationToken);
        }

        if (demoOptions.Value.Enabled)
        {
            await demo.CreateAsync(cancellationToken);
        }

        await volumeTypes.SeedAsync(cancellationToken);
    }

    private async Task CreateDatabaseAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (context.Database.GetMigrations().Any())
        {
            await context.Database.MigrateAsync(cancellationToken);
        }
        else
        {
            await context.Database.EnsureCreatedAsync(cancellationToken);
        }

        // Kept in the file: readers never wait for the writer.
        await context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL;", cancellationToken);
    }
}
