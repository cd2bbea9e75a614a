using ImageBackup.Core.Buckets;
using ImageBackup.Core.Settings;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ImageBackup.Core.ObjectStorage;

/// <summary>Before anything is served: the embedded store's root, on a first start its default bucket, and nothing left of puts that a crash cut short.</summary>
internal sealed partial class EmbeddedStoreSetup(IOptions<CosOptions> options, DataPaths paths, ILogger<EmbeddedStoreSetup> logger) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        if (!string.IsNullOrWhiteSpace(options.Value.ServiceUrl))
        {
            return Task.CompletedTask;
        }

        var root = Directory.CreateDirectory(ObjectStores.EmbeddedRoot(options.Value, paths)).FullName;
        var buckets = Directory.GetDirectories(root);
        if (buckets.Length == 0)
        {
            Directory.CreateDirectory(Path.Combine(root, options.Value.DefaultBucket));
            LogCreated(logger, options.Value.DefaultBucket, root);
        }

        foreach (var uploads in buckets.Select(bucket => Path.Combine(bucket, BucketNames.Hidden, "uploads")).Where(Directory.Exists))
        {
            foreach (var leaving in Directory.EnumerateFiles(uploads, "put-*"))
            {
                File.Delete(leaving);
            }
        }

        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Information, Message = "Made the bucket {Bucket} in the embedded object store at {Root}")]
    private static partial void LogCreated(ILogger logger, string bucket, string root);
}
