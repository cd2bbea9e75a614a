using ImageBackup.Core.Catalog;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Settings;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;

namespace ImageBackup.Core.Startup;

/// <summary>Prepares the data directory before the service resumes work and answers requests.</summary>
internal sealed class DataStartup(
    DataPaths paths,
    DataDirectoryLock directoryLock,
    DatabaseSetup database,
    VolumeRemover volumes,
    ImageFileStore imageFiles,
    FirstStart firstStart) : IHostedLifecycleService
{
    /// <summary>SQLITE_NOTADB (https://sqlite.org/rescode.html).</summary>
    private const int NotADatabase = 26;

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
        directoryLock.Take();
        foreach (var directory in (string[])[paths.Volumes, paths.BackupNodes, paths.Keys])
        {
            Directory.CreateDirectory(directory);
        }

        await database.PrepareAsync(cancellationToken);
        await imageFiles.ForgetUploadsAsync(cancellationToken);
        await volumes.FinishAsync(cancellationToken);
        await firstStart.SeedAsync(cancellationToken);
    }

    private string? Reason(Exception failure) => failure switch
    {
        SqliteException { SqliteErrorCode: NotADatabase } => $"{paths.Database} is not a SQLite database. Move the file away, or restore a backup of it.",
        SqliteException => $"{paths.Database}: {failure.Message}",
        DbUpdateException { InnerException: SqliteException cause } => Reason(cause),
        IOException or UnauthorizedAccessException or BackupException => failure.Message,
        _ => null,
    };
}
