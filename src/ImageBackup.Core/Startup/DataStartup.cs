using ImageBackup.Core.BackupNodes;
using ImageBackup.Core.Catalog;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Persistence.PostgreSql;
using ImageBackup.Core.Settings;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ImageBackup.Core.Startup;

/// <summary>Prepares the data directory before the service resumes work and answers requests.</summary>
internal sealed class DataStartup(
    DataPaths paths,
    DataDirectoryLock directoryLock,
    IDatabaseSetup database,
    VolumeRemover volumes,
    ImageFileStore imageFiles,
    FirstStart firstStart,
    DirectoryMarkers markers,
    BackupNodeStore nodes,
    IOptions<ClusterOptions> cluster) : IHostedLifecycleService
{
    /// <exception cref="StartException">The directory cannot be used, or another process uses it.</exception>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await PrepareAsync(cancellationToken);
        }
        catch (Exception e) when (Reason(e) is { } reason)
        {
            throw new StartException($"The service cannot use the data directory {paths.Root}: {reason}", e);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        directoryLock.Take(database.IsShared);
        foreach (var directory in (string[])[paths.Volumes, paths.BackupNodes, paths.Keys])
        {
            Directory.CreateDirectory(directory);
        }

        await database.PrepareAsync(cancellationToken);
        await database.RunAloneAsync(FinishAsync, cancellationToken);
    }

    /// <summary>Finishes what an earlier process began, and fills an empty database.</summary>
    private async Task FinishAsync(CancellationToken cancellationToken)
    {
        await CheckDirectoriesAsync(cancellationToken);
        await imageFiles.ForgetUploadsAsync(cancellationToken);
        await volumes.FinishAsync(cancellationToken);
        await firstStart.SeedAsync(cancellationToken);
    }

    /// <summary>Refuses wrong and missing mounts, before anything is written there.</summary>
    private async Task CheckDirectoriesAsync(CancellationToken cancellationToken)
    {
        await markers.CheckAsync(paths.Volumes, cancellationToken);
        foreach (var node in await nodes.AllAsync(cancellationToken))
        {
            if (cluster.Value.Nodes.Contains(node.BackupNodeId))
            {
                await markers.CheckAsync(nodes.DirectoryOf(node), cancellationToken);
            }
        }
    }

    private string? Reason(Exception failure)
        => database.Explain(failure) ?? (failure is IOException or UnauthorizedAccessException or BackupException ? failure.Message : null);
}
